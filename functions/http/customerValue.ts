import type { HistoryManifest } from '../../lib/pipeline/results.ts';
import { valueEntrySchema } from '../../lib/pipeline/valueResults.ts';
import { readLookup } from '../../lib/store/pages.ts';
import { valueReasons } from '../../lib/value/reasons.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { inUnits, spelledAmount } from './amounts.ts';
import type { Published } from './published.ts';

/** What a buyer of the published order history is worth; null for somebody who has not bought. */
export async function readCustomerValue(
  { table }: ApiWiring,
  { runId, asOf, manifest }: Published<HistoryManifest>,
  { customerId, group }: { customerId: string; group: number },
) {
  const { value, currency, lastDay } = manifest;
  if (value === null) return null;
  const place = { runId, name: `value-${group}`, buckets: 0, ...value.lookups[group] };
  const stored = await readLookup(table, { ...place, id: customerId });
  if (stored === null) return null;
  const { customerId: _, ...entry } = valueEntrySchema.parse(stored);
  const amount = inUnits(currency);
  const { edges, typical, model } = value;
  return {
    ...{ runId, asOf, lastDay, currency, model },
    ...entry,
    historic: amount(entry.historic),
    next12m: amount(entry.next12m),
    low: amount(entry.low),
    high: amount(entry.high),
    lifetime12m: amount(entry.lifetime12m),
    expectedOrder: amount(entry.expectedOrder),
    reasons: valueReasons(entry, { edges: edges.edges, typical, money: spelledAmount(currency) }),
  };
}
