import * as z from 'zod/mini';
import { purchaseReportSchema } from '../../lib/models/purchaseReport.ts';
import { type CustomersManifest, customersManifestSchema } from '../../lib/pipeline/results.ts';
import { segmentsReportSchema } from '../../lib/pipeline/valueResults.ts';
import { kindOf, type RunStory, runTask } from '../../lib/pipeline/words/runTask.ts';
import { readModel } from '../../lib/store/models.ts';
import { PageMissing, readList } from '../../lib/store/pages.ts';
import { type RunRecord, readRun } from '../../lib/store/runs.ts';
import type { ApiWiring } from '../wiring.ts';
import { runIdSchema } from './ofRun.ts';
import { Problem } from './problem.ts';
import { readPublished } from './published.ts';
import { route } from './route.ts';
import { summaryQuery, summarySchema } from './wordsSchemas.ts';
import { openDesk, writtenBy } from './writing.ts';

export const summaryRoute = route(
  {
    method: 'GET',
    path: '/runs/{runId}/summary',
    operationId: 'summariseRun',
    summary: 'A run in words, for whoever dropped the files',
    tag: 'words',
    problems: ['notFound', 'invalidRequest'],
    parameters: { runId: 'As GET /runs lists it.' },
    query: summaryQuery,
    answer: summarySchema,
  },
  async ({ parameters, query }, wiring) => {
    const record = await requireRun(wiring, parameters.runId);
    const [desk, story] = await Promise.all([openDesk(wiring, query), readStory(wiring, record)]);
    const task = runTask(story, desk.language);
    const words = record.status === 'published' ? await desk.write(task) : desk.byRule(task, unpublished);
    const { runId, asOf, dataset } = record;
    const { headline, text } = words.texts as { headline: string; text: string };
    return { runId, asOf, dataset, ...writtenBy(words, task), headline, text };
  },
);

const unpublished = {
  code: 'unpublished',
  message: 'a run that was not published is told by rule',
} as const;

async function requireRun({ table }: ApiWiring, id: string | undefined): Promise<RunRecord> {
  const runId = runIdSchema.safeParse(id);
  const run = runId.success && (await readRun(table, runId.data));
  if (!run) throw new Problem('notFound', 'there is no run with this id; a record is kept for 400 days');
  return run;
}

/** What is left of the run's results; pages of runs that were superseded expire. */
async function readStory(wiring: ApiWiring, record: RunRecord): Promise<RunStory> {
  const { runId, dataset, status } = record;
  const nothing = { record, history: null, table: null, model: null, report: null };
  if (status !== 'published') return nothing;
  switch (kindOf(dataset)) {
    case 'orders':
      return { ...nothing, history: await readHistory(wiring, record) };
    case 'customers':
      return { ...nothing, table: await readTable(wiring, runId) };
    case 'model': {
      const [model, stored] = await Promise.all([
        readModel(wiring.table, runId),
        readOne(wiring, { runId, name: 'report' }),
      ]);
      return { ...nothing, model, report: stored === null ? null : purchaseReportSchema.parse(stored) };
    }
    default:
      return nothing;
  }
}

async function readHistory(wiring: ApiWiring, { runId, metrics }: RunRecord): Promise<RunStory['history']> {
  const stored = await readOne(wiring, { runId, name: 'value-segments' });
  return stored === null
    ? null
    : { lastDay: lastDayOf(metrics), segments: segmentsReportSchema.parse(stored) };
}

const qualitySchema = z.object({ quality: z.object({ lastDay: z.nullable(z.string()) }) });

function lastDayOf(metrics: unknown): string | null {
  const parsed = qualitySchema.safeParse(metrics);
  return parsed.success ? parsed.data.quality.lastDay : null;
}

async function readTable(wiring: ApiWiring, runId: string): Promise<CustomersManifest | null> {
  const published = await readPublished(wiring, 'customers', customersManifestSchema);
  return published?.runId === runId ? published.manifest : null;
}

async function readOne({ table }: ApiWiring, list: { runId: string; name: string }): Promise<unknown> {
  try {
    return (await readList(table, { ...list, limit: 1 })).values[0] ?? null;
  } catch (error) {
    if (error instanceof PageMissing) return null;
    throw error;
  }
}
