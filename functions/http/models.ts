import { winsChallenge } from '../../lib/models/challenge.ts';
import { type PurchaseReport, purchaseReportSchema } from '../../lib/models/purchaseReport.ts';
import { modelDatasets } from '../../lib/pipeline/modelDatasets.ts';
import {
  historyManifestSchema,
  type ModelManifest,
  modelManifestSchema,
  type PurchaseDrift,
} from '../../lib/pipeline/results.ts';
import { BadCursor } from '../../lib/store/byTime.ts';
import { listModels, type ModelFacts } from '../../lib/store/models.ts';
import { readList } from '../../lib/store/pages.ts';
import { type Pointer, readPointer } from '../../lib/store/pointer.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { badCursor } from './cursor.ts';
import { Problem } from './problem.ts';
import { readPublished } from './published.ts';
import { route } from './route.ts';
import { modelListSchema, modelQuery, modelsQuery, purchaseModelSchema } from './schemas.ts';

export const purchaseModelRoute = route(
  {
    method: 'GET',
    path: '/models/purchase',
    operationId: 'getPurchaseModel',
    summary: 'The purchase model in use, with its held-out quality beside simpler models',
    tag: 'model',
    problems: ['nothingPublished', 'invalidRequest'],
    query: modelQuery,
    answer: purchaseModelSchema,
  },
  async ({ query }, wiring) => {
    const pointer = await requireModel(wiring, query.from);
    const { runId, asOf, publishedAt, previousRuns, passedOver, dataset } = pointer;
    const { kind: _, ...model } = modelManifestSchema.parse(pointer.manifest);
    const canGoBackTo = previousRuns.filter((id) => !passedOver.includes(id));
    const from = fromOf(dataset);
    const [report, challenger, drift] = await Promise.all([
      readReport(wiring, runId),
      readChallenger(wiring, pointer),
      from === 'orders' ? readDrift(wiring) : null,
    ]);
    return { runId, asOf, from, publishedAt, canGoBackTo, ...model, report, challenger, drift };
  },
);

export const modelsRoute = route(
  {
    method: 'GET',
    path: '/models',
    operationId: 'listModels',
    summary:
      'The purchase models that were fitted, newest first: from which data, with which settings and code, and how good',
    tag: 'model',
    problems: ['invalidRequest'],
    query: modelsQuery,
    answer: modelListSchema,
  },
  async ({ query }, { table }) => {
    const { limit, cursor, from } = query;
    const [pointers, part] = await Promise.all([
      Promise.all(Object.values(modelDatasets).map((dataset) => readPointer(table, dataset))),
      listModels(table, {
        limit,
        ...(cursor !== undefined && { cursor }),
        ...(from !== undefined && { dataset: modelDatasets[from] }),
      }).catch(refuseBadCursor),
    ]);
    return {
      models: part.models.map((model) => listed(model, pointers)),
      ...(part.cursor !== null && { cursor: part.cursor }),
    };
  },
);

/** The one that is asked for; or that of the training table, which somebody made on purpose, before that of the order history. */
async function requireModel({ table }: ApiWiring, from: From | undefined): Promise<Pointer> {
  const asked = from === undefined ? Object.values(modelDatasets) : [modelDatasets[from]];
  for (const dataset of asked) {
    const pointer = await readPointer(table, dataset);
    if (pointer !== null) return pointer;
  }
  throw new Problem(
    'nothingPublished',
    'no purchase model is published yet: upload a table that says who bought to training/, or order exports to orders/; GET /runs tells how it went',
  );
}

async function readReport({ table }: ApiWiring, runId: string): Promise<PurchaseReport> {
  const { values } = await readList(table, { runId, name: 'report', limit: 1 });
  return purchaseReportSchema.parse(values[0]);
}

/** The newest model, if it was fitted since and not published. */
async function readChallenger({ table }: ApiWiring, pointer: Pointer) {
  const { models } = await listModels(table, { limit: 1, dataset: pointer.dataset });
  const [newest] = models;
  if (newest === undefined || stateOf(newest, pointer) !== 'challenger') return null;
  const { runId, asOf, trainedAt, summary } = newest;
  const challenge = challengeOf(newest);
  return challenge && { runId, asOf, trainedAt, ...summary, challenge };
}

/** Null of a model that another version of the code has stored. */
const challengeOf = ({ manifest }: ModelFacts): ModelManifest['challenge'] =>
  modelManifestSchema.safeParse(manifest).data?.challenge ?? null;

/** Of predictions that were published with an earlier history; a training table has no later days to tell. */
async function readDrift(wiring: ApiWiring): Promise<PurchaseDrift | null> {
  const orders = await readPublished(wiring, 'orders', historyManifestSchema);
  return orders?.manifest.purchaseDrift ?? null;
}

type From = keyof typeof modelDatasets;

export const fromOf = (dataset: string): From => (dataset === modelDatasets.training ? 'training' : 'orders');

function listed(model: ModelFacts, pointers: readonly (Pointer | null)[]) {
  const { dataset, manifest: _, summary, ...facts } = model;
  const pointer = pointers.find((one) => one?.dataset === dataset) ?? null;
  return { ...facts, from: fromOf(dataset), state: stateOf(model, pointer), ...summary };
}

function stateOf(
  model: ModelFacts,
  pointer: Pointer | null,
): 'inUse' | 'kept' | 'passedOver' | 'challenger' | 'gone' {
  const { runId } = model;
  if (pointer?.runId === runId) return 'inUse';
  if (pointer?.passedOver.includes(runId)) return 'passedOver';
  if (pointer?.previousRuns.includes(runId)) return 'kept';
  const challenge = challengeOf(model);
  const lost = challenge !== null && !winsChallenge(challenge);
  return lost && challenge.championRunId === pointer?.runId ? 'challenger' : 'gone';
}

function refuseBadCursor(error: unknown): never {
  throw error instanceof BadCursor ? badCursor() : error;
}
