import type { LedgerRule } from '../../features/computeOrderFeatures.ts';
import { type Exceeded, judgeShift } from '../../features/drift.ts';
import type { DuckDb } from '../../features/duckdb.ts';
import { orderQuality } from '../../features/orderQuality.ts';
import { type QualityReport, qualityReportSchema } from '../../features/qualityReport.ts';
import { putObject, readText } from '../../store/objects.ts';
import { writeList } from '../../store/pages.ts';
import { RunHeld } from '../rejection.ts';
import type { Run } from '../run.ts';
import type { StagedInput } from './stageInput.ts';

export interface Learned {
  db: DuckDb;
  besides: readonly DuckDb[];
  /** How many groups of customers there are views of. */
  groups: number;
  staged: readonly StagedInput[];
  ledger: readonly LedgerRule[];
  /** Parquet files on this machine's disk, with all customers' features. */
  featurePaths: readonly string[];
  /** Epoch seconds. */
  newestAt: number;
}

/** Below so many lines every new file moves everything, which tells nothing. */
const comparableLines = 1000;

/**
 * Stores the run's quality report, and holds the run back where it moved too far from what is published: then what was published
 * stays, until another run looks like this one or the settings accept it.
 */
export async function reportQuality(run: Run, learned: Learned): Promise<void> {
  const published = await readReport(run, await comparedRunId(run));
  const previous = published !== null && published.lines >= comparableLines ? published : null;
  const held = previous === null ? null : await readHeldReport(run, previous.runId);
  const report = await makeReport(
    run,
    learned,
    [previous, held].filter((one) => one !== null),
  );
  await storeReport(run, report);
  run.amend({ metrics: { quality: inBrief(report) } });
  const settings = run.settings.orders.drift;
  const { verdict, because, exceeded } = judgeShift({ previous, held, current: report, settings });
  if (verdict === 'hold' && previous !== null) {
    const facts = { runId: report.runId, against: previous.runId };
    await storeJson(run, heldKey, facts);
    throw new RunHeld(exceeded.map((one) => ({ code: 'shifted', message: sentence(one, report.runId) })));
  }
  if (exceeded.length > 0) {
    const message = `moved far from the run before and is published all the same: the change is ${because}`;
    run.amend({ notes: [{ code: 'shiftPublished', message, count: exceeded.length }] });
  }
}

/** A run that is made anew after it was published is compared with what it was compared with the first time. */
async function comparedRunId(run: Run): Promise<string | null> {
  if (run.previousRunId !== run.plan.runId) return run.previousRunId;
  const own = await readReport(run, run.plan.runId);
  return own?.drift[0]?.against ?? null;
}

const reportKey = (runId: string): string => `quality/${runId}.json`;
const heldKey = 'quality/held.json';

async function readReport({ platform }: Run, runId: string | null): Promise<QualityReport | null> {
  if (runId === null) return null;
  const text = await readText(platform.objects, { bucket: platform.resultsBucket, key: reportKey(runId) });
  return text === null ? null : qualityReportSchema.parse(JSON.parse(text));
}

/** The last run that was held against the one that is published. */
async function readHeldReport(run: Run, publishedRunId: string): Promise<QualityReport | null> {
  const { objects, resultsBucket: bucket } = run.platform;
  const text = await readText(objects, { bucket, key: heldKey });
  if (text === null) return null;
  const { runId, against } = JSON.parse(text) as { runId: string; against: string };
  return against === publishedRunId && runId !== run.plan.runId ? readReport(run, runId) : null;
}

async function makeReport(
  { plan, settings }: Run,
  { db, besides, groups, staged, ledger, featurePaths, newestAt }: Learned,
  references: QualityReport[],
): Promise<QualityReport> {
  const parts = Array.from({ length: groups }, (_, group) => `SELECT * FROM orders_${group}`);
  await db.run(`CREATE OR REPLACE VIEW all_order_lines AS ${parts.join(' UNION ALL ')}`);
  return orderQuality(db, {
    runId: plan.runId,
    currency: settings.currency,
    files: staged.map(({ report, reasons }) => ({ report, reasons })),
    orderLines: 'all_order_lines',
    newestAt,
    ledger,
    features: { parquet: featurePaths },
    references,
    besides,
  });
}

async function storeReport(run: Run, report: QualityReport): Promise<void> {
  const { runId } = run.plan;
  await storeJson(run, reportKey(runId), report);
  const place = { runId, fence: run.fence, name: 'quality' };
  await writeList(run.platform.table, { ...place, values: [report] });
}

/** For the run record; GET /runs/{runId}/quality has the rest. */
function inBrief({ rows, lines, dates, duplicates, cancellations, revenue, drift }: QualityReport) {
  const { firstDay, lastDay, daysWithoutOrders } = dates;
  return {
    ...{ rows, lines, firstDay, lastDay, daysWithoutOrders },
    duplicateShare: duplicates.share,
    cancelledShare: cancellations.share,
    revenue: revenue.amount,
    revenueShareWithoutCustomer: revenue.shareWithoutCustomer,
    drift: drift.map(({ against, rowShift, revenueShift, psi }) => ({
      ...{ against, rowShift, revenueShift },
      largestPsi: Math.max(0, ...psi.map((one) => one.psi)),
    })),
  };
}

const storeJson = ({ platform }: Run, key: string, value: unknown): Promise<void> =>
  putObject(platform.objects, {
    bucket: platform.resultsBucket,
    key,
    body: JSON.stringify(value),
    contentType: 'application/json',
  });

function sentence({ measure, feature, value, limit }: Exceeded, runId: string): string {
  const moved =
    measure === 'psi'
      ? `${feature} is spread so differently that its PSI is ${value.toFixed(2)}`
      : `the ${measure === 'rows' ? 'number of order lines' : 'revenue'} moved by ${(100 * value).toFixed(0)} %`;
  return `${moved}, beyond ${limit}: what was published before stays. If the change is right, set orders.drift.acceptShift to "${runId}" in settings.json; else mend the files in orders/`;
}
