import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerOutcome } from '../../../lib/features/computeOrderFeatures.ts';
import type { DuckDb } from '../../../lib/features/duckdb.ts';
import { firstDay, type OrderLine, secondsPerDay } from '../../support/orderHistory.ts';
import { featuresOf, openTestDuckDb } from '../../support/orderTables.ts';

let db: DuckDb;
let close: () => void;
beforeAll(async () => {
  ({ db, close } = await openTestDuckDb());
});
afterAll(() => close());

describe('returns', () => {
  test('a matched return lowers the value of its sale and keeps the visit', async () => {
    const { outcomes, row } = await ledger([
      sale({ day: 0, order_id: 'A', quantity: 2, amount: 2_000 }),
      sale({ day: 5, order_id: 'B', quantity: 1, amount: 1_000 }),
      back({ day: 9, order_id: 'R', quantity: -2, amount: -2_000 }),
    ]);
    expect(outcomes).toEqual({ sale: 2, matchedReturn: 1 });
    expect(row).toMatchObject({
      orders: 2,
      frequency: 1,
      spend: 1_000,
      first_order_spend: 0,
      last_order_value: 1_000,
    });
  });

  test('a return is not known before its day, and then stands where the sale stood', async () => {
    const lines = [
      sale({ day: 0, order_id: 'A', quantity: 1, amount: 1_000 }),
      sale({ day: 60, order_id: 'B', quantity: 1, amount: 700, product: 'tea' }),
      back({ day: 61, order_id: 'R', quantity: -1, amount: -1_000 }),
    ];
    expect((await ledger(lines, 60)).row).toMatchObject({ spend: 1_700, spend_30d: 700 });
    expect((await ledger(lines, 61)).row).toMatchObject({ spend: 700, spend_30d: 700 });
  });

  test('without an earlier sale of that product and at least that quantity, a return is set aside', async () => {
    const { outcomes, row } = await ledger([
      sale({ day: 3, order_id: 'A', quantity: 1, amount: 1_000 }),
      back({ day: 2, order_id: 'R1', quantity: -1, amount: -1_000 }),
      back({ day: 4, order_id: 'R2', quantity: -2, amount: -2_000 }),
      back({ day: 4, order_id: 'R3', quantity: -1, amount: -1_000, product: 'tea' }),
      back({ day: 4, order_id: 'R4', quantity: -1, amount: -1_000, customer_id: 'bob' }),
    ]);
    expect(outcomes).toEqual({ sale: 1, unmatchedReturn: 4 });
    expect(row).toMatchObject({ spend: 1_000, return_share: 0 });
  });

  test('what was bought once comes back once, and what was bought twice comes back twice', async () => {
    const once = sale({ day: 0, order_id: 'A', quantity: 1, amount: 1_000 });
    const again = sale({ day: 1, order_id: 'B', quantity: 1, amount: 1_000 });
    const returns = [2, 3].map((day) => back({ day, order_id: `R${day}`, quantity: -1, amount: -1_000 }));
    expect((await ledger([once, ...returns])).outcomes).toEqual({
      sale: 1,
      matchedReturn: 1,
      unmatchedReturn: 1,
    });
    expect((await ledger([once, again, ...returns])).outcomes).toEqual({ sale: 2, matchedReturn: 2 });
  });

  test('a return that was not covered does not count against what is bought later', async () => {
    const bought = [0, 4].map((day) => sale({ day, order_id: `${day}`, quantity: 1, amount: 1_000 }));
    const returns = [1, 2, 5].map((day) => back({ day, order_id: `R${day}`, quantity: -1, amount: -1_000 }));
    expect((await ledger([...bought, ...returns])).outcomes).toEqual({
      sale: 2,
      matchedReturn: 2,
      unmatchedReturn: 1,
    });
    const refunds = returns.map((line) => ({ ...line, quantity: null }));
    expect((await ledger([...bought, ...refunds])).outcomes).toEqual({
      sale: 2,
      matchedReturn: 2,
      unmatchedReturn: 1,
    });
  });

  test('a refund without a quantity is matched by its money, and prefers its own order', async () => {
    const { outcomes, row } = await ledger([
      sale({ day: 0, order_id: 'A', quantity: 1, amount: 1_000 }),
      sale({ day: 1, order_id: 'B', quantity: 1, amount: 900 }),
      back({ day: 2, order_id: 'A', quantity: null, amount: -400 }),
    ]);
    expect(outcomes).toEqual({ sale: 2, matchedReturn: 1 });
    expect(row).toMatchObject({ first_order_spend: 600, last_order_value: 900 });
  });
});

