import { drawBeta, drawGamma } from '../../lib/math/draws.ts';
import { seededGenerator, uniform } from '../../lib/math/random.ts';

export interface DrawnOrder {
  customerId: string;
  /** Days since 1970-01-01. */
  day: number;
  amount: number;
}

/** Orders of customers who come to know the shop over its first half, buy at rates of their own, and leave by chances of their own. */
export function drawOrders({
  seed,
  customers,
  firstDay,
  days,
}: {
  seed: number;
  customers: number;
  firstDay: number;
  days: number;
}): DrawnOrder[] {
  const generator = seededGenerator(seed);
  return Array.from({ length: customers }, (_, index) => {
    const customerId = `k${index + 1}`;
    const perDay = drawGamma(generator, 0.8) / 20;
    const chanceToLeave = drawBeta(generator, 1, 5);
    const orders: DrawnOrder[] = [];
    let at = uniform(generator) * (days / 2);
    while (at < days) {
      orders.push({
        customerId,
        day: firstDay + Math.floor(at),
        amount: Math.round(500 + 4500 * uniform(generator)),
      });
      if (uniform(generator) < chanceToLeave) break;
      at += 1 - Math.log(1 - uniform(generator)) / perDay;
    }
    return orders;
  }).flat();
}

export const ordersCsv = (orders: readonly DrawnOrder[]): string =>
  [
    'customer_id,order_id,ordered_at,quantity,amount',
    ...orders.map(
      ({ customerId, day, amount }, order) =>
        `${customerId},${order + 1},${new Date(day * 86_400_000).toISOString().slice(0, 10)},1,${(amount / 100).toFixed(2)}`,
    ),
  ].join('\n');
