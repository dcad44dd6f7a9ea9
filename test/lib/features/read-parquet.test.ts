import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DuckDb, openDuckDb, sqlText } from '../../../lib/features/duckdb.ts';
import { readParquet } from '../../../lib/features/readParquet.ts';

let directory: string;
let db: DuckDb;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'valuecast-parquet-'));
  db = await openDuckDb({ scratchDirectory: directory, memoryLimitMb: 500, threads: 2 });
});
afterAll(async () => {
  db.close();
  await rm(directory, { recursive: true, force: true });
});

const written = async (select: string): Promise<Uint8Array> => {
  const path = join(directory, 'table.parquet');
  await db.run(`COPY (${select}) TO ${sqlText(path)} (FORMAT parquet)`);
  return readFile(path);
};

test('what DuckDB writes is read without it: every value, its type, and where there is none, over several row groups', async () => {
  const select = `SELECT '客' || i AS id, CAST(i % 7 AS INTEGER) AS day, CASE WHEN i % 3 > 0 THEN i / 3 END AS wide,
    CAST(CASE WHEN i % 5 > 0 THEN i / 7 END AS FLOAT) AS narrow, CASE WHEN i % 2 = 0 THEN 'web' END AS channel
    FROM range(130000) AS numbers(i) ORDER BY i`;
  const { rows, columns } = await readParquet(await written(select));
  const { names, values } = await db.columns(select);
  expect(rows).toBe(130_000);
  expect([...columns.keys()]).toEqual(names);
  for (const [at, name] of names.entries()) expect(columns.get(name)).toEqual(values[at]);
});

test('a table without rows has columns all the same', async () => {
  const { rows, columns } = await readParquet(
    await written('SELECT 1 AS one, NULL::DOUBLE AS none WHERE FALSE'),
  );
  expect([rows, [...columns]]).toEqual([
    0,
    [
      ['one', []],
      ['none', []],
    ],
  ]);
});
