import { allocate } from '../cells/money.ts';
import type { OrderLine } from './orderLines.ts';

/** What an export says about an order as a whole, in minor units. */
export interface OrderTotals {
  /** Value of its goods after discounts. */
  subtotal: number | null;
  /** Value of its goods before discounts; `subtotal` or this one is there. */
  gross: number | null;
  discount: number;
  refund: number;
  /** What was to be paid, with shipping and tax; a refund is a part of it. */
  total: number | null;
}

/**
 * Takes an order's own discount off its lines, in place, in proportion to their value. The discount is what its lines are
 * worth beyond its subtotal; answers false where the discount does not explain the difference, which is then left alone.
 */
export function takeDiscountOff(lines: readonly OrderLine[], totals: OrderTotals): boolean {
  const goods = totals.subtotal ?? (totals.gross === null ? null : totals.gross - totals.discount);
  if (goods === null) return true;
  const rest = goodsValue(lines) - goods;
  if (rest === 0) return true;
  if (rest < 0 || rest > totals.discount) return false;
  const shares = allocate(rest, weightsOf(lines));
  for (const [index, line] of lines.entries()) {
    const share = shares[index] ?? 0;
    line.amount -= share;
    line.discount = (Number.isNaN(line.discount) ? 0 : line.discount) + share;
  }
  return true;
}

/** The return lines of an order that was refunded: the goods' share of the refund, in proportion to the lines' value. */
export function refundedLines(
  lines: readonly OrderLine[],
  totals: OrderTotals,
  wholly: boolean,
): OrderLine[] {
  const value = goodsValue(lines);
  const total = Math.max(totals.total ?? value, value);
  const refund = wholly && totals.refund === 0 ? total : Math.min(totals.refund, total);
  if (refund === 0 || value <= 0) return [];
  const goods = allocate(refund, [value, total - value])[0] ?? 0;
  const shares = allocate(goods, weightsOf(lines));
  return lines.flatMap((line, index) => {
    const share = shares[index] ?? 0;
    if (share === 0) return [];
    const quantity = share === line.amount ? -Math.abs(line.quantity) : Number.NaN;
    return [{ ...line, status: 'return' as const, amount: -share, quantity, discount: Number.NaN }];
  });
}

const weightsOf = (lines: readonly OrderLine[]): number[] => lines.map(({ amount }) => Math.max(0, amount));

const goodsValue = (lines: readonly OrderLine[]): number =>
  lines.reduce((sum, { amount }) => sum + amount, 0);
