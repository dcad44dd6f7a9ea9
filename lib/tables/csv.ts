import { stringify } from 'csv-stringify/sync';
import { neutralise } from './spreadsheetText.ts';
import type { RejectedRow } from './types.ts';

export type Cell = string | number | boolean | null;

/**
 * A CSV as RFC 4180 quotes it, header first, lines ended by LF. Text that a spreadsheet would run as a formula is made
 * harmless; numbers stay as they are. `bom` is for Excel, which takes a file without it for the system's code page.
 */
export function writeCsv(
  header: readonly string[],
  rows: Iterable<readonly Cell[]>,
  { delimiter = ',', bom = false }: { delimiter?: string; bom?: boolean } = {},
): string {
  const csv = stringifyRows([header], { delimiter }) + stringifyRows(rows, { delimiter });
  return bom ? `\uFEFF${csv}` : csv;
}

/** The rows of such a CSV alone, for one that is written part by part. */
export const writeCsvRows = (rows: Iterable<readonly Cell[]>): string =>
  stringifyRows(rows, { delimiter: ',' });

/** Rows that were set aside, in file order, each with its place, its reason and its text as it was. */
export const rejectsCsv = (rejected: readonly RejectedRow[]): string =>
  writeCsv(
    ['line', 'column', 'reason', 'raw'],
    rejected.map(({ line, column, reason, raw }) => [line, column, reason, raw]),
    { bom: true },
  );

function stringifyRows(rows: Iterable<readonly Cell[]>, { delimiter }: { delimiter: string }): string {
  const lines = Array.from(rows, (row) => row.map(asText));
  return stringify(lines, {
    delimiter,
    record_delimiter: '\n',
    quoted_match: /[\r\n]/,
    // An empty line is no row, so an empty cell that is alone in its line needs its quotes.
    quoted_empty: lines[0]?.length === 1,
  });
}

function asText(cell: Cell): string {
  if (typeof cell === 'string') return neutralise(cell);
  return cell === null ? '' : String(cell);
}
