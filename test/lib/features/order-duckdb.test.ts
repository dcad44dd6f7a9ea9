import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDuckDb } from '../../../lib/features/duckdb.ts';
import { openTestDuckDb } from '../../support/orderTables.ts';

const { db, directory, close } = await openTestDuckDb();
afterAll(close);

test('files below the scratch directory are written and read', async () => {
  const file = join(directory, 'numbers.parquet');
  await db.run(`COPY (SELECT 42 AS n) TO '${file}' (FORMAT parquet)`);
  expect(await db.rows(`SELECT * FROM read_parquet('${file}')`)).toEqual([{ n: 42 }]);
});

test('nothing else on the machine is', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'valuecast-elsewhere-'));
  const elsewhere = join(outside, 'secret.csv');
  writeFileSync(elsewhere, 'a\n1\n');
  await expect(db.rows(`SELECT * FROM read_csv('${elsewhere}')`)).rejects.toThrow(
    /disabled by configuration/,
  );
  await expect(db.run(`COPY (SELECT 1) TO '${elsewhere}'`)).rejects.toThrow(/disabled by configuration/);
  await expect(db.run(`ATTACH '${elsewhere}.db'`)).rejects.toThrow(/disabled by configuration/);
  await expect(db.run('INSTALL httpfs')).rejects.toThrow();
  rmSync(outside, { recursive: true });
});

test('no statement changes a setting', async () => {
  await expect(db.run('SET enable_external_access = true')).rejects.toThrow();
  await expect(db.run("SET memory_limit = '100GB'")).rejects.toThrow(/locked/);
});

test('a connection beside it reaches as little, and works at the same time', async () => {
  const beside = await db.beside();
  await expect(beside.rows("SELECT * FROM read_csv('/etc/hostname')")).rejects.toThrow(
    /disabled by configuration/,
  );
  await expect(beside.run("SET memory_limit = '100GB'")).rejects.toThrow(/locked/);
  await Promise.all([
    db.run('CREATE OR REPLACE TEMP TABLE own AS SELECT 1 AS n'),
    beside.run('CREATE OR REPLACE TEMP TABLE own AS SELECT 2 AS n'),
  ]);
  expect([await db.rows('SELECT n FROM own'), await beside.rows('SELECT n FROM own')]).toEqual([
    [{ n: 1 }],
    [{ n: 2 }],
  ]);
});

test('it opens without a home', async () => {
  const home = process.env.HOME;
  delete process.env.HOME;
  try {
    const homeless = await openDuckDb({ scratchDirectory: directory, memoryLimitMb: 100, threads: 1 });
    expect(await homeless.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    homeless.close();
  } finally {
    if (home !== undefined) process.env.HOME = home;
  }
});

test('what does not fit in memory goes to the scratch directory', async () => {
  const small = await openDuckDb({ scratchDirectory: directory, memoryLimitMb: 40, threads: 1 });
  const [row] = await small.rows(
    'SELECT COUNT(*) AS n FROM (SELECT i, MD5(CAST(i AS VARCHAR)) AS h FROM range(1000000) AS r(i) ORDER BY h LIMIT 900000)',
  );
  expect(row?.n).toBe(900_000);
  small.close();
});

test('an integer that a double cannot hold is an error, not a rounded number', async () => {
  expect(await db.rows('SELECT CAST(9007199254740991 AS BIGINT) AS n')).toEqual([
    { n: 9_007_199_254_740_991 },
  ]);
  await expect(db.rows('SELECT CAST(9007199254740993 AS BIGINT) AS n')).rejects.toThrow('9007199254740993');
});

test('columns come in the order of the query', async () => {
  expect(await db.columns("SELECT * FROM (VALUES (1, 'a'), (2, NULL)) AS v(n, t) ORDER BY n")).toEqual({
    names: ['n', 't'],
    values: [
      [1, 2],
      ['a', null],
    ],
  });
});
