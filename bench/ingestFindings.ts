/** What a measured process is told. */
export interface IngestTask {
  orders: string;
  events: string;
  lastDay: number;
  scratch: string;
  memoryLimitMb: number;
}

/** What it prints when it is done. */
export interface IngestFindings {
  seconds: number;
  parts: Record<string, number>;
  cpuSeconds: number;
  peakMb: number;
  customers: number;
  /** Sums over all customers, by feature. */
  totals: Record<string, number>;
  /** The values of `compared` of the customers whose id ends in 00. */
  sample: Record<string, number[]>;
}

/** Features in which both are held against each other. */
export const compared = [
  ...[
    'orders',
    'spend',
    'frequency',
    'recency_days',
    'last_order_value',
    'gap_std_days',
    'spend_90d',
    'orders_365d',
  ],
  ...['product_entropy', 'category_entropy', 'browse_minutes_90d', 'browse_sessions_30d', 'browse_days_90d'],
  'carts_30d',
];

/** The features of which a total or a customer's value differs by more than a millionth. */
export function differences(one: IngestFindings, other: IngestFindings): string[] {
  return compared.filter((name, at) => {
    if (differ(one.totals[name], other.totals[name])) return true;
    return Object.keys(other.sample).some((id) => differ(one.sample[id]?.[at], other.sample[id]?.[at]));
  });
}

const differ = (one = Number.NaN, other = Number.NaN): boolean =>
  !(Math.abs(one - other) <= 1e-6 * Math.max(1, Math.abs(one)));
