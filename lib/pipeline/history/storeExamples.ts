import { type Cutoff, computeOrderFeatures } from '../../features/computeOrderFeatures.ts';
import { type DuckDb, sqlText } from '../../features/duckdb.ts';
import { nonProducts as usualNonProducts } from '../../features/nonProducts.ts';
import { orderFeatures } from '../../features/orderFeatures.ts';
import { type TrainingCutoffs, trainingCutoffs } from '../../features/trainingCutoffs.ts';
import { storeFile } from '../../store/files.ts';
import type { Examples } from '../results.ts';
import { type Run, runObjectKey } from '../run.ts';
import { groupsFor } from './groups.ts';
import { viewsOfGroups } from './groupViews.ts';
import { isoDay } from './span.ts';
import type { StagedInput } from './stageInput.ts';

/** Customers times cutoffs; with more, a sample of the customers stands for all. */
const maxExamples = 200_000;

export interface ExampleSource {
  db: DuckDb;
  staged: StagedInput[];
  /** Order lines and events together. */
  lines: number;
  customers: number;
  /** Of the first purchase. */
  firstDay: number;
  lastDay: number;
  newestAt: number;
  directory: string;
}

/**
 * Stores what a purchase model of this history is fitted to and tested on: customers as they were at several cutoffs, and whether they
 * then bought. Null, with a note, where the history is too short for that.
 */
export async function storeExamples(run: Run, source: ExampleSource): Promise<Examples | null> {
  const { horizonDays } = run.settings;
  const { firstDay, lastDay, customers } = source;
  const cutoffs = trainingCutoffs({ firstDay, lastDay, horizonDays });
  if (cutoffs === null) {
    const message = `${lastDay - firstDay} days of orders are too few to test on who buys within ${horizonDays} days; ${3 * horizonDays} are needed`;
    run.amend({ notes: [{ code: 'tooShortForPurchaseModel', message }] });
    return null;
  }
  const shareOfCustomers = Math.min(1, maxExamples / (customers * (cutoffs.fitted.length + 1)));
  await computeExamples(run, { ...source, cutoffs, shareOfCustomers });
  const examples = { ...(await storeTable(run, source)), shareOfCustomers, horizonDays };
  run.amend({ metrics: { examples } });
  return examples;
}

/** Into the table `examples`, numbers as FLOAT: a model needs no more digits, and what differs beyond them does not matter then. */
async function computeExamples(
  { settings }: Run,
  {
    db,
    staged,
    lines,
    cutoffs,
    shareOfCustomers: share,
    newestAt,
  }: ExampleSource & { cutoffs: TrainingCutoffs; shareOfCustomers: number },
): Promise<void> {
  const horizons: Cutoff[] = [...cutoffs.fitted, cutoffs.test].map((lastDay) => ({
    lastDay,
    horizonDays: settings.horizonDays,
  }));
  const groups = groupsFor(lines * share * horizons.length);
  const columns = orderFeatures.map(({ name, type }) =>
    type === 'text' ? name : `CAST(${name} AS FLOAT) AS ${name}`,
  );
  const select = `SELECT customer_id, last_day, ${columns.join(', ')}, CAST(label_bought AS INTEGER) AS label_bought FROM customer_features`;
  await computeOrderFeatures(db, {
    buckets: await viewsOfGroups(db, staged, { groups, share }),
    cutoffs: horizons,
    newestAt,
    nonProducts: settings.orders.nonProducts ?? usualNonProducts,
    onBucket: (group) =>
      db.run(
        group === 0 ? `CREATE OR REPLACE TABLE examples AS ${select}` : `INSERT INTO examples ${select}`,
      ),
  });
}

async function storeTable(
  { plan, platform }: Run,
  { db, directory }: ExampleSource,
): Promise<Pick<Examples, 'key' | 'sizeBytes' | 'rows' | 'cutoffs'>> {
  const counted = await db.rows(
    'SELECT last_day, COUNT(*) AS row_count, SUM(label_bought) AS positives FROM examples GROUP BY last_day ORDER BY last_day',
  );
  const cutoffs = counted.map(({ last_day, row_count, positives }) => ({
    lastDay: isoDay(Number(last_day)),
    rows: Number(row_count),
    positives: Number(positives),
  }));
  const path = `${directory}/examples.parquet`;
  await db.run(
    `COPY (SELECT * FROM examples ORDER BY last_day, customer_id) TO ${sqlText(path)} (FORMAT parquet)`,
  );
  const key = runObjectKey(plan, 'examples.parquet');
  const { objects, resultsBucket: bucket } = platform;
  const contentType = 'application/vnd.apache.parquet';
  const { sizeBytes } = await storeFile(objects, { bucket, key, path, contentType });
  return { key, sizeBytes, rows: cutoffs.reduce((sum, { rows }) => sum + rows, 0), cutoffs };
}
