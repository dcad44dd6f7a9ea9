import * as z from 'zod/mini';
import { purchaseReportSchema } from '../../lib/models/purchaseReport.ts';
import {
  measuredCampaignSchema,
  plannedCampaignSchema,
} from '../../lib/pipeline/campaigns/campaignResults.ts';
import { plannedList, resultsList } from '../../lib/pipeline/campaigns/lists.ts';
import { type StockEntry, stockEntrySchema, stockList } from '../../lib/pipeline/products/productResults.ts';
import { type CustomersManifest, customersManifestSchema } from '../../lib/pipeline/results.ts';
import { segmentsReportSchema } from '../../lib/pipeline/valueResults.ts';
import { kindOf, type RunStory, runTask } from '../../lib/pipeline/words/runTask.ts';
import { readModel } from '../../lib/store/models.ts';
import { PageMissing, readList } from '../../lib/store/pages.ts';
import { type RunRecord, readRun } from '../../lib/store/runs.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { runIdSchema } from './ofRun.ts';
import { Problem } from './problem.ts';
import { readPublished } from './published.ts';
import { route } from './route.ts';
import { readShopProducts } from './shopProducts.ts';
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
  const nothing = {
    ...{ record, history: null, table: null, model: null, report: null, campaigns: null, stock: null },
    productNames: (await readShopProducts(wiring))?.names ?? [],
  };
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
    case 'campaigns':
      return { ...nothing, campaigns: await readCampaigns(wiring, runId) };
    case 'products':
      return { ...nothing, stock: await readStock(wiring, runId) };
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

async function readCampaigns(wiring: ApiWiring, runId: string): Promise<RunStory['campaigns']> {
  const [planned, results] = await Promise.all([
    readFirst(wiring, { runId, name: plannedList, limit: mostCampaigns }),
    readFirst(wiring, { runId, name: resultsList, limit: mostCampaigns }),
  ]);
  if (results === null) return null;
  return {
    // a run without an order history plans nothing
    planned: (planned ?? []).map((entry) => plannedCampaignSchema.parse(entry)),
    results: results.map((entry) => measuredCampaignSchema.parse(entry)),
  };
}

/** There is one for each segment and tier at most; of results no shop has more. */
const mostCampaigns = 1000;
/** What has to be ordered comes first. */
const mostProducts = 10_000;

async function readStock(wiring: ApiWiring, runId: string): Promise<StockEntry[] | null> {
  const stored = await readFirst(wiring, { runId, name: stockList, limit: mostProducts });
  return stored?.map((entry) => stockEntrySchema.parse(entry)) ?? null;
}

const readOne = async (wiring: ApiWiring, list: { runId: string; name: string }): Promise<unknown> =>
  (await readFirst(wiring, { ...list, limit: 1 }))?.[0] ?? null;

/** Null where the pages have expired. */
async function readFirst(
  { table }: ApiWiring,
  list: { runId: string; name: string; limit: number },
): Promise<unknown[] | null> {
  try {
    return (await readList(table, list)).values;
  } catch (error) {
    if (error instanceof PageMissing) return null;
    throw error;
  }
}
