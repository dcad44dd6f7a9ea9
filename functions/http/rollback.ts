import { modelDatasets } from '../../lib/pipeline/modelDatasets.ts';
import { modelManifestSchema } from '../../lib/pipeline/results.ts';
import { type ModelFacts, readModel } from '../../lib/store/models.ts';
import { type Pointer, readPointer, rollBackPointer } from '../../lib/store/pointer.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { fromOf } from './models.ts';
import { Problem } from './problem.ts';
import { route } from './route.ts';
import { rollbackRequestSchema, rollbackSchema } from './schemas.ts';

export const rollbackRoute = route(
  {
    method: 'POST',
    path: '/models/purchase/rollback',
    operationId: 'rollBackPurchaseModel',
    summary: 'Brings an earlier purchase model back into use; what it had scored is then scored again',
    description:
      'One conditional write. Asking again with the same body changes nothing more. The model that gives way is not published again ' +
      'by itself while uploads, settings and code stay as they are.',
    tag: 'model',
    problems: ['notFound', 'conflict', 'tooLarge', 'invalidRequest'],
    body: rollbackRequestSchema,
    answer: rollbackSchema,
  },
  async ({ body: { over, to } }, wiring) => {
    const pointer = await pointerOver(wiring, over);
    const rolledBack = pointer.runId === over ? await rollBack(wiring, pointer, to) : pointer;
    await wiring.announce?.(rolledBack);
    const { runId, asOf, dataset, publishedAt, passedOver } = rolledBack;
    return { runId, asOf, from: fromOf(dataset), publishedAt, passedOver };
  },
);

/** The pointer that is at this model, or was until a request like this one moved it. */
async function pointerOver({ table }: ApiWiring, over: string): Promise<Pointer> {
  const pointers = await Promise.all(
    Object.values(modelDatasets).map((dataset) => readPointer(table, dataset)),
  );
  const found = pointers.find((pointer) => pointer?.runId === over || pointer?.passedOver.includes(over));
  if (found) return found;
  throw new Problem('notFound', '`over` is no model in use; GET /models/purchase names the one that is');
}

async function rollBack(
  { table, clock }: ApiWiring,
  from: Pointer,
  wanted: string | undefined,
): Promise<Pointer> {
  const to = wanted ?? from.previousRuns.find((runId) => !from.passedOver.includes(runId));
  if (to === undefined || !from.previousRuns.includes(to))
    throw new Problem('conflict', 'no such earlier model is kept; GET /models/purchase lists those that are');
  const model = usable(await readModel(table, to));
  const { runId, asOf, manifest } = model;
  const rolledBack = await rollBackPointer(table, { from, to: { runId, asOf, manifest }, nowMs: clock() });
  if (rolledBack !== null) return rolledBack;
  const now = await readPointer(table, from.dataset);
  // A lost answer, and the client's SDK or ours has asked again.
  if (now?.runId === to && now.sequence === from.sequence + 1) return now;
  throw new Problem(
    'conflict',
    now?.sequence === from.sequence
      ? 'a model is being fitted right now: ask again when its run has ended, which GET /runs tells'
      : 'another model has been published meanwhile; look at GET /models/purchase and ask again',
  );
}

function usable(model: ModelFacts | null): ModelFacts {
  if (model !== null && modelManifestSchema.safeParse(model.manifest).success) return model;
  throw new Problem(
    'conflict',
    'this model was stored by another version of the code, which alone can use it',
  );
}
