import type { BrowseEvent, OrderHistory, OrderLine } from './orderHistory.ts';

/**
 * Ledger and features once more, the plain way: one line after the other, in loops. It shares nothing with the SQL but the
 * names of what it computes.
 */
export interface Judged {
  line: OrderLine;
  outcome: string;
  sale: OrderLine | null;
}

type Row = Record<string, number | string | null>;

export function judgeLines(
  lines: OrderLine[],
  { newestAt, nonProducts }: { newestAt: number; nonProducts: string[] },
): Judged[] {
  const seen = new Set<string>();
  const inFileOrder = [...lines].sort(
    (a, b) => a.source_file - b.source_file || a.source_line - b.source_line,
  );
  const judged = inFileOrder.map((line): Judged => {
    const key = JSON.stringify([
      line.customer_id,
      line.order_id,
      line.ordered_at,
      line.product,
      line.quantity,
      line.amount,
    ]);
    const isCopy = line.order_id !== null && seen.has(key);
    seen.add(key);
    return { line, outcome: rule(line, isCopy), sale: null };
  });
  const groups = groupBy(
    judged.filter(({ outcome }) => outcome === 'sale' || outcome === 'return'),
    ({ line }) => JSON.stringify([line.customer_id, line.product]),
  );
  for (const group of groups) matchReturns(group);
  return judged;

  function rule(line: OrderLine, isCopy: boolean): string {
    if (line.customer_id === null) return 'noCustomer';
    if (isCopy) return 'duplicate';
    if (line.status === 'test') return 'test';
    if (line.ordered_at > newestAt) return 'futureDate';
    if (line.product !== null && nonProducts.includes(line.product.trim().toUpperCase())) return 'nonProduct';
    if (line.status === 'cancelled') return 'cancelled';
    return line.status === 'return' || (line.quantity ?? 0) < 0 || line.amount < 0 ? 'return' : 'sale';
  }
}

/** Walks through what a customer did with one product, keeping what could still come back. */
function matchReturns(group: Judged[]): void {
  let unitsLeft = 0;
  let moneyLeft = 0;
  const order = ({ outcome }: Judged) => (outcome === 'sale' ? 0 : 1);
  for (const entry of [...group].sort(
    (a, b) => a.line.ordered_at - b.line.ordered_at || order(a) - order(b),
  )) {
    const units = Math.abs(entry.line.quantity ?? 0);
    const money = Math.abs(entry.line.amount);
    if (entry.outcome === 'sale') {
      unitsLeft += units;
      moneyLeft += money;
      continue;
    }
    const holds = ({ line }: Judged) => (units > 0 ? (line.quantity ?? 0) >= units : line.amount >= money);
    const sales = group.filter(
      (other) => other.outcome === 'sale' && other.line.ordered_at <= entry.line.ordered_at && holds(other),
    );
    if (sales.length === 0) {
      entry.outcome = 'unmatchedReturn';
      continue;
    }
    const covered = units > 0 ? unitsLeft >= units : moneyLeft >= money;
    unitsLeft = Math.max(0, unitsLeft - units);
    moneyLeft = Math.max(0, moneyLeft - money);
    entry.outcome = covered ? 'matchedReturn' : 'unmatchedReturn';
    if (covered) entry.sale = bestSale(sales, entry.line);
  }
}

function bestSale(sales: Judged[], { order_id }: OrderLine): OrderLine {
  const lines = sales.map(({ line }) => line);
  const ofOrder = lines.filter((line) => order_id !== null && line.order_id === order_id);
  return (ofOrder.length > 0 ? ofOrder : lines).reduce((best, line) =>
    line.ordered_at > best.ordered_at ||
    (line.ordered_at === best.ordered_at && (line.order_id ?? '') > (best.order_id ?? ''))
      ? line
      : best,
  );
}

interface Order {
  day: number;
  at: number;
  key: string;
  hour: number | null;
  channel: string | null;
  sold: number;
  returned: number;
  net: number;
  discount: number | null;
  listed: number | null;
}

