import type { SqlRow } from '../../lib/features/duckdb.ts';

/** A canonical order line with all its columns. */
export type FullLine = SqlRow & {
  customer_id: string | null;
  order_id: string | null;
  ordered_at: number;
  ordered_day: number;
  amount: number;
  status: string;
};

/** What the quality report says of the lines themselves, computed in the plainest way. */
export function expectedLines(lines: readonly FullLine[], newestAt: number) {
  const kept = lines.filter(({ status }) => ['sale', 'return'].includes(status));
  const undone = lines.filter(({ status }) => ['return', 'cancelled', 'unpaid'].includes(status));
  const nobody = kept.filter(({ customer_id: id }) => id === null);
  const sales = lines.filter(({ status }) => status === 'sale');
  return {
    lines: lines.length,
    revenue: {
      amount: money(kept),
      withoutCustomer: money(nobody),
      shareWithoutCustomer: part(money(nobody), money(kept)),
    },
    cancellations: {
      lines: undone.length,
      share: part(undone.length, lines.length),
      amount: money(undone),
      negativeSales: sales.filter(({ amount, quantity }) => amount < 0 || Number(quantity) < 0).length,
    },
    dates: expectedDates(
      sales.filter(({ ordered_at: at }) => at <= newestAt).map(({ ordered_day: day }) => day),
    ),
  };
}

/** Lines without a customer that have the same order, time, product, quantity and amount as one before. */
export function copiesWithoutCustomer(lines: readonly FullLine[]): number {
  const nobody = lines.filter((line) => line.customer_id === null && line.order_id !== null);
  const keys = nobody.map((line) =>
    JSON.stringify([line.order_id, line.ordered_at, line.product, line.quantity, line.amount]),
  );
  return keys.length - new Set(keys).size;
}

export function expectedColumn(lines: readonly FullLine[], name: string) {
  const values = lines.map((line) => line[name] ?? null).filter((value) => value !== null);
  const numbers = values.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  return {
    missing: lines.length - values.length,
    distinct: new Set(values).size,
    min: numbers[0] ?? null,
    max: numbers.at(-1) ?? null,
    median: numbers[Math.ceil(numbers.length / 2) - 1] ?? null,
    p95: numbers[Math.ceil(numbers.length * 0.95 - 1e-9) - 1] ?? null,
  };
}

export function expectedMix(lines: readonly FullLine[], column: string) {
  const groups = new Map<string | null, FullLine[]>();
  for (const line of lines) {
    const value = (line[column] ?? null) as string | null;
    groups.set(value, [...(groups.get(value) ?? []), line]);
  }
  return [...groups]
    .map(([value, own]) => ({
      value,
      lines: own.length,
      share: part(own.length, lines.length),
      amount: money(own),
    }))
    .sort((a, b) => b.lines - a.lines || inOrder(a.value, b.value));
}

function expectedDates(days: readonly number[]) {
  const there = new Set(days);
  const [first, last] = [Math.min(...days), Math.max(...days)];
  if (there.size === 0)
    return { firstDay: null, lastDay: null, daysWithOrders: 0, daysWithoutOrders: 0, gaps: [] };
  const gaps: { from: string; to: string; days: number }[] = [];
  for (let day = first; day <= last; day++) {
    if (there.has(day)) continue;
    let end = day;
    while (!there.has(end + 1)) end++;
    gaps.push({ from: iso(day), to: iso(end), days: end - day + 1 });
    day = end;
  }
  return {
    firstDay: iso(first),
    lastDay: iso(last),
    daysWithOrders: there.size,
    daysWithoutOrders: gaps.reduce((sum, gap) => sum + gap.days, 0),
    gaps: gaps.sort((a, b) => b.days - a.days || (a.from < b.from ? -1 : 1)).slice(0, 10),
  };
}

const money = (lines: readonly FullLine[]): number => lines.reduce((sum, { amount }) => sum + amount, 0);

const part = (some: number, all: number): number | null =>
  all <= 0 ? null : Number((some / all).toFixed(6)) || 0;

const iso = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

const inOrder = (a: string | null, b: string | null): number =>
  a === null ? -1 : b === null ? 1 : Buffer.compare(Buffer.from(a), Buffer.from(b));
