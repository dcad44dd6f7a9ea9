import { listPointers } from '../../lib/store/pointer.ts';
import { route } from './route.ts';
import { healthSchema } from './schemas.ts';

export const healthRoute = route(
  {
    method: 'GET',
    path: '/health',
    operationId: 'getHealth',
    summary: 'Whether the service answers, its version, and what is published',
    tag: 'service',
    problems: [],
    answer: healthSchema,
  },
  async (_request, { table, codeVersion }) => {
    const pointers = await listPointers(table, '');
    const datasets = pointers.map(
      ({ dataset, runId, asOf, publishedAt }) => [dataset, { runId, asOf, publishedAt }] as const,
    );
    return { status: 'ok' as const, codeVersion, datasets: Object.fromEntries(datasets) };
  },
);
