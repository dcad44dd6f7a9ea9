import { customerEntrySchema, customersManifestSchema } from '../../lib/pipeline/results.ts';
import { readListPage } from './listPage.ts';
import { Problem } from './problem.ts';
import { requirePublished } from './published.ts';
import { route } from './route.ts';
import { pageQuery, segmentCustomersSchema, segmentSchema, segmentsSchema } from './schemas.ts';

export const segmentsRoute = route(
  {
    method: 'GET',
    path: '/segments',
    operationId: 'listSegments',
    summary: 'The segments: how many customers each holds, and what they spend',
    tag: 'customers',
    problems: ['nothingPublished'],
    answer: segmentsSchema,
  },
  async (_request, wiring) => {
    const { runId, asOf, manifest } = await requirePublished(wiring, 'customers', customersManifestSchema);
    const { customers, currency, scale, method, edges, segments } = manifest;
    return { runId, asOf, customers, currency, scale, method, edges, segments };
  },
);

export const segmentCustomersRoute = route(
  {
    method: 'GET',
    path: '/segments/{segment}/customers',
    operationId: 'listSegmentCustomers',
    summary: 'The customers of a segment, best score first',
    tag: 'customers',
    problems: ['notFound', 'nothingPublished', 'cursorExpired', 'invalidRequest'],
    parameters: { segment: 'high, mid or low.' },
    query: pageQuery,
    answer: segmentCustomersSchema,
  },
  async ({ parameters, query }, wiring) => {
    const named = segmentSchema.safeParse(parameters.segment);
    if (!named.success) throw new Problem('notFound', 'no segment has this name; they are high, mid and low');
    const segment = named.data;
    const current = await requirePublished(wiring, 'customers', customersManifestSchema);
    const { entries, ...page } = await readListPage(wiring, {
      dataset: 'customers',
      list: `segment-${segment}`,
      entry: customerEntrySchema,
      query,
      current,
    });
    return { ...page, segment, customers: entries };
  },
);
