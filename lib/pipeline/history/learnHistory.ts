import type { LedgerRule } from '../../features/computeOrderFeatures.ts';
import { type Connections, withConnections } from '../../features/duckdb.ts';
import { withStaging } from '../../features/staging/staging.ts';
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
  const options = { scratchDirectory: directory, memoryLimitMb };
  const staged = await run.timed('read', () =>
    withStaging((staging) =>
      withConnections({ ...options, atOnce: 1 }, ([db]) => stageInputs(run, { db, staging, directory })),
    ),
  );
  const lines = staged.reduce((sum, { report }) => sum + report.rowsOk, 0);
  const groups = groupsFor(lines);
  return withConnections({ ...options, atOnce: fitTwice(lines, groups) ? 2 : 1 }, (connections) =>
    learnFrom(run, { connections, staged, lines, groups, directory }),
  );
}

/** Features first, then all that builds on them; a run that is held by its quality ends there. */
async function learnFrom(
  run: Run,
  {
    connections: [db, ...besides],
    staged,
    lines,
    groups,
    directory,
  }: {
    connections: Connections;
    staged: StagedInput[];
    lines: number;
    groups: number;
    directory: string;
  },
): Promise<LearnedHistory> {
  const { plan, settings } = run;
  const buckets = await viewsOfGroups(db, staged, { groups });
  const newestAt = Math.floor(Date.parse(plan.asOf ?? '') / 1000);
  const span = await spanOf(db, { settings, groups, newestAt });
  const features = await run.timed('features', () =>
    learnFeatures(run, { db, besides, buckets, span, newestAt, directory }),
  );
  const { customers, ledger, featurePaths, buyers } = features;
  run.amend({ counts: { customers, ...linesByOutcome(ledger) } });
  await run.timed('quality', () =>
    run.unit('quality', () =>
      reportQuality(run, { db, besides, groups, staged, ledger, featurePaths, newestAt }),
    ),
  );
  const { lastDay } = span;
  const firstDay = buyers.firstDay.reduce((first, day) => Math.min(first, day), lastDay);
  const { examples, purchaseDrift } = await run.timed('examples', () =>
    run.unit('examples', () =>
      storeExamples(run, { db, besides, staged, lines, customers, firstDay, lastDay, newestAt, directory }),
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
