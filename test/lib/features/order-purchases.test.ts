import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { SqlRow } from '../../../lib/features/duckdb.ts';
import {
  type CohortCell,
  type CustomerPurchases,
  createPurchaseInputs,
  readPurchases,
} from '../../../lib/features/purchases.ts';
import { firstDay, type OrderHistory, orderHistories, secondsPerDay } from '../../support/orderHistory.ts';
import { type Judged, judgeLines } from '../../support/orderOracle.ts';
import { featuresOf, openTestDuckDb } from '../../support/orderTables.ts';

const newestAt = (firstDay + 400) * secondsPerDay;
const lastDay = firstDay + 300;
const holdoutDay = firstDay + 12;
/** Of thirty days each, since any will do. */
const months = Array.from({ length: 20 }, (_, month) => ({
  month,
  firstDay: firstDay + 30 * month,
  lastDay: firstDay + 30 * month + 29,
}));

const { db, close } = await openTestDuckDb();
afterAll(close);

async function purchasesOf(
  history: OrderHistory,
  span = { lastDay, holdoutDay: holdoutDay as number | null },
) {
  let found: { customers: CustomerPurchases; cells: CohortCell[] } | undefined;
  await createPurchaseInputs(db, { span, months });
  const { rows } = await featuresOf(db, history, {
    cutoffs: [{ lastDay: span.lastDay, horizonDays: null }],
    newestAt,
    nonProducts: ['Post'],
    onBucket: async () => {
      found = await readPurchases(db);
    },
  });
  if (found === undefined) throw new Error('no bucket was computed');
  return { ...found, rows };
}

describe('purchases by customer', () => {
  test('before and after the holdout, and by month, are what the lines say one by one', async () => {
    await fc.assert(
      fc.asyncProperty(orderHistories, async (history) => {
        const { customers, cells } = await purchasesOf(history);
        const judged = judgeLines(history.lines, { newestAt, nonProducts: ['POST'] });
        const expected = new Map([...linesByCustomer(judged)].map(([id, lines]) => [id, expectedRow(lines)]));
        expect(customers.customerIds).toEqual([...expected.keys()].sort());
        for (const [at, id] of customers.customerIds.entries())
          expect(rowAt(customers, at)).toEqual(expected.get(id));
        const total = (pick: (cell: CohortCell) => number) =>
          cells.reduce((sum, cell) => sum + pick(cell), 0);
        expect(total(({ revenue }) => revenue)).toBe(
          [...linesByCustomer(judged).values()].flat().reduce((sum, { amount }) => sum + amount, 0),
        );
        const starters = cells.filter(({ cohort, month }) => cohort === month);
        expect(starters.reduce((sum, cell) => sum + cell.customers, 0)).toBe(customers.customerIds.length);
      }),
      { numRuns: 20 },
    );
  });

  test('are those of the features', async () => {
    await fc.assert(
      fc.asyncProperty(orderHistories, async (history) => {
        const { customers, rows } = await purchasesOf(history, { lastDay, holdoutDay: lastDay });
        const buyers = rows.filter((row) => Number(row.orders) > 0);
        expect(customers.customerIds).toEqual(buyers.map((row) => row.customer_id));
        for (const [at, row] of buyers.entries()) {
          const seen = rowAt(customers, at);
          expect(seen.daysBefore - 1).toBe(row.frequency);
          expect(seen.lastDayBefore - seen.firstDay).toBe(row.recency_days);
          expect(lastDay - seen.firstDay).toBe(row.age_days);
          expect(seen.spendBefore).toBe(row.spend);
        }
      }),
      { numRuns: 12 },
    );
  });

  test('a customer who joins changes nobody else’s', async () => {
    await fc.assert(
      fc.asyncProperty(orderHistories, async (history) => {
        const stays = ({ customer_id }: { customer_id: string | null }) => customer_id !== 'bob';
        const fewer = { lines: history.lines.filter(stays), events: history.events.filter(stays) };
        const before = await purchasesOf(fewer);
        const after = await purchasesOf(history);
        const of = ({ customers }: typeof before) =>
          new Map(customers.customerIds.map((id, at) => [id, rowAt(customers, at)]));
        const others = new Map([...of(after)].filter(([id]) => id !== 'bob'));
        expect(others).toEqual(of(before));
        expect(after.rows.filter((row: SqlRow) => row.customer_id !== 'bob')).toEqual(before.rows);
      }),
      { numRuns: 12 },
    );
  });

  test('without a holdout all come after it', async () => {
    const [history] = fc.sample(orderHistories, { seed: 3, numRuns: 1 }) as [OrderHistory];
    const { customers } = await purchasesOf(history, { lastDay, holdoutDay: null });
    expect(customers.customerIds.length).toBeGreaterThan(0);
    expect(customers.daysBefore.every((days) => days === 0)).toBe(true);
  });
});

interface Kept {
  day: number;
  knownDay: number;
  at: number;
  amount: number;
  isSale: boolean;
  line: Judged['line'];
}

/** Sales and matched returns up to the last day. */
function linesByCustomer(judged: readonly Judged[]): Map<string, Kept[]> {
  const kept = new Map<string, Kept[]>();
  for (const { line, outcome, sale } of judged) {
    if ((outcome !== 'sale' && outcome !== 'matchedReturn') || line.ordered_day > lastDay) continue;
    const isSale = outcome === 'sale';
    const id = line.customer_id as string;
    kept.set(id, [
      ...(kept.get(id) ?? []),
      {
        day: isSale ? line.ordered_day : (sale?.ordered_day as number),
        knownDay: line.ordered_day,
        at: line.ordered_at,
        amount: isSale ? line.amount : -Math.abs(line.amount),
        isSale,
        line,
      },
    ]);
  }
  return kept;
}

function expectedRow(lines: readonly Kept[]) {
  const days = [...new Set(lines.map(({ day }) => day))].sort((one, other) => one - other);
  const before = days.filter((day) => day <= holdoutDay);
  const sum = (some: readonly Kept[]) => some.reduce((total, { amount }) => total + amount, 0);
  const sales = lines.filter(({ isSale }) => isSale);
  const first = Math.min(...sales.map(({ at }) => at));
  const firstOf = (name: 'channel' | 'country' | 'category') =>
    sales
      .filter(({ at }) => at === first)
      .flatMap(({ line }) => line[name] ?? [])
      .sort((one, other) => (Buffer.from(one).compare(Buffer.from(other)) < 0 ? -1 : 1))[0] ?? null;
  return {
    firstDay: days[0],
    lastDayBefore: before.at(-1) ?? 0,
    daysBefore: before.length,
    spendBefore: sum(lines.filter(({ day, knownDay }) => day <= holdoutDay && knownDay <= holdoutDay)),
    daysAfter: days.length - before.length,
    spendAfter: sum(lines.filter(({ day }) => day > holdoutDay)),
    channel: firstOf('channel'),
    country: firstOf('country'),
    category: firstOf('category'),
  };
}

const rowAt = (customers: CustomerPurchases, at: number) => ({
  firstDay: customers.firstDay[at] as number,
  lastDayBefore: customers.lastDayBefore[at] as number,
  daysBefore: customers.daysBefore[at] as number,
  spendBefore: customers.spendBefore[at] as number,
  daysAfter: customers.daysAfter[at] as number,
  spendAfter: customers.spendAfter[at] as number,
  channel: customers.channel[at],
  country: customers.country[at],
  category: customers.category[at],
});