describe('what is set aside', () => {
  test('the second of two lines alike in order, product, time, quantity and amount is a duplicate', async () => {
    const line = sale({ day: 0, order_id: 'A', quantity: 1, amount: 1_000 });
    expect((await ledger([line, line, line])).outcomes).toEqual({ sale: 1, duplicate: 2 });
    expect((await ledger([line, { ...line, quantity: 2 }])).outcomes).toEqual({ sale: 2 });
    expect((await ledger([line, { ...line, order_id: 'B' }])).outcomes).toEqual({ sale: 2 });
  });

  test('without an order id nothing says that two like lines are one', async () => {
    const line = sale({ day: 0, order_id: null, quantity: 1, amount: 1_000 });
    expect((await ledger([line, line])).row).toMatchObject({ orders: 1, spend: 2_000 });
  });

  test.each<[LedgerOutcome, Partial<OrderLine>]>([
    ['noCustomer', { customer_id: null }],
    ['test', { status: 'test' }],
    ['futureDate', { ordered_at: (firstDay + 900) * secondsPerDay }],
    ['nonProduct', { product: ' post' }],
    ['cancelled', { status: 'cancelled' }],
    ['cancelled', { status: 'unpaid' }],
  ])('%s: %j', async (outcome, change) => {
    const line = { ...sale({ day: 0, order_id: 'A', quantity: 1, amount: 1_000 }), ...change };
    expect((await ledger([line])).outcomes).toEqual({ [outcome]: 1 });
  });

  test('the first rule that a line meets takes it', async () => {
    const line = sale({ day: 0, order_id: 'A', quantity: 1, amount: 1_000 });
    const both = { ...line, customer_id: null, status: 'test' };
    expect((await ledger([both, { ...line, status: 'test', product: 'POST' }])).outcomes).toEqual({
      noCustomer: 1,
      test: 1,
    });
  });
});

test('a customer who only looked around has a row, without orders', async () => {
  const event = { customer_id: 'ann', session_id: null, occurred_day: firstDay, minutes: 1.5, kind: 'cart' };
  const { rows } = await featuresOf(db, { lines: [], events: [event] }, { ...options, cutoffs: [cutoff(0)] });
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    customer_id: 'ann',
    orders: 0,
    spend: 0,
    age_days: null,
    browse_minutes_7d: 1.5,
    browse_sessions_7d: 1,
    carts_7d: 1,
  });
});

type Line = Pick<OrderLine, 'order_id' | 'quantity' | 'amount'> & Partial<OrderLine> & { day: number };

const options = { newestAt: (firstDay + 500) * secondsPerDay, nonProducts: ['POST'] };

const cutoff = (day: number) => ({ lastDay: firstDay + day, horizonDays: null });

const sale = ({ day, ...line }: Line): OrderLine => ({
  customer_id: 'ann',
  ordered_at: (firstDay + day) * secondsPerDay + 3_600,
  ordered_day: firstDay + day,
  ordered_hour: 1,
  product: 'cup',
  category: null,
  discount: null,
  country: null,
  channel: null,
  status: 'sale',
  source_file: 1,
  source_line: 0,
  ...line,
});

const back = (line: Line): OrderLine => sale({ status: 'return', ...line });

async function ledger(lines: OrderLine[], day = 400) {
  const numbered = lines.map((line, index) => ({ ...line, source_line: index + 2 }));
  const { rules, rows } = await featuresOf(
    db,
    { lines: numbered, events: [] },
    { ...options, cutoffs: [cutoff(day)] },
  );
  const outcomes = Object.fromEntries(rules.map((rule) => [rule.outcome, rule.lines]));
  return { outcomes, row: rows.find((row) => row.customer_id === 'ann') };
}
