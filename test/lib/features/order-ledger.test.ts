import { afterAll, describe, expect, test } from 'vitest';
import type { LedgerOutcome } from '../../../lib/features/computeOrderFeatures.ts';
import { firstDay, type OrderLine, secondsPerDay } from '../../support/orderHistory.ts';
import { featuresOf, openTestDuckDb } from '../../support/orderTables.ts';

const { db, close } = await openTestDuckDb();
afterAll(close);

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

  test('a return that stands twice is one return and one duplicate, and takes nothing off twice', async () => {
    const bought = sale({ day: 0, order_id: 'A', quantity: 3, amount: 3_000 });
    const returned = back({ day: 2, order_id: 'R', quantity: -1, amount: -1_000 });
    const { outcomes, row } = await ledger([bought, returned, returned]);
    expect(outcomes).toEqual({ sale: 1, matchedReturn: 1, duplicate: 1 });
    expect(row).toMatchObject({ spend: 2_000 });
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

  test('a refund counts where its row repeats a sale that an older file has without it', async () => {
    const bought = sale({ day: 0, order_id: 'A', quantity: 2, amount: 1_000, source_line: 5 });
    const again = { ...bought, source_file: 2 };
    const refund = { ...again, status: 'return', quantity: -1, amount: -400 };
    const { outcomes, row } = await ledger([bought, again, refund]);
    expect(outcomes).toEqual({ sale: 1, duplicate: 1, matchedReturn: 1 });
    expect(row).toMatchObject({ orders: 1, spend: 600 });
    const third = [again, refund].map((line) => ({ ...line, source_file: 3 }));
    expect((await ledger([bought, again, refund, ...third])).outcomes).toEqual({
      sale: 1,
      duplicate: 3,
      matchedReturn: 1,
    });
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
    ['nonProduct', { product: 'Päckchen  ' }],
    ['nonProduct', { product: '  运费' }],
    ['cancelled', { status: 'cancelled' }],
    ['cancelled', { status: 'unpaid' }],
  ])('%s: %j', async (outcome, change) => {
    const line = { ...sale({ day: 0, order_id: 'A', quantity: 1, amount: 1_000 }), ...change };
    expect((await ledger([line])).outcomes).toEqual({ [outcome]: 1 });
  });

  test('a product whose name holds that of a non-product is a product, and a line without one is a sale', async () => {
    const products = ['post card', 'kpost', 'päckchen.', '运 费', 'p o s t', '', null, 'pOst'];
    const lines = products.map((product, index) =>
      sale({ day: index, order_id: 'A', quantity: 1, amount: 1_000, product }),
    );
    expect((await ledger(lines)).outcomes).toEqual({ sale: products.length - 1, nonProduct: 1 });
  });

  test('of lines without a customer, those that are demand are counted with those that are not', async () => {
    const line = sale({ day: 0, order_id: 'A', quantity: 1, amount: 1_000, customer_id: null });
    const { rules, outcomes } = await ledger([
      line,
      line,
      { ...line, quantity: 0, amount: 400 },
      { ...line, status: 'cancelled', amount: 20 },
      { ...line, quantity: -1, amount: -100 },
      { ...line, customer_id: 'ann' },
    ]);
    expect(outcomes).toEqual({ noCustomer: 5, sale: 1 });
    expect(rules.find(({ outcome }) => outcome === 'noCustomer')?.amount).toBe(2_320);
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

test('browsing is read 90 days back from each cutoff, and its last day from however far', async () => {
  const looked = (customer_id: string, day: number, kind = 'view') => ({
    ...{ customer_id, session_id: `s${day}`, occurred_day: firstDay + day, minutes: 2, kind },
  });
  const events = [
    ...[10, 11, 100, 101, 209, 210, 211].map((day) => looked('ann', day, 'cart')),
    looked('bob', 10),
  ];
  const { rows } = await featuresOf(
    db,
    { lines: [], events },
    { ...options, cutoffs: [cutoff(100), cutoff(300)] },
  );
  const seen = rows.map((row) => [
    ...[row.customer_id, Number(row.last_day) - firstDay, row.browse_recency_days, row.browse_days_90d],
    ...[row.browse_sessions_90d, row.browse_minutes_90d, row.carts_90d, row.browse_days_7d],
  ]);
  expect(seen).toEqual([
    ['ann', 100, 0, 2, 2, 4, 2, 1],
    ['bob', 100, 90, 0, 0, 0, 0, 0],
    ['ann', 300, 89, 1, 1, 2, 1, 0],
    ['bob', 300, 290, 0, 0, 0, 0, 0],
  ]);
});

type Line = Pick<OrderLine, 'order_id' | 'quantity' | 'amount'> & Partial<OrderLine> & { day: number };

const options = { newestAt: (firstDay + 500) * secondsPerDay, nonProducts: ['POST', 'Päckchen', '运费'] };

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
  const numbered = lines.map((line, index) => ({ ...line, source_line: line.source_line || index + 2 }));
  const { rules, rows } = await featuresOf(
    db,
    { lines: numbered, events: [] },
    { ...options, cutoffs: [cutoff(day)] },
  );
  const outcomes = Object.fromEntries(rules.map((rule) => [rule.outcome, rule.lines]));
  return { rules, outcomes, row: rows.find((row) => row.customer_id === 'ann') };
}
