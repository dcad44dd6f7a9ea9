import { groupOf } from '../../lib/pipeline/history/groups.ts';
import {
  customerEntrySchema,
  customersManifestSchema,
  historyEntrySchema,
  historyManifestSchema,
  orderDaysSchema,
} from '../../lib/pipeline/results.ts';
import type { LookupExtent } from '../../lib/store/lookupExtent.ts';
import { readLookup } from '../../lib/store/pages.ts';
import { listPointers, type Pointer } from '../../lib/store/pointer.ts';
import { isoDay } from '../../lib/tables/cells/calendar.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { inUnits } from './amounts.ts';
import { readCustomerValue } from './customerValue.ts';
import { isErased } from './erasedReaders.ts';
import { Problem } from './problem.ts';
import { publishedOf } from './published.ts';
import { route } from './route.ts';
import { customerSchema } from './schemas.ts';
import { readScores } from './scores.ts';

export const customerRoute = route(
  {
    method: 'GET',
    path: '/customers/{customerId}',
    operationId: 'getCustomer',
    summary: 'What is known of one customer: segment, order history, value, and the probability to buy',
    description: 'Each part is of the run that it names. Percent-encode the id.',
    tag: 'customers',
    problems: ['notFound'],
    parameters: { customerId: 'The id as it stood in the upload.' },
    answer: customerSchema,
  },
  async ({ parameters }, wiring) => {
    const customerId = parameters.customerId as string;
    // One query for all that is published, in place of one request for each part.
    const [pointers, erased] = await Promise.all([listPointers(wiring.table), isErased(wiring, customerId)]);
    if (erased) throw unknownCustomer();
    const pointerTo = (name: string) => pointers.find(({ dataset }) => dataset === name) ?? null;
    const [segmented, learned, scores] = await Promise.all([
      readSegment(wiring, pointerTo('customers'), customerId),
      readHistory(wiring, pointerTo('orders'), customerId),
      readScores(wiring, pointers, customerId),
    ]);
    const { history = null, value = null } = learned ?? {};
    const source = segmented ?? history ?? scores[0];
    if (!source) throw unknownCustomer();
    const { runId, asOf } = source;
    return { customerId, runId, asOf, segment: segmented?.segment ?? null, history, value, scores };
  },
);

/** The same for somebody who was erased. */
const unknownCustomer = (): Problem =>
  new Problem('notFound', 'no published table holds a customer with this id');

async function readSegment(wiring: ApiWiring, pointer: Pointer | null, customerId: string) {
  if (pointer === null) return null;
  const { runId, asOf, manifest } = publishedOf(pointer, customersManifestSchema);
  const { buckets, isHashed } = manifest;
  const place = { runId, name: 'customers', buckets, isHashed };
  const stored = await readLookup(wiring.table, { ...place, id: customerId });
  if (stored === null) return null;
  const { customerId: _, ...segment } = customerEntrySchema.parse(stored);
  return { runId, asOf, segment };
}

async function readHistory(wiring: ApiWiring, pointer: Pointer | null, customerId: string) {
  if (pointer === null) return null;
  const published = publishedOf(pointer, historyManifestSchema);
  const { runId, asOf, manifest } = published;
  const { lookups, orderDays, columns, lastDay, currency } = manifest;
  const group = groupOf(customerId, lookups.length);
  const [stored, days, value] = await Promise.all([
    readLookup(wiring.table, {
      ...{ runId, name: `history-${group}`, id: customerId },
      ...{ buckets: 0, ...lookups[group] },
    }),
    readDays(wiring, { runId, customerId, group, extent: orderDays[group] }),
    readCustomerValue(wiring, published, { customerId, group }),
  ]);
  if (stored === null) return null;
  const values = historyEntrySchema.parse(stored);
  const features = Object.fromEntries(columns.map((name, at) => [name, values[at] ?? null]));
  const amount = inUnits(currency);
  const orders = days.map(([day, net]) => ({ day: isoDay(day), amount: amount(net) }));
  return { history: { runId, asOf, lastDay, currency, features, orders }, value };
}

async function readDays(
  { table }: ApiWiring,
  {
    runId,
    customerId,
    group,
    extent,
  }: { runId: string; customerId: string; group: number; extent: LookupExtent | undefined },
) {
  if (extent === undefined) return [];
  const place = { runId, name: `order-days-${group}`, ...extent };
  const stored = await readLookup(table, { ...place, id: customerId });
  return stored === null ? [] : orderDaysSchema.parse(stored);
}
