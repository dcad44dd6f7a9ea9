import type { OrderBucket } from '../../features/computeOrderFeatures.ts';
import { stagedBuckets } from '../../features/customerBucket.ts';
import { type DuckDb, sqlText } from '../../features/duckdb.ts';
import type { StagedInput } from './stageInput.ts';

type StagedRows = Pick<StagedInput, 'kind' | 'parquetPath'>;

/** Makes a view of each group's rows, over all staged files; their order in the list is their number. */
export async function viewsOfGroups(
  db: DuckDb,
  staged: StagedRows[],
  groups: number,
): Promise<OrderBucket[]> {
  const made: OrderBucket[] = [];
  for (let group = 0; group < groups; group++) {
    const buckets = bucketsOf(group, groups);
    const orders = await view(db, `orders_${group}`, {
      files: staged.filter(({ kind }) => kind === 'orders'),
      buckets,
    });
    const events = await view(db, `events_${group}`, {
      files: staged.filter(({ kind }) => kind === 'events'),
      buckets,
    });
    if (orders !== null)
      made.push({ orders: { table: orders }, events: events === null ? null : { table: events } });
  }
  return made;
}

/** The buckets that `groupOf` puts into the group, as a range, which Parquet files are skipped through by. */
function bucketsOf(group: number, groups: number): string {
  const first = Math.ceil((group * stagedBuckets) / groups);
  const last = Math.ceil(((group + 1) * stagedBuckets) / groups) - 1;
  return `bucket BETWEEN ${first} AND ${last}`;
}

async function view(
  db: DuckDb,
  name: string,
  { files, buckets }: { files: StagedRows[]; buckets: string },
): Promise<string | null> {
  if (files.length === 0) return null;
  const parts = files.map(
    ({ parquetPath }, file) =>
      `SELECT *, ${file} AS source_file FROM read_parquet(${sqlText(parquetPath)}) WHERE ${buckets}`,
  );
  await db.run(`CREATE OR REPLACE VIEW ${name} AS ${parts.join(' UNION ALL ')}`);
  return name;
}
