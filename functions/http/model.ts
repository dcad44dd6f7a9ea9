import { modelManifestSchema } from '../../lib/pipeline/results.ts';
import { requirePublished } from './published.ts';
import { route } from './route.ts';
import { purchaseModelSchema } from './schemas.ts';

export const purchaseModelRoute = route(
  {
    method: 'GET',
    path: '/models/purchase',
    operationId: 'getPurchaseModel',
    summary: 'The purchase model in use, with its held-out quality beside the base rate',
    tag: 'model',
    problems: ['nothingPublished'],
    answer: purchaseModelSchema,
  },
  async (_request, wiring) => {
    const { runId, asOf, manifest } = await requirePublished(wiring, 'training', modelManifestSchema);
    const { kind: _, ...model } = manifest;
    return { runId, asOf, ...model };
  },
);
