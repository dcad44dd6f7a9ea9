import type { RejectedRow, TableReport } from '../tables/types.ts';
import type { QualityReport, ReasonCount } from './qualityReport.ts';

/** How a file was read, and why rows of it were not. */
export interface FileReadings {
  report: TableReport;
  reasons: readonly ReasonCount[];
}

const listedReasons = 20;

/** Rows by the column at fault and the reason, the most frequent first. */
export function countReasons(rejected: readonly RejectedRow[]): ReasonCount[] {
  const counts = new Map<string, ReasonCount>();
  const encoder = new TextEncoder();
  for (const { column, reason, raw } of rejected) {
    const key = JSON.stringify([column, reason]);
    const { rows, bytes } = counts.get(key) ?? { rows: 0, bytes: 0 };
    counts.set(key, { column, reason, rows: rows + 1, bytes: bytes + encoder.encode(raw).length });
  }
  return [...counts]
    .sort(([a, { rows: aRows }], [b, { rows: bRows }]) => bRows - aRows || (a < b ? -1 : 1))
    .slice(0, listedReasons)
    .map(([, counted]) => counted);
}

export function fileQuality(files: readonly FileReadings[]): Pick<QualityReport, 'files' | 'rows'> {
  const listed = files
    .map(({ report: { key, bytes, rowsIn, rowsOk, rowsQuarantined }, reasons }) => ({
      ...{ key, bytes, rowsIn, rowsOk, rowsQuarantined },
      reasons: [...reasons],
      otherRows: rowsQuarantined - reasons.reduce((sum, { rows }) => sum + rows, 0),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const total = (count: 'bytes' | 'rowsIn' | 'rowsOk' | 'rowsQuarantined') =>
    listed.reduce((sum, file) => sum + file[count], 0);
  const rows = {
    bytes: total('bytes'),
    rowsIn: total('rowsIn'),
    rowsOk: total('rowsOk'),
    rowsQuarantined: total('rowsQuarantined'),
  };
  return { files: listed, rows };
}
