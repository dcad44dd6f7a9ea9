import { type RowTaker, readRows } from '../../../lib/tables/readRows.ts';
import type { GateRow } from '../../../lib/tables/recordReader.ts';
import type { RejectedRow, TableReport, TableSource } from '../../../lib/tables/types.ts';

/** What the gate lets through of a file, cell by cell. */
export async function rawRows(source: TableSource): Promise<{
  header: string[];
  rows: GateRow[];
  cells: string[][];
  rejected: RejectedRow[];
  report: TableReport;
}> {
  const { taker, rejected, report } = await readRows(source, ({ header }) => {
    const rows: GateRow[] = [];
    const taken: RowTaker & { rows: GateRow[]; header: string[] } = {
      header,
      rows,
      readAs: [],
      take: (row) => {
        rows.push(row);
        return null;
      },
      notes: () => [],
    };
    return taken;
  });
  return {
    header: taker.header,
    rows: taker.rows,
    cells: taker.rows.map(({ cells }) => cells),
    rejected,
    report,
  };
}
