import type { DuckDb, SqlRow } from './duckdb.ts';
import type { ColumnQuality, Quantiles } from './qualityReport.ts';
import { weightedQuantiles } from './quantileBins.ts';

/** Every canonical column in its order, from the tables that `sql/quality.sql` makes; `totals` is the row of the first. */
export async function columnQuality(db: DuckDb, totals: SqlRow): Promise<ColumnQuality[]> {
  const lines = Number(totals.line_count);
  const mixes = await db.rows('SELECT name, distinct_values, present FROM quality_mix WHERE place = 1');
  const identifying = async (name: string) => identifyingColumn(db, { name, totals });
  const sorting = (name: string) =>
    sortingColumn(name, { lines, mix: mixes.find((mix) => mix.name === name) });
  const measuring = async (name: string, type: 'BIGINT' | 'DOUBLE') =>
    measuringColumn(db, { name, type, lines });
  return [
    await identifying('customer_id'),
    await identifying('order_id'),
    {
      ...(await identifying('ordered_at')),
      type: 'BIGINT',
      min: totals.ordered_at_min as number | null,
      max: totals.ordered_at_max as number | null,
    },
    await calendarColumn(db, { name: 'ordered_day', type: 'INTEGER', table: 'quality_days', lines }),
    await calendarColumn(db, { name: 'ordered_hour', type: 'SMALLINT', table: 'quality_hours', lines }),
    await identifying('product'),
    sorting('category'),
    await measuring('quantity', 'DOUBLE'),
    await measuring('amount', 'BIGINT'),
    await measuring('discount', 'BIGINT'),
    sorting('currency'),
    sorting('country'),
    sorting('channel'),
    sorting('status'),
  ];
}

/** Values up to which they are told apart, at some 50 bytes each; of more than that the estimate stands. */
const toldApart: Record<string, number> = { customer_id: 2_000_000, order_id: 2_000_000 };
const othersToldApart = 100_000;

async function identifyingColumn(
  db: DuckDb,
  { name, totals }: { name: string; totals: SqlRow },
): Promise<ColumnQuality> {
  const estimate = Number(totals[`${name}_distinct`]);
  const missing = Number(totals.line_count) - Number(totals[`${name}_present`]);
  if (estimate > (toldApart[name] ?? othersToldApart))
    return column(name, { missing, distinct: { count: estimate, exact: false } });
  const [counted] = await db.rows(
    `SELECT COUNT(*) AS distinct_values
     FROM (SELECT ${name} FROM quality_lines WHERE ${name} IS NOT NULL GROUP BY ${name}) AS different`,
  );
  return column(name, { missing, distinct: { count: Number(counted?.distinct_values), exact: true } });
}

function sortingColumn(
  name: string,
  { lines, mix }: { lines: number; mix: SqlRow | undefined },
): ColumnQuality {
  const missing = lines - Number(mix?.present ?? 0);
  return column(name, { missing, distinct: { count: Number(mix?.distinct_values ?? 0), exact: true } });
}

async function calendarColumn(
  db: DuckDb,
  { name, type, table, lines }: { name: string; type: 'INTEGER' | 'SMALLINT'; table: string; lines: number },
): Promise<ColumnQuality> {
  const { values } = await db.columns(
    `SELECT ${name}, line_count FROM ${table} WHERE ${name} IS NOT NULL ORDER BY ${name}`,
  );
  const [found = [], counts = []] = values as number[][];
  return {
    ...column(name, { missing: lines - total(counts), distinct: { count: found.length, exact: true } }),
    type,
    min: found[0] ?? null,
    max: found.at(-1) ?? null,
    quantiles: quantilesOf(found, counts),
  };
}

async function measuringColumn(
  db: DuckDb,
  { name, type, lines }: { name: string; type: 'BIGINT' | 'DOUBLE'; lines: number },
): Promise<ColumnQuality> {
  const { values } = await db.columns(
    `SELECT line_count, distinct_values, min_value, max_value
     FROM quality_measures WHERE name = '${name}' ORDER BY min_value`,
  );
  const [counts = [], distinct = [], least = [], most = []] = values as number[][];
  const unit = name === 'quantity' ? 1000 : 1;
  const inUnits = (value: number | undefined) => (value === undefined ? null : value / unit);
  return {
    ...column(name, { missing: lines - total(counts), distinct: { count: total(distinct), exact: true } }),
    type,
    min: inUnits(least[0]),
    max: inUnits(most.at(-1)),
    quantiles: quantilesOf(
      least.map((value) => value / unit),
      counts,
    ),
  };
}

const column = (
  name: string,
  { missing, distinct }: Pick<ColumnQuality, 'missing' | 'distinct'>,
): ColumnQuality => ({
  name,
  type: 'VARCHAR',
  missing,
  distinct,
  min: null,
  max: null,
  quantiles: null,
});

const named = { p01: 0.01, p05: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95, p99: 0.99 };

function quantilesOf(values: readonly number[], counts: readonly number[]): Quantiles | null {
  if (values.length === 0) return null;
  const found = weightedQuantiles({ values, counts }, Object.values(named));
  const [p01 = 0, p05 = 0, p25 = 0, p50 = 0, p75 = 0, p95 = 0, p99 = 0] = found;
  return { p01, p05, p25, p50, p75, p95, p99 };
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
