import type { LedgerRule } from '../../features/computeOrderFeatures.ts';
import { type DuckDb, openDuckDb } from '../../features/duckdb.ts';
import { withScratchDirectory } from '../../store/files.ts';
import { isoDay } from '../../tables/cells/calendar.ts';
import type { HistoryManifest } from '../results.ts';
import type { Dataset, Run, RunResult } from '../run.ts';
import { fitTwice, groupsFor } from './groups.ts';
import { viewsOfGroups } from './groupViews.ts';
import { type LearnedFeatures, learnFeatures } from './learnFeatures.ts';
import { reportQuality } from './quality.ts';
import { type HistorySpan, spanOf } from './span.ts';
import { eventsPrefix, type StagedInput } from './stageInput.ts';
import { stageInputs } from './stageInputs.ts';
import { storeExamples } from './storeExamples.ts';
import { valueBuyers } from './valueBuyers.ts';
import { valueFiles } from './valueFiles.ts';

/** `orders/` and `events/`: the order history becomes one row of features per customer. */
export const ordersDataset: Dataset = {
  name: 'orders',
  prefixes: ['orders/', eventsPrefix],
  modelFrom: null,
  lastingFiles: valueFiles,
  isInUnits: true,
  work: learnHistory,
};

/** Beside DuckDB's own memory, for this process and for what a query holds outside it. */
const otherMemoryMb = 700;

async function learnHistory(run: Run): Promise<RunResult> {
  const { scratchDirectory } = run.platform;
  // DuckDB's memory is free again before values are computed.
  const learned = await run.kept('learned', () =>
    withScratchDirectory(scratchDirectory, (directory) => learnInDuckDb(run, directory)),
  );
  const { features, span, language } = learned;
  const { buyers, cohortCells } = features;
  const value = await run.timed('value', () => valueBuyers(run, { buyers, cohortCells, span, language }));
  const { customers, columns, lookups, orderDays, ledger, files, sales } = features;
  const manifest: HistoryManifest = {
    kind: 'history',
    currency: run.settings.currency,
    lastDay: isoDay(span.lastDay),
    ...{ customers, columns, lookups, orderDays, ledger, files, sales },
    value: value.manifest,
    examples: learned.examples,
    purchaseDrift: learned.purchaseDrift,
    language,
    layouts: learned.layouts,
  };
  return { manifest, absentFiles: value.absentFiles };
}

interface LearnedHistory
  extends Pick<HistoryManifest, 'examples' | 'purchaseDrift' | 'language' | 'layouts'> {
  features: LearnedFeatures;
  span: HistorySpan;
}

async function learnInDuckDb(run: Run, directory: string): Promise<LearnedHistory> {
  const memoryLimitMb = Math.max(256, run.platform.memoryMb - otherMemoryMb);
  const db = await openDuckDb({ scratchDirectory: directory, memoryLimitMb, threads: 2 });
  try {
    const staged = await run.timed('read', () => stageInputs(run, db, directory));
    return await learnFrom(run, { db, staged, directory });
  } finally {
    db.close();
  }
}

/** Features first, then all that builds on them; a run that is held by its quality ends there. */
async function learnFrom(
  run: Run,
  { db, staged, directory }: { db: DuckDb; staged: StagedInput[]; directory: string },
): Promise<LearnedHistory> {
  const { plan, settings } = run;
  const lines = staged.reduce((sum, { report }) => sum + report.rowsOk, 0);
  const groups = groupsFor(lines);
  const buckets = await viewsOfGroups(db, staged, { groups });
  const newestAt = Math.floor(Date.parse(plan.asOf ?? '') / 1000);
  const span = await spanOf(db, { settings, groups, newestAt });
  const features = await run.timed('features', () =>
    learnFeatures(run, { db, twoAtOnce: fitTwice(lines, groups), buckets, span, newestAt, directory }),
  );
  const { customers, ledger, featurePaths, buyers } = features;
  run.amend({ counts: { customers, ...linesByOutcome(ledger) } });
  await run.timed('quality', () =>
    run.unit('quality', () => reportQuality(run, { db, groups, staged, ledger, featurePaths, newestAt })),
  );
  const { lastDay } = span;
  const firstDay = buyers.firstDay.reduce((first, day) => Math.min(first, day), lastDay);
  const { examples, purchaseDrift } = await run.timed('examples', () =>
    run.unit('examples', () =>
      storeExamples(run, { db, staged, lines, customers, firstDay, lastDay, newestAt, directory }),
    ),
  );
  return {
    features,
    span,
    examples,
    purchaseDrift,
    language: staged[0]?.report.language ?? 'en',
    layouts: staged.map(({ report, layout }) => ({ file: report.key, layout })),
  };
}

const linesByOutcome = (ledger: LedgerRule[]): Record<string, number> =>
  Object.fromEntries(ledger.map(({ outcome, lines }) => [`lines.${outcome}`, lines]));
