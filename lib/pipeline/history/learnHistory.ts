import type { LedgerRule } from '../../features/computeOrderFeatures.ts';
import { type DuckDb, openDuckDb } from '../../features/duckdb.ts';
import { withScratchDirectory } from '../../store/files.ts';
import type { HistoryManifest } from '../results.ts';
import type { Dataset, Run, RunResult } from '../run.ts';
import { groupsFor } from './groups.ts';
import { viewsOfGroups } from './groupViews.ts';
import { isoDay, lastDayOf } from './lastDay.ts';
import { learnFeatures } from './learnFeatures.ts';
import { reportQuality } from './quality.ts';
import { eventsPrefix, type StagedInput } from './stageInput.ts';
import { stageInputs } from './stageInputs.ts';
import { storeExamples } from './storeExamples.ts';
import { valueBuyers } from './valueBuyers.ts';

/** `orders/` and `events/`: the order history becomes one row of features per customer. */
export const ordersDataset: Dataset = {
  name: 'orders',
  prefixes: ['orders/', eventsPrefix],
  modelFrom: null,
  lastingFiles: [],
  work: learnHistory,
};

/** Beside DuckDB's own memory, for this process and for what a query holds outside it. */
const otherMemoryMb = 700;

async function learnHistory(run: Run): Promise<RunResult> {
  const { scratchDirectory, memoryMb } = run.platform;
  return withScratchDirectory(scratchDirectory, async (directory) => {
    const memoryLimitMb = Math.max(256, memoryMb - otherMemoryMb);
    const db = await openDuckDb({ scratchDirectory: directory, memoryLimitMb, threads: 2 });
    try {
      const staged = await run.timed('read', () => stageInputs(run, db, directory));
      return await learnFrom(run, { db, staged, directory });
    } finally {
      db.close();
    }
  });
}

/** Features first, then all that builds on them; a run that is held by its quality ends there. */
async function learnFrom(
  run: Run,
  { db, staged, directory }: { db: DuckDb; staged: StagedInput[]; directory: string },
): Promise<RunResult> {
  const { plan, settings } = run;
  const lines = staged.reduce((sum, { report }) => sum + report.rowsOk, 0);
  const groups = groupsFor(lines);
  const buckets = await viewsOfGroups(db, staged, { groups });
  const newestAt = Math.floor(Date.parse(plan.asOf ?? '') / 1000);
  const lastDay = await lastDayOf(db, { settings, groups, newestAt });
  const { buyers, featurePaths, ...features } = await run.timed('features', () =>
    learnFeatures(run, { db, buckets, lastDay, newestAt, directory }),
  );
  const { customers, ledger } = features;
  run.amend({ counts: { customers, ...linesByOutcome(ledger) } });
  await run.timed('quality', () =>
    reportQuality(run, { db, groups, staged, ledger, featurePaths, newestAt }),
  );
  const value = await run.timed('value', () => valueBuyers(run, { buyers, lastDay }));
  const examples = await run.timed('examples', () =>
    storeExamples(run, { db, staged, lines, buyers, customers, lastDay, newestAt, directory }),
  );
  const manifest: HistoryManifest = {
    kind: 'history',
    currency: settings.currency,
    lastDay: isoDay(lastDay),
    ...features,
    value,
    examples,
    language: staged[0]?.report.language ?? 'en',
    layouts: staged.map(({ report, layout }) => ({ file: report.key, layout })),
  };
  return { manifest };
}

const linesByOutcome = (ledger: LedgerRule[]): Record<string, number> =>
  Object.fromEntries(ledger.map(({ outcome, lines }) => [`lines.${outcome}`, lines]));
