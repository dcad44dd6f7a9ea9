import { listDatasets } from '../../lib/store/datasets.ts';
import {
  type Erasure,
  liftErasure,
  readErasure,
  readStillIn,
  requestErasure,
} from '../../lib/store/erasures.ts';
import { idHashOf } from '../../lib/store/idHash.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { Problem } from './problem.ts';
import { route } from './route.ts';
import { erasureSchema, liftedSchema } from './schemas.ts';

const parameters = { customerId: 'The id as it stood in the upload.' };

export const eraseCustomerRoute = route(
  {
    method: 'DELETE',
    path: '/customers/{customerId}',
    operationId: 'eraseCustomer',
    summary:
      'Erases one customer: from every answer at once, from what is stored soon after, and from later runs',
    description:
      'Asking again changes nothing and tells how far it has come. `uploads` names the files that still hold the customer: they are ' +
      'yours to mend. An id that nothing is known of can be erased too: then it is kept out of what comes.',
    tag: 'privacy',
    problems: [],
    parameters,
    answer: erasureSchema,
  },
  async ({ parameters: { customerId } }, wiring) => {
    const idHash = idHashOf(wiring.idKey, customerId as string);
    const erasure = await requestErasure(wiring.table, { idHash, nowMs: wiring.clock() });
    if (erasure.erasedAtMs === null) await wiring.announceErasures?.();
    return told(wiring, erasure);
  },
);

export const erasureRoute = route(
  {
    method: 'GET',
    path: '/erasures/{customerId}',
    operationId: 'getErasure',
    summary: 'How far the erasure of a customer has come, and which uploads still hold the customer',
    tag: 'privacy',
    problems: ['notFound'],
    parameters,
    answer: erasureSchema,
  },
  async ({ parameters: { customerId } }, wiring) => {
    const idHash = idHashOf(wiring.idKey, customerId as string);
    return told(wiring, (await readErasure(wiring.table, idHash)) ?? notErased());
  },
);

export const liftErasureRoute = route(
  {
    method: 'DELETE',
    path: '/erasures/{customerId}',
    operationId: 'liftErasure',
    summary:
      'Takes a customer off the list of the erased: the next runs read what the uploads hold of the customer',
    description: 'Asking again changes nothing: `lifted` then is false.',
    tag: 'privacy',
    problems: [],
    parameters,
    answer: liftedSchema,
  },
  async ({ parameters: { customerId } }, wiring) => {
    const lifted = await liftErasure(wiring.table, idHashOf(wiring.idKey, customerId as string));
    await wiring.announceErasures?.();
    return { lifted };
  },
);

async function told({ table }: ApiWiring, { idHash, requestedAtMs, erasedAtMs }: Erasure) {
  const datasets = await listDatasets(table, '');
  const stillIn = await readStillIn(table, { idHash, datasets });
  return {
    state: erasedAtMs === null ? ('erasing' as const) : ('erased' as const),
    requestedAt: new Date(requestedAtMs).toISOString(),
    erasedAt: erasedAtMs === null ? null : new Date(erasedAtMs).toISOString(),
    uploads: stillIn.flatMap(({ dataset, runId, files }) =>
      files.map(({ file, rows }) => ({ dataset, file, rows, runId })),
    ),
  };
}

function notErased(): never {
  throw new Problem('notFound', 'nobody was erased under this id, or the erasure was lifted');
}
