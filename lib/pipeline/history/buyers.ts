/** One buyer as the features have them; days, and money in minor units. */
export interface Buyer {
  customerId: string;
  frequency: number;
  recencyDays: number;
  ageDays: number;
  spend: number;
}

/** Customers who have bought; the others only browsed. */
export function buyersOf(names: string[], entries: [string, unknown[]][]): Buyer[] {
  const at = (name: string): number => names.indexOf(name);
  const columns = [at('frequency'), at('recency_days'), at('age_days'), at('spend'), at('orders')];
  return entries.flatMap(([customerId, values]) => {
    const [frequency, recencyDays, ageDays, spend, orders] = columns.map((column) =>
      Number(values[column] ?? 0),
    );
    const buyer = { customerId, frequency, recencyDays, ageDays, spend } as Buyer;
    return orders === 0 ? [] : [buyer];
  });
}
