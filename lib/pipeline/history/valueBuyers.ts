import { writeLookup } from '../../store/pages.ts';
import type { HistoryManifest } from '../results.ts';
import type { Run } from '../run.ts';
import type { Buyer } from './buyers.ts';
import { valueCustomers } from './valueCustomers.ts';

/** Fits over all customers, and writes what each is expected to do beside their history. */
export async function valueBuyers(
  run: Run,
  { buyers, lastDay }: { buyers: Buyer[][]; lastDay: number },
): Promise<HistoryManifest['value']> {
  const { horizonDays, orders } = run.settings;
  const { margin, annualDiscountRate } = orders;
  const { model, entries, notes } = valueCustomers(buyers.flat(), {
    horizonDays,
    margin,
    annualDiscountRate,
    lastDay,
  });
  run.amend({ notes });
  if (model === null) return null;
  const lookups: { buckets: number }[] = [];
  let first = 0;
  for (const [group, { length }] of buyers.entries()) {
    const place = { runId: run.plan.runId, fence: run.fence, name: `value-${group}` };
    const ofGroup = entries.slice(first, first + length).map((entry) => [entry.customerId, entry] as const);
    lookups.push(await writeLookup(run.platform.table, { ...place, entries: ofGroup }));
    first += length;
  }
  return { model, horizonDays, lookups };
}
