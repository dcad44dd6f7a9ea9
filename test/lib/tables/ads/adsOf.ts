import type { AdPerformanceRow } from '../../../../lib/tables/ads/adRows.ts';
import { type AdFileReading, type AdOptions, readAds } from '../../../../lib/tables/ads/readAds.ts';
import { upload } from '../uploads.ts';

export interface AdsReading extends AdFileReading {
  performance: AdPerformanceRow[];
}

/** What `readAds` makes of a text or of bytes, with its rows in a list. */
export async function adsOf(
  content: string | Uint8Array,
  options: Partial<AdOptions> = {},
): Promise<AdsReading> {
  const source = upload(content, { key: 'ads/ads.csv' });
  const reading = await readAds(source, { currency: 'USD', timeZone: 'UTC', ...options });
  return { ...reading, performance: [...reading.performance] };
}

/** By code the count of each note; null where a note has none. */
export const notesOf = ({ report }: AdsReading): Record<string, number | null> =>
  Object.fromEntries(report.notes.map(({ code, count }) => [code, count ?? null]));

const quoted = (cell: string, delimiter: string): string =>
  cell.includes(delimiter) || cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : cell;

/** A CSV: title lines as they stand, a header, rows by the header's names, and footer lines as they stand. */
export function exportOf(
  header: readonly string[],
  rows: readonly Record<string, string>[],
  {
    above = [],
    below = [],
    delimiter = ',',
  }: { above?: string[]; below?: string[]; delimiter?: string } = {},
): string {
  const line = (cells: readonly string[]) => cells.map((cell) => quoted(cell, delimiter)).join(delimiter);
  return [
    ...above,
    line(header),
    ...rows.map((row) => line(header.map((name) => row[name] ?? ''))),
    ...below,
    '',
  ].join('\n');
}