export function expectedFeatures(
  { events }: Pick<OrderHistory, 'events'>,
  judged: Judged[],
  { lastDay, horizonDays }: { lastDay: number; horizonDays: number | null },
): Map<string, Row> {
  const known = judged.filter(({ line }) => line.ordered_day <= lastDay);
  const seen = events.filter((event) => event.customer_id !== null && event.occurred_day <= lastDay);
  const customers = new Set([
    ...known.filter(({ outcome }) => outcome === 'sale').map(({ line }) => line.customer_id as string),
    ...seen.map((event) => event.customer_id as string),
  ]);
  return new Map(
    [...customers].map((customer) => {
      const own = known.filter(({ line }) => line.customer_id === customer);
      const later = judged.filter(({ line }) => line.customer_id === customer);
      return [
        customer,
        {
          ...orderFeatures(own, lastDay),
          ...lineFeatures(own),
          ...browsing(
            seen.filter((event) => event.customer_id === customer),
            lastDay,
          ),
          ...labels(later, { lastDay, horizonDays }),
        },
      ];
    }),
  );
}

function ordersOf(judged: Judged[]): Order[] {
  const returns = judged.filter(({ outcome }) => outcome === 'matchedReturn');
  const sales = judged.filter(({ outcome }) => outcome === 'sale').map(({ line }) => line);
  return groupBy(sales, (line) => JSON.stringify([line.order_id, line.ordered_day]))
    .map((lines): Order => {
      const [first] = lines as [OrderLine];
      const sold = sum(lines.map(({ amount }) => amount));
      const returned = sum(
        returns
          .filter(({ sale }) => sale?.order_id === first.order_id && sale.ordered_day === first.ordered_day)
          .map(({ line }) => Math.abs(line.amount)),
      );
      const discounted = lines.filter(({ discount }) => discount !== null);
      const hours = lines.flatMap(({ ordered_hour }) => ordered_hour ?? []);
      return {
        day: first.ordered_day,
        at: Math.min(...lines.map(({ ordered_at }) => ordered_at)),
        key: first.order_id ?? '',
        hour: hours.length > 0 ? Math.min(...hours) : null,
        channel: firstByCodePoint(lines.flatMap(({ channel }) => channel ?? [])),
        sold,
        returned,
        net: sold - returned,
        discount: discounted.length > 0 ? sum(discounted.map(({ discount }) => discount ?? 0)) : null,
        listed:
          discounted.length > 0
            ? sum(discounted.map(({ amount, discount }) => amount + (discount ?? 0)))
            : null,
      };
    })
    .sort((a, b) => a.day - b.day || a.at - b.at || (a.key < b.key ? -1 : 1));
}

function orderFeatures(judged: Judged[], lastDay: number): Row {
  const orders = ordersOf(judged);
  const net = orders.map((order) => order.net);
  const days = [...new Set(orders.map(({ day }) => day))].sort((a, b) => a - b);
  const [firstDay = Number.NaN, lastBought = Number.NaN] = [days[0], days.at(-1)];
  const gaps = days.slice(1).map((day, index) => day - (days[index] as number));
  const meanGap = gaps.length > 0 ? sum(gaps) / gaps.length : Number.NaN;
  const within = (from: number, to: number) =>
    orders.filter(({ day }) => day > lastDay - to && day <= lastDay - from);
  const netWithin = (from: number, to: number) => sum(within(from, to).map((order) => order.net));
  const timed = orders.filter(({ hour }) => hour !== null);
  const part = (from: number, to: number) =>
    timed.filter(({ hour }) => (hour ?? -1) >= from && (hour ?? -1) < to).length / timed.length;
  // Day 0 is a Thursday.
  const weekday = (name: number) =>
    orders.filter(({ day }) => new Date(day * 86_400_000).getUTCDay() === name).length;
  const discounted = orders.filter(({ listed }) => listed !== null);
  const row: Record<string, number | null> = {
    recency_days: lastBought - firstDay,
    days_since_last: lastDay - lastBought,
    age_days: lastDay - firstDay,
    frequency: Math.max(0, days.length - 1),
    orders: orders.length,
    spend: sum(net),
    first_order_spend: net[0] ?? null,
    repeat_spend: sum(orders.filter(({ day }) => day > firstDay).map((order) => order.net)),
    order_value_mean: sum(net) / orders.length,
    order_value_min: Math.min(...net),
    order_value_max: Math.max(...net),
    last_order_value: net.at(-1) ?? null,
    gap_mean_days: meanGap,
    gap_std_days:
      gaps.length > 1 ? Math.sqrt(sum(gaps.map((gap) => (gap - meanGap) ** 2)) / (gaps.length - 1)) : null,
    last_gap_days: gaps.at(-1) ?? null,
    last_gap_ratio: (gaps.at(-1) ?? Number.NaN) / meanGap,
    overdue_ratio: (lastDay - lastBought) / meanGap,
    night_share: part(0, 6),
    morning_share: part(6, 12),
    afternoon_share: part(12, 18),
    evening_share: part(18, 24),
    discount_share:
      sum(discounted.map(({ discount }) => discount ?? 0)) / sum(discounted.map(({ listed }) => listed ?? 0)),
    return_share: sum(orders.map(({ returned }) => returned)) / sum(orders.map(({ sold }) => sold)),
  };
  for (const window of [7, 30, 90, 365]) {
    row[`spend_${window}d`] = netWithin(0, window);
    row[`orders_${window}d`] = within(0, window).length;
  }
  for (const window of [30, 90]) {
    row[`spend_trend_${window}d`] = netWithin(0, window) - netWithin(window, 2 * window);
    row[`orders_trend_${window}d`] = within(0, window).length - within(window, 2 * window).length;
  }
  for (const [index, name] of [
    'sunday',
    'monday',
    'tuesday',
    'wednesday',
    'thursday',
    'friday',
    'saturday',
  ].entries())
    row[`${name}_share`] = weekday(index) / orders.length;
  return {
    ...Object.fromEntries(Object.entries(row).map(([name, value]) => [name, finite(value)])),
    top_channel: mostFrequent(orders.flatMap(({ channel }) => channel ?? [])),
  };
}

