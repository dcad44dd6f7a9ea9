import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type Cutoff, computeOrderFeatures } from '../../../lib/features/computeOrderFeatures.ts';
import type { SqlRow } from '../../../lib/features/duckdb.ts';
import { orderFeatures, orderLabels } from '../../../lib/features/orderFeatures.ts';
import { firstDay, type OrderHistory, orderHistories, secondsPerDay } from '../../support/orderHistory.ts';
import { expectedFeatures, type Judged, judgeLines } from '../../support/orderOracle.ts';
import { featuresOf, openTestDuckDb } from '../../support/orderTables.ts';

const newestAt = (firstDay + 400) * secondsPerDay;
const nonProducts = ['Post'];
const cutoffs: Cutoff[] = [
  { lastDay: firstDay + 15, horizonDays: 10 },
  { lastDay: firstDay + 200, horizonDays: 90 },
  { lastDay: firstDay + 390, horizonDays: null },
];

const { db, close } = await openTestDuckDb();
afterAll(close);

describe('features of random histories', () => {
  test('every outcome, feature and label equals the plain computation, at every cutoff', async () => {
    await fc.assert(
      fc.asyncProperty(orderHistories, async (history) => {
        const { rows, rules } = await featuresOf(db, history, { cutoffs, newestAt, nonProducts });
        const judged = judgeLines(history.lines, { newestAt, nonProducts: ['POST'] });
        expect(new Map(rules.map(({ outcome, ...rest }) => [outcome, rest]))).toEqual(countOutcomes(judged));
        for (const cutoff of cutoffs) {
          const expected = expectedFeatures(history, judged, cutoff);
          const actual = rows.filter((row) => row.last_day === cutoff.lastDay);
          expect(new Set(actual.map((row) => row.customer_id))).toEqual(new Set(expected.keys()));
          expect(actual.length).toBe(expected.size);
          for (const row of actual) expectSame(row, expected.get(row.customer_id as string) ?? {});
        }
      }),
      { numRuns: 40 },
    );
  });

  test('nothing at or after a cutoff moves a feature, whatever is added, dropped or changed there', async () => {
    const lastDay = firstDay + 15;
    const upTo = { cutoffs: [{ lastDay, horizonDays: null }], newestAt, nonProducts };
    await fc.assert(
      fc.asyncProperty(orderHistories, orderHistories, async (history, other) => {
        const { rows } = await featuresOf(db, history, upTo);
        const perturbed = withOtherFuture(history, other, lastDay);
        expect((await featuresOf(db, perturbed, upTo)).rows).toEqual(rows);
      }),
      { numRuns: 30 },
    );
  });

  test('several cutoffs in one pass give what each gives alone', async () => {
    await fc.assert(
      fc.asyncProperty(orderHistories, async (history) => {
        const { rows } = await featuresOf(db, history, { cutoffs, newestAt, nonProducts });
        const alone: SqlRow[] = [];
        for (const cutoff of cutoffs)
          alone.push(...(await featuresOf(db, history, { cutoffs: [cutoff], newestAt, nonProducts })).rows);
        expect(rows).toEqual(alone);
      }),
      { numRuns: 8 },
    );
  });
});

test('buckets that are worked on two at a time give what they give one after the other', async () => {
  const ids = ['ann', 'bob', '王芳', 'eve', 'only looking'];
  const beside = await db.beside();
  await fc.assert(
    fc.asyncProperty(orderHistories, async (history) => {
      const alone = await featuresOf(db, history, { cutoffs, newestAt, nonProducts });
      const buckets = ids.map((_, index) => ({
        orders: { table: `lines_${index}` },
        events: { table: `events_${index}` },
      }));
      for (const [index, id] of ids.entries()) {
        // Lines without a customer go with the first.
        const own = `customer_id = '${id}'${index === 0 ? ' OR customer_id IS NULL' : ''}`;
        await db.run(`CREATE OR REPLACE VIEW lines_${index} AS SELECT * FROM test_lines WHERE ${own}`);
        await db.run(`CREATE OR REPLACE VIEW events_${index} AS SELECT * FROM test_events WHERE ${own}`);
      }
      const parts: SqlRow[][] = [];
      const rules = await computeOrderFeatures(db, {
        ...{ besides: [beside], buckets, cutoffs, newestAt, nonProducts },
        onBucket: async (index, connection) => {
          parts[index] = await connection.rows('SELECT * FROM customer_features');
        },
      });
      const byKey = (rows: SqlRow[]) =>
        new Map(rows.map((row) => [`${row.customer_id} ${row.last_day}`, row]));
      expect(byKey(parts.flat())).toEqual(byKey(alone.rows));
      expect(rules).toEqual(alone.rules);
    }),
    { numRuns: 5 },
  );
});

