import { type DuckDb, openDuckDb, sqlText } from '../../features/duckdb.ts';
import { fetchToFile, storeFile, withScratchDirectory } from '../../store/files.ts';
import type { ObjectName } from '../../store/objects.ts';
import type { Platform } from '../platform.ts';

/** Beside DuckDB's own memory. */
const otherMemoryMb = 700;

/** Takes the erased out of a file of ours with customers in it. Throws `ObjectChanged` where it is no longer that of `ifMatch`. */
export async function eraseParquet(
  { objects, scratchDirectory, memoryMb }: Platform,
  name: ObjectName & { ifMatch: string },
  isErased: (customerId: string) => boolean,
): Promise<void> {
  await withScratchDirectory(scratchDirectory, async (directory) => {
    const [from, to] = [`${directory}/from.parquet`, `${directory}/to.parquet`];
    if (!(await fetchToFile(objects, name, from))) return;
    const memoryLimitMb = Math.max(256, memoryMb - otherMemoryMb);
    const db = await openDuckDb({ scratchDirectory: directory, memoryLimitMb, threads: 2 });
    try {
      if (await copyWithout(db, { from, to, isErased }))
        await storeFile(objects, { ...name, path: to, contentType: 'application/vnd.apache.parquet' });
    } finally {
      db.close();
    }
  });
}

/** In the order in which rows stood; answers whether there was anybody to leave out. */
async function copyWithout(
  db: DuckDb,
  { from, to, isErased }: { from: string; to: string; isErased: (customerId: string) => boolean },
): Promise<boolean> {
  const rows = `read_parquet(${sqlText(from)}, file_row_number = true)`;
  const { values } = await db.columns(`SELECT DISTINCT customer_id FROM ${rows}`);
  const erased = (values[0] ?? []).filter((id) => id !== null && isErased(String(id)));
  if (erased.length === 0) return false;
  const ids = erased.map((id) => sqlText(String(id))).join(', ');
  await db.run(
    `COPY (SELECT * EXCLUDE (file_row_number) FROM ${rows} WHERE customer_id IS NULL OR customer_id NOT IN (${ids})
      ORDER BY file_row_number) TO ${sqlText(to)} (FORMAT parquet)`,
  );
  return true;
}
