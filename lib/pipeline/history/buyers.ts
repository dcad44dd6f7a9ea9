import type { CustomerPurchases } from '../../features/purchases.ts';
import type { HoldoutColumns } from '../../value/holdout.ts';

/** Customers who have bought, by column, group after group and in the order of ids within one; days, and money in minor units. */
export interface Buyers extends CustomerPurchases {
  /** How many each group of customers holds. */
  groupSizes: number[];
  frequency: Float64Array;
  recencyDays: Float64Array;
  ageDays: Float64Array;
  spend: Float64Array;
  /** What describes them beyond that; NaN where nothing is known. */
  distinctProducts: Float64Array;
  discountShare: Float64Array;
  returnShare: Float64Array;
}

/** Features of a group of customers, by column. */
export interface FeatureColumns {
  names: readonly string[];
  /** In the order of the names, each in the order of ids. */
  values: readonly (readonly unknown[])[];
}

/** The buyers among a group's customers, with their purchases by day; the others only browsed. */
export function buyersOf({ names, values }: FeatureColumns, purchases: CustomerPurchases): Buyers {
  const column = (name: string): readonly unknown[] => values[names.indexOf(name)] ?? [];
  const orders = column('orders');
  const rows = Array.from(orders.keys()).filter((row) => Number(orders[row]) > 0);
  if (rows.length !== purchases.customerIds.length)
    throw new Error(
      `buyersOf: the features know ${rows.length} buyers, the purchases ${purchases.customerIds.length}`,
    );
  const pick = (name: string): Float64Array => {
    const all = column(name);
    return Float64Array.from(rows, (row) => {
      const value = all[row] ?? null;
      return value === null ? Number.NaN : Number(value);
    });
  };
  return {
    ...purchases,
    groupSizes: [rows.length],
    frequency: pick('frequency'),
    recencyDays: pick('recency_days'),
    ageDays: pick('age_days'),
    spend: pick('spend'),
    distinctProducts: pick('distinct_products'),
    discountShare: pick('discount_share'),
    returnShare: pick('return_share'),
  };
}

/** All groups' buyers as one. Texts that repeat are kept once. */
export function joinBuyers(groups: readonly Buyers[]): Buyers {
  const known = new Map<string, string>();
  const kept = (text: string | null): string | null => {
    if (text === null) return null;
    const same = known.get(text);
    if (same === undefined) known.set(text, text);
    return same ?? text;
  };
  const numbers = (name: NumberColumn): Float64Array => {
    const joined = new Float64Array(groups.reduce((sum, group) => sum + group[name].length, 0));
    let first = 0;
    for (const group of groups) {
      joined.set(group[name], first);
      first += group[name].length;
    }
    return joined;
  };
  const texts = (name: 'channel' | 'country' | 'category') =>
    groups.flatMap((group) => group[name].map(kept));
  return {
    customerIds: groups.flatMap(({ customerIds }) => customerIds),
    groupSizes: groups.flatMap(({ groupSizes }) => groupSizes),
    frequency: numbers('frequency'),
    recencyDays: numbers('recencyDays'),
    ageDays: numbers('ageDays'),
    spend: numbers('spend'),
    firstDay: numbers('firstDay'),
    distinctProducts: numbers('distinctProducts'),
    discountShare: numbers('discountShare'),
    returnShare: numbers('returnShare'),
    lastDayBefore: numbers('lastDayBefore'),
    daysBefore: numbers('daysBefore'),
    spendBefore: numbers('spendBefore'),
    daysAfter: numbers('daysAfter'),
    spendAfter: numbers('spendAfter'),
    channel: texts('channel'),
    country: texts('country'),
    category: texts('category'),
  };
}

type NumberColumn = {
  [Name in keyof Buyers]: Buyers[Name] extends Float64Array ? Name : never;
}[keyof Buyers];

/** Those who had bought by the holdout, as they stood then. */
export function holdoutColumns(buyers: Buyers, holdoutDay: number): HoldoutColumns {
  const { daysBefore } = buyers;
  const rows = Array.from(daysBefore.keys()).filter((row) => (daysBefore[row] as number) > 0);
  const of = (value: (row: number) => number): Float64Array => Float64Array.from(rows, value);
  const firstDay = (row: number): number => buyers.firstDay[row] as number;
  return {
    histories: {
      frequency: of((row) => (daysBefore[row] as number) - 1),
      recency: of((row) => (buyers.lastDayBefore[row] as number) - firstDay(row)),
      age: of((row) => holdoutDay - firstDay(row)),
    },
    covariates: covariatesOf(buyers, rows),
    spendBefore: of((row) => buyers.spendBefore[row] as number),
    purchasesAfter: of((row) => buyers.daysAfter[row] as number),
    spendAfter: of((row) => buyers.spendAfter[row] as number),
  };
}

/** What the first order came with, as far as orders name it; of these customers, or of all. */
export function covariatesOf(
  buyers: Buyers,
  rows: readonly number[] = Array.from(buyers.customerIds.keys()),
): HoldoutColumns['covariates'] {
  return (['channel', 'country', 'category'] as const)
    .map((name) => ({ name, values: rows.map((row) => buyers[name][row] ?? null) }))
    .filter(({ values }) => new Set(values.filter((value) => value !== null)).size > 1);
}