test('a bucket that fails ends the whole, once the other one is done with its own', async () => {
  await featuresOf(db, { lines: [], events: [] }, { cutoffs, newestAt, nonProducts });
  const bucket = { orders: { table: 'test_lines' }, events: null };
  const failing = computeOrderFeatures(db, {
    ...{ besides: [await db.beside()], buckets: [bucket, bucket], cutoffs, newestAt },
    onBucket: async (index) => {
      if (index === 0) throw new Error('the store is gone');
    },
  });
  await expect(failing).rejects.toThrow('the store is gone');
});

test('the columns are the listed ones, in their order, and every number is a double', async () => {
  await featuresOf(db, { lines: [], events: [] }, { cutoffs, newestAt, nonProducts });
  const columns = await db.rows('DESCRIBE customer_features');
  expect(columns.map(({ column_name, column_type }) => `${column_name} ${column_type}`)).toEqual([
    'customer_id VARCHAR',
    'last_day INTEGER',
    ...[...orderFeatures, ...orderLabels].map(
      ({ name, type }) => `${name} ${type === 'text' ? 'VARCHAR' : 'DOUBLE'}`,
    ),
  ]);
});

test('two cutoffs on the same day are refused, and none at all', async () => {
  const twice = [cutoffs[0] as Cutoff, cutoffs[0] as Cutoff];
  await expect(
    featuresOf(db, { lines: [], events: [] }, { cutoffs: twice, newestAt, nonProducts }),
  ).rejects.toThrow('different last days');
  await expect(
    featuresOf(db, { lines: [], events: [] }, { cutoffs: [], newestAt, nonProducts }),
  ).rejects.toThrow('at least one cutoff');
});

function countOutcomes(judged: Judged[]): Map<string, { lines: number; amount: number }> {
  const counts = new Map<string, { lines: number; amount: number }>();
  for (const { line, outcome } of judged) {
    const { lines, amount } = counts.get(outcome) ?? { lines: 0, amount: 0 };
    counts.set(outcome, { lines: lines + 1, amount: amount + line.amount });
  }
  return counts;
}

function withOtherFuture(history: OrderHistory, other: OrderHistory, lastDay: number): OrderHistory {
  const later = other.lines.filter((line) => line.ordered_day > lastDay);
  return {
    lines: [
      // In front, where a first one is kept.
      ...later.map((line) => ({ ...line, source_file: 0 })),
      ...history.lines.filter((line) => line.ordered_day <= lastDay),
    ],
    events: [
      ...history.events.filter((event) => event.occurred_day <= lastDay),
      ...other.events.filter((event) => event.occurred_day > lastDay),
    ],
  };
}

function expectSame(row: SqlRow, expected: Record<string, number | string | null>): void {
  for (const { name } of [...orderFeatures, ...orderLabels]) {
    const [actual, wanted] = [row[name], expected[name]];
    const where = `${name} of ${row.customer_id} at ${row.last_day}`;
    if (typeof wanted === 'number' && typeof actual === 'number')
      expect(Math.abs(actual - wanted), `${where}: ${actual}, not ${wanted}`).toBeLessThan(
        1e-9 * (1 + Math.abs(wanted)) + 2e-5 * Number(name.includes('minutes')),
      );
    else expect(actual, where).toBe(wanted);
  }
}
