import type { OrderBucket } from '../../features/computeOrderFeatures.ts';
import { isSampledSql, stagedBuckets } from '../../features/customerBucket.ts';
import { type DuckDb, sqlText } from '../../features/duckdb.ts';
import type { StagedInput } from './stageInput.ts';

type StagedRows = Pick<StagedInput, 'kind' | 'parquetPath'>;

/**
 * Makes a view of each group's rows, over all staged files; their order in the list is their number. With a share, of a sample of the
 * customers, under names of their own.
 */
export async function viewsOfGroups(
  db: DuckDb,
  staged: StagedRows[],
  { groups, share }: { groups: number; share?: number },
): Promise<OrderBucket[]> {
  const prefix = share === undefined ? '' : 'sampled_';
  const made: OrderBucket[] = [];
  for (let group = 0; group < groups; group++) {
    const rows = [
      bucketsOf(group, groups),
      ...(share === undefined ? [] : [isSampledSql('customer_id', share)]),
    ];
    const where = rows.join(' AND ');
    const orders = await view(db, `${prefix}orders_${group}`, {
      files: staged.filter(({ kind }) => kind === 'orders'),
      where,
    });
    const events = await view(db, `${prefix}events_${group}`, {
      files: staged.filter(({ kind }) => kind === 'events'),
      where,
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
  { files, where }: { files: StagedRows[]; where: string },
): Promise<string | null> {
  if (files.length === 0) return null;
  const parts = files.map(
    ({ parquetPath }, file) =>
      `SELECT *, ${file} AS source_file FROM read_parquet(${sqlText(parquetPath)}) WHERE ${where}`,
  );
  await db.run(`CREATE OR REPLACE VIEW ${name} AS ${parts.join(' UNION ALL ')}`);
  return name;
}
