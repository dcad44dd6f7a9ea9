import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { readStatements } from '../../../lib/features/duckdb.ts';

const statementsOf = { ledger: 8, features: 4, purchases: 3, quality: 6, sales: 1 };
const files = ['ledger', 'features', 'purchases', 'quality', 'sales'] as const;

/** Functions with the same name, arguments and result in DuckDB, Trino and Spark. */
const functions = new Set(
  `ABS CAST COALESCE COUNT COUNT_IF FIRST_VALUE GREATEST LAG LEAST LN MAX MAX_BY MIN MOD NULLIF ROUND ROW_NUMBER
   SQRT SUM TRIM UPPER`.split(/\s+/),
);
/** Where an estimate is enough; Trino has it under another name. */
const estimates: Record<string, string[]> = { quality: ['APPROX_COUNT_DISTINCT'] };
const keywordsBeforeBrackets = new Set('AND AS BY FILTER FROM IN NOT ON OR OVER THEN WHEN WHERE'.split(' '));

interface Parser {
  validate(sql: string): { message: string; startLine: number }[];
}
let parsers: Record<'Trino' | 'Spark', Parser>;

beforeAll(() => {
  // The package's own files import folders, which Node does not; so they are bundled first.
  const { outputFiles } = buildSync({
    stdin: {
      contents: `export { TrinoSQL, SparkSQL } from 'dt-sql-parser';`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    logLevel: 'silent',
  });
  const loaded = { exports: {} as { TrinoSQL: new () => Parser; SparkSQL: new () => Parser } };
  new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '')(
    loaded,
    loaded.exports,
    createRequire(import.meta.url),
  );
  parsers = { Trino: new loaded.exports.TrinoSQL(), Spark: new loaded.exports.SparkSQL() };
});

describe.each(files)('%s.sql keeps to the common ground of DuckDB, Trino and Spark', (file) => {
  test.each(['Trino', 'Spark'] as const)('it parses under the grammar of %s', (engine) => {
    const statements = readStatements(file);
    expect(statements.length).toBe(statementsOf[file]);
    for (const statement of statements) expect(parsers[engine].validate(statement)).toEqual([]);
  });

  test('it calls nothing that one of them lacks or does otherwise', () => {
    const called = new Set(
      [...code(file).matchAll(/\b([A-Za-z_]\w*)\s*\(/g)].map((match) => match[1] as string),
    );
    const foreign = [...called]
      .filter((name) => !functions.has(name) && !keywordsBeforeBrackets.has(name))
      .filter((name) => !estimates[file]?.includes(name));
    // A name before a bracket is otherwise a common table expression: `name AS (`.
    expect(foreign).toEqual([]);
  });

  test('it has no QUALIFY, ::, //, ||, date arithmetic or LIMIT', () => {
    expect(code(file)).not.toMatch(
      /\bQUALIFY\b|::|\/\/|\|\||\bINTERVAL\b|\bTIMESTAMP\b|\bDATE\b|\bLIMIT\b|"/i,
    );
  });

  test('it divides doubles, since two integers divide differently', () => {
    const divided = [...code(file).matchAll(/^.*\s\/\s.*$/gm)].map(([line]) => line);
    const dividends = divided.filter((line) => !/AS DOUBLE\)[^/]*\s\/\s|^\s*\/ NULLIF/.test(line));
    expect(dividends).toEqual([]);
  });

  test('its sums are of integers, so that no order of adding moves them', () => {
    expect(code(file)).not.toMatch(/\b(AVG|STDDEV\w*|VAR\w*|CORR)\s*\(/i);
    const sums = [...code(file).matchAll(/SUM\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)/g)].map(
      (match) => match[1],
    );
    expect(
      sums.filter(
        (argument) =>
          /minutes|DOUBLE|quantity/.test(argument as string) && !/AS BIGINT/.test(argument as string),
      ),
    ).toEqual([]);
  });
});

describe('the parsers are worth asking', () => {
  test.each([
    ['Trino', 'SELECT a::BIGINT FROM t'],
    ['Spark', 'SELECT a::BIGINT FROM t'],
    ['Trino', 'SELECT a FROM t QUALIFY ROW_NUMBER() OVER (ORDER BY a) = 1'],
    ['Trino', 'SELECT a // 2 FROM t'],
    ['Spark', 'SELECT a FROM'],
  ] as const)('%s refuses %s', (engine, sql) => {
    expect(parsers[engine].validate(sql)).not.toEqual([]);
  });
});

const code = (file: string): string =>
  readFileSync(new URL(`../../../lib/features/sql/${file}.sql`, import.meta.url), 'utf8').replace(
    /--.*$/gm,
    '',
  );
