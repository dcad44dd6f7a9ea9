import { type Cutoff, computeOrderFeatures } from '../../features/computeOrderFeatures.ts';
import { type DuckDb, sqlText } from '../../features/duckdb.ts';
import { nonProducts as usualNonProducts } from '../../features/nonProducts.ts';
import { orderFeatures } from '../../features/orderFeatures.ts';
import { trainingCutoffs } from '../../features/trainingCutoffs.ts';
import { storeFile } from '../../store/files.ts';
import { dayOf, isoDay } from '../../tables/cells/calendar.ts';
import type { Examples, PurchaseDrift } from '../results.ts';
import { type Run, runObjectKey } from '../run.ts';
import { groupsFor } from './groups.ts';
import { viewsOfGroups } from './groupViews.ts';
import { measureDrift, realisedDay } from './realisedPredictions.ts';
import type { StagedInput } from './stageInput.ts';

/** Customers times cutoffs; with more, a sample of the customers stands for all. */
const maxExamples = 200_000;

export interface ExampleSource {
  db: DuckDb;
  besides: readonly DuckDb[];
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

export interface StoredExamples {
  examples: Examples | null;
  purchaseDrift: PurchaseDrift | null;
}

/**
 * Stores what a purchase model of this history is fitted to and tested on: customers as they were at several cutoffs, and whether they
 * then bought. In the same pass, compares what was once said of customers with what they did. Null, with a note, where the history is
 * too short for that.
 */
export async function storeExamples(run: Run, source: ExampleSource): Promise<StoredExamples> {
  const { horizonDays } = run.settings;
  const { firstDay, lastDay, customers } = source;
  const cutoffs = trainingCutoffs({ firstDay, lastDay, horizonDays });
  if (cutoffs === null) {
    const message = `${lastDay - firstDay} days of orders are too few to test on who buys within ${horizonDays} days; ${3 * horizonDays} are needed`;
    run.amend({ notes: [{ code: 'tooShortForPurchaseModel', message }] });
    return { examples: null, purchaseDrift: null };
  }
  const shareOfCustomers = Math.min(1, maxExamples / (customers * (cutoffs.fitted.length + 1)));
  const days = [...cutoffs.fitted, cutoffs.test];
  const forTraining: Cutoff[] = days.map((day) => ({ lastDay: day, horizonDays }));
  const realised = await realisedDay(run, { lastDay, cutoffs: forTraining });
  const realisedCutoff = realised && {
    lastDay: dayOf(realised.lastDay),
    horizonDays: realised.horizonDays,
  };
  const isExtra = realisedCutoff !== null && !days.includes(realisedCutoff.lastDay);
  const allCutoffs = isExtra ? [...forTraining, realisedCutoff] : forTraining;
  await computeExamples(run, { ...source, cutoffs: allCutoffs, shareOfCustomers });
  const examples = { ...(await storeTable(run, { ...source, days })), shareOfCustomers, horizonDays };
  run.amend({ metrics: { examples } });
  return { examples, purchaseDrift: realised && (await measureDrift(run, source.db, realised)) };
}

/** Into the table `examples`, numbers as FLOAT: a model needs no more digits, and what differs beyond them does not matter then. */
async function computeExamples(
  { settings }: Run,
  {
    db,
    besides,
    staged,
    lines,
    cutoffs,
    shareOfCustomers: share,
    newestAt,
  }: ExampleSource & { cutoffs: readonly Cutoff[]; shareOfCustomers: number },
): Promise<void> {
  const groups = groupsFor(lines * share * cutoffs.length);
  const columns = orderFeatures.map(({ name, type }) =>
    type === 'text' ? name : `CAST(${name} AS FLOAT) AS ${name}`,
  );
  const select = `SELECT customer_id, last_day, ${columns.join(', ')}, CAST(label_bought AS INTEGER) AS label_bought FROM customer_features`;
  let created: Promise<void> | null = null;
  await computeOrderFeatures(db, {
    besides,
    buckets: await viewsOfGroups(db, staged, { groups, share }),
    cutoffs,
    newestAt,
    nonProducts: settings.orders.nonProducts ?? usualNonProducts,
    onBucket: async (_, connection) => {
      if (created === null) {
        created = connection.run(`CREATE OR REPLACE TABLE examples AS ${select}`);
        return created;
      }
      await created;
      await connection.run(`INSERT INTO examples ${select}`);
    },
  });
}

async function storeTable(
  { plan, platform }: Run,
  { db, directory, days }: ExampleSource & { days: readonly number[] },
): Promise<Pick<Examples, 'key' | 'sizeBytes' | 'rows' | 'cutoffs'>> {
  const rows = `FROM examples WHERE last_day IN (${days.join(', ')})`;
  const counted = await db.rows(
    `SELECT last_day, COUNT(*) AS row_count, SUM(label_bought) AS positives ${rows} GROUP BY last_day ORDER BY last_day`,
  );
  const cutoffs = counted.map(({ last_day, row_count, positives }) => ({
    lastDay: isoDay(Number(last_day)),
    rows: Number(row_count),
    positives: Number(positives),
  }));
  const path = `${directory}/examples.parquet`;
  await db.run(`COPY (SELECT * ${rows} ORDER BY last_day, customer_id) TO ${sqlText(path)} (FORMAT parquet)`);
  const key = runObjectKey(plan, 'examples.parquet');
  const { objects, resultsBucket: bucket } = platform;
  const contentType = 'application/vnd.apache.parquet';
  const { sizeBytes } = await storeFile(objects, { bucket, key, path, contentType });
  return { key, sizeBytes, rows: cutoffs.reduce((sum, cutoff) => sum + cutoff.rows, 0), cutoffs };
}