function lineFeatures(judged: Judged[]): Row {
  const sales = judged.filter(({ outcome }) => outcome === 'sale').map(({ line }) => line);
  const products = sales.flatMap(({ product }) => product ?? []);
  const categories = sales.flatMap(({ category }) => category ?? []);
  const top = mostFrequent(categories);
  return {
    distinct_products: new Set(products).size,
    product_entropy: entropy(products),
    distinct_categories: new Set(categories).size,
    category_entropy: entropy(categories),
    top_category: top,
    top_category_share: finite(categories.filter((category) => category === top).length / categories.length),
  };
}

function browsing(events: BrowseEvent[], lastDay: number): Row {
  const row: Row = {
    browse_recency_days: finite(lastDay - Math.max(...events.map(({ occurred_day }) => occurred_day))),
  };
  for (const window of [7, 30, 90]) {
    const recent = events.filter(({ occurred_day }) => occurred_day > lastDay - window);
    row[`browse_minutes_${window}d`] = sum(recent.map(({ minutes }) => minutes ?? 0));
    row[`browse_sessions_${window}d`] = new Set(
      recent.map(({ session_id, occurred_day }) => `${session_id} ${occurred_day}`),
    ).size;
    row[`browse_days_${window}d`] = new Set(recent.map(({ occurred_day }) => occurred_day)).size;
    row[`carts_${window}d`] = recent.filter(({ kind }) => kind === 'cart').length;
  }
  return row;
}

function labels(
  judged: Judged[],
  { lastDay, horizonDays }: { lastDay: number; horizonDays: number | null },
): Row {
  if (horizonDays === null) return { label_bought: null, label_spend: null, label_orders: null };
  const horizon = ordersOf(judged.filter(({ line }) => line.ordered_day <= lastDay + horizonDays)).filter(
    ({ day }) => day > lastDay,
  );
  return {
    label_bought: horizon.length > 0 ? 1 : 0,
    label_spend: sum(horizon.map(({ net }) => net)),
    label_orders: horizon.length,
  };
}

function entropy(values: string[]): number | null {
  if (values.length === 0) return null;
  const shares = groupBy(values, (value) => value).map((group) => group.length / values.length);
  return -sum(shares.map((share) => share * Math.log(share)));
}

function mostFrequent(values: string[]): string | null {
  const groups = groupBy(values, (value) => value);
  const most = Math.max(...groups.map((group) => group.length));
  return firstByCodePoint(groups.filter((group) => group.length === most).map(([value]) => value as string));
}

const firstByCodePoint = (values: string[]): string | null =>
  [...values].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))[0] ?? null;

const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null;

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

function groupBy<Value>(values: Value[], key: (value: Value) => string): Value[][] {
  const groups = new Map<string, Value[]>();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return [...groups.values()];
}
