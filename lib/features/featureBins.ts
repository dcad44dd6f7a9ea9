import type { Rows } from './computeOrderFeatures.ts';
import { customerBucketSql } from './customerBucket.ts';
import { type DuckDb, sqlText } from './duckdb.ts';
import { type OrderFeature, orderFeatures } from './orderFeatures.ts';
import type { FeatureBins, QualityReport } from './qualityReport.ts';
import { inBinsOf, numberBins, textBins, type ValueCounts } from './quantileBins.ts';

export interface BinnedFeatures {
  features: QualityReport['features'];
  /** Per reference, its bins beside the same bins filled by this run, for the features that both have. */
  compared: { earlier: FeatureBins; later: FeatureBins }[][];
}

/** Customers from which bins are made, at most: chance then moves a PSI by two thousandths. */
const sampleSize = 10_000;

/** Bins of every feature as of the newest cutoff of `rows`, and the same customers in the bins of each of `references`. */
export async function binFeatures(
  db: DuckDb,
  rows: Rows,
  references: readonly (readonly FeatureBins[])[],
): Promise<BinnedFeatures> {
  const { customers, sampled } = await takeSample(db, rows);
  const bins: FeatureBins[] = [];
  const compared: BinnedFeatures['compared'] = references.map(() => []);
  for (const features of inQueries(orderFeatures)) {
    const columns = await valueCounts(db, features);
    for (const [index, column] of columns.entries()) {
      const { name, type } = features[index] as OrderFeature;
      bins.push(
        type === 'number'
          ? numberBins(name, column as ValueCounts<number>)
          : textBins(name, column as ValueCounts<string>),
      );
      for (const [index, reference] of references.entries()) {
        const earlier = reference.find((found) => found.name === name);
        const later = earlier && inBinsOf(earlier, column);
        if (earlier && later) compared[index]?.push({ earlier, later });
      }
    }
  }
  await db.run('DROP TABLE feature_sample');
  return { features: { customers, sampled, bins }, compared };
}

async function takeSample(db: DuckDb, rows: Rows): Promise<{ customers: number; sampled: number }> {
  const source = from(rows);
  const newest = `last_day = (SELECT MAX(last_day) FROM ${source})`;
  const customers = await count(db, `${source} WHERE ${newest}`);
  // Powers of two, so that the sample of a larger shop is part of that of a smaller one.
  const parts = 2 ** Math.max(0, Math.ceil(Math.log2(customers / sampleSize)));
  const columns = orderFeatures.map(({ name }) => name).join(', ');
  await db.run(`CREATE OR REPLACE TABLE feature_sample AS SELECT ${columns} FROM ${source}
    WHERE ${newest} AND ${customerBucketSql('customer_id', parts)} = 0`);
  return { customers, sampled: await count(db, 'feature_sample') };
}

/** As many as hold little memory at a time, where one by one would ask too often; of one type each. */
const featuresPerQuery = 16;

function inQueries(features: readonly OrderFeature[]): OrderFeature[][] {
  const queries: OrderFeature[][] = [];
  for (const feature of features) {
    const last = queries.at(-1);
    if (last && last.length < featuresPerQuery && last[0]?.type === feature.type) last.push(feature);
    else queries.push([feature]);
  }
  return queries;
}

async function valueCounts(
  db: DuckDb,
  features: readonly OrderFeature[],
): Promise<(ValueCounts<number> | ValueCounts<string>)[]> {
  const parts = features.map(({ name, type }, index) => {
    // Beyond nine decimals, what is computed in floating point may differ from machine to machine.
    const value = type === 'number' ? `ROUND(${name}, 9)` : name;
    return `SELECT ${index} AS feature, ${value} AS value, CAST(COUNT(*) AS INTEGER) AS customers FROM feature_sample GROUP BY ${value}`;
  });
  const { values } = await db.columns(
    `SELECT feature, value, customers FROM (${parts.join(' UNION ALL ')}) AS counted ORDER BY feature, value`,
  );
  const [feature = [], value = [], customers = []] = values;
  const columns = features.map(() => ({
    values: [] as (number | string)[],
    counts: [] as number[],
    missing: 0,
  }));
  for (const [row, index] of feature.entries()) {
    const column = columns[Number(index)];
    const [found, held] = [value[row], Number(customers[row])];
    if (column === undefined) continue;
    if (typeof found === 'number' || typeof found === 'string') {
      column.values.push(found);
      column.counts.push(held);
    } else column.missing += held;
  }
  return columns as (ValueCounts<number> | ValueCounts<string>)[];
}

const count = async (db: DuckDb, source: string): Promise<number> =>
  Number((await db.rows(`SELECT COUNT(*) AS customers FROM ${source}`))[0]?.customers);

const from = (rows: Rows): string =>
  'table' in rows ? rows.table : `read_parquet([${rows.parquet.map(sqlText).join(', ')}])`;
