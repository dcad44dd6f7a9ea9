import type { PurchaseRows } from '../../lib/models/purchaseRows.ts';
import { type CdnowCustomer, cdnowDay, readCdnowMaster } from './cdnow.ts';

/**
 * Customers of the CDNOW master as they were at each cutoff, with the names and units of an order history's features, and
 * whether they bought within the 30 days after it. A cutoff, such as 1998-05-31, is the last day read.
 */
export function cdnowExamples(cutoffs: readonly string[]): Required<PurchaseRows> {
  const customers = readCdnowMaster();
  const examples = cutoffs.flatMap((cutoff) => {
    const end = cdnowDay(cutoff.replaceAll('-', ''));
    return customers.flatMap(({ days, dollars }, customer) => {
      const known = days.filter((day) => day <= end).length;
      if (known === 0) return [];
      const label = days.some((day) => day > end && day <= end + 30) ? 1 : 0;
      const features = featuresOf({ days: days.slice(0, known), dollars: dollars.slice(0, known) }, end);
      return { id: `c${customer}`, cutoff, label, features };
    });
  });
  return {
    ids: examples.map(({ id }) => id),
    columns: Object.keys(examples[0]?.features ?? {}).map((name) => ({
      name,
      kind: 'numeric',
      values: examples.map(({ features }) => features[name] ?? null),
    })),
    labels: Uint8Array.from(examples, ({ label }) => label),
    cutoffs: examples.map(({ cutoff }) => cutoff),
  };
}

function featuresOf({ days, dollars }: CdnowCustomer, end: number): Record<string, number | null> {
  const [first, last] = [days[0] as number, days.at(-1) as number];
  const centsSince = (from: number): number =>
    dollars.reduce(
      (sum, amount, at) => sum + ((days[at] as number) > from ? Math.round(100 * amount) : 0),
      0,
    );
  const spend = centsSince(0);
  const gap = days.length > 1 ? (last - first) / (days.length - 1) : null;
  const windows = [30, 90, 365].flatMap((window): [string, number][] => [
    [`orders_${window}d`, days.filter((day) => day > end - window).length],
    [`spend_${window}d`, centsSince(end - window)],
  ]);
  return {
    frequency: days.length - 1,
    recency_days: last - first,
    age_days: end - first,
    days_since_last: end - last,
    orders: days.length,
    spend,
    order_value_mean: spend / days.length,
    gap_mean_days: gap,
    overdue_ratio: gap === null ? null : (end - last) / gap,
    ...Object.fromEntries(windows),
  };
}
