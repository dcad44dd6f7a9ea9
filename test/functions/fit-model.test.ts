import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitInThread } from '../../functions/fitModel.ts';
import { fitAgainstModelInUse } from '../../lib/models/fitPurchaseModel.ts';
import type { FitProgress } from '../../lib/models/purchaseReport.ts';
import type { PurchaseRows } from '../../lib/models/purchaseRows.ts';
import { packRows, unpackRows } from '../../lib/pipeline/purchase/packedRows.ts';

const visits = Array.from({ length: 2100 }, (_, row) => (row * 7919) % 100);
const rows: PurchaseRows = {
  ids: visits.map((_, row) => `c${row}`),
  columns: [
    { name: 'visits', kind: 'numeric', values: visits.map((value, row) => (row % 11 === 0 ? null : value)) },
    {
      name: 'channel',
      kind: 'categorical',
      values: visits.map((_, row) => ['web', 'app', null][row % 3] ?? null),
    },
  ],
  labels: Uint8Array.from(visits, (value, row) => (value > 60 !== (row % 9 === 0) ? 1 : 0)),
};

test('a fit in a thread of its own gives the same model, tells how far it has come, and leaves this thread free', async () => {
  const settings = { seed: 42, horizonDays: 30, engines: ['recency', 'logisticRegression'] as const };
  const told: FitProgress[] = [];
  let ticks = 0;
  const timer = setInterval(() => ticks++, 10);
  const model = await fitInThread(rows, settings, (progress) => told.push(progress));
  clearInterval(timer);
  expect(model).toEqual(await fitAgainstModelInUse(rows, settings));
  expect(told.at(-1)).toMatchObject({ step: 'refit', done: 1 });
  expect(ticks).toBeGreaterThan(0);
}, 120_000);

test('what a thread fails with is thrown here', async () => {
  const { columns, ...others } = rows;
  const broken = {
    ...others,
    columns: columns.map((column) => ({ ...column, name: 'twice' })),
    cutoffs: ['x'],
  };
  await expect(fitInThread(broken, { seed: 42, horizonDays: 30 }, () => {})).rejects.toThrow();
}, 120_000);

test('rows come out of their packing as they went in', () => {
  const cell = fc.option(fc.double({ noNaN: true }), { nil: null });
  const word = fc.option(fc.string({ maxLength: 5 }), { nil: null });
  const table = fc.integer({ min: 1, max: 20 }).chain((length) => {
    const column = <Value>(value: fc.Arbitrary<Value>) =>
      fc.array(value, { minLength: length, maxLength: length });
    return fc.record({
      ids: column(fc.string()),
      numbers: column(cell),
      words: column(word),
      labels: column(fc.integer({ min: 0, max: 1 })),
      cutoffs: fc.option(column(fc.constantFrom('2026-01-31', '2026-03-02')), { nil: undefined }),
    });
  });
  fc.assert(
    fc.property(table, ({ ids, numbers, words, labels, cutoffs }) => {
      const packedRows: PurchaseRows = {
        ids,
        columns: [
          { name: 'numbers', kind: 'numeric', values: numbers },
          { name: 'words', kind: 'categorical', values: words },
        ],
        labels: Uint8Array.from(labels),
        ...(cutoffs !== undefined && { cutoffs }),
      };
      expect(unpackRows(packRows(packedRows).packed)).toEqual(packedRows);
    }),
  );
});
