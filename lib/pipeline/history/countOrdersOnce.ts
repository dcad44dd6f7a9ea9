import type { DuckDb } from '../../features/duckdb.ts';
import { leaveOutOrders } from '../../features/joinItems.ts';
import { hasItemReport, isItemReport } from '../../tables/orders/profiles.ts';
import type { StagedInput } from './stageInput.ts';

type StagedRows = Pick<StagedInput, 'layout' | 'name' | 'parquetPath'>;

/** Every order counts in one file: the last item report that has it, else where it is told. */
export async function countOrdersOnce<Staged extends StagedRows>(
  db: DuckDb,
  staged: readonly Staged[],
  directory: string,
): Promise<Staged[]> {
  const once: Staged[] = [];
  for (const [index, one] of staged.entries()) {
    const inOthers = goingBefore(staged, index).map(({ parquetPath }) => parquetPath);
    const path = `${directory}/once-${one.name}.parquet`;
    if (inOthers.length > 0) await leaveOutOrders(db, { from: one.parquetPath, inOthers, path });
    once.push(inOthers.length > 0 ? { ...one, parquetPath: path } : one);
  }
  return once;
}

/** The item reports whose orders count there and not in the file at this place. */
function goingBefore(staged: readonly StagedRows[], place: number): StagedRows[] {
  const layout = staged[place]?.layout ?? null;
  const itemReports = staged.filter((one) => isItemReport(one.layout));
  if (hasItemReport(layout)) return itemReports;
  return isItemReport(layout) ? itemReports.filter((one) => staged.indexOf(one) > place) : [];
}
