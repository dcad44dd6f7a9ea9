import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededGenerator } from '../../../../lib/math/random.ts';
import { stratifiedFolds, stratifiedSplit } from '../../../../lib/models/validation/folds.ts';
import { planSplits } from '../../../../lib/models/validation/planSplits.ts';
import { refuseAfterCutoff, temporalSplits } from '../../../../lib/models/validation/temporalSplits.ts';

const labels = fc
  .array(fc.boolean(), { minLength: 40, maxLength: 200 })
  .map((bought) => Uint8Array.from(bought, Number));
const countOf = (y: Uint8Array, rows: Uint32Array): number =>
  rows.reduce((sum, row) => sum + (y[row] as number), 0);

describe('stratified folds', () => {
  it('hold every row out once, and share buyers out to within one', () => {
    fc.assert(
      fc.property(labels, fc.integer({ min: 2, max: 6 }), fc.integer(), (y, folds, seed) => {
        const splits = stratifiedFolds(y, { folds, generator: seededGenerator(seed) });
        expect(splits.flatMap(({ heldOut }) => [...heldOut]).sort((a, b) => a - b)).toEqual([...y.keys()]);
        for (const { training, heldOut } of splits) {
          expect(training.length + heldOut.length).toBe(y.length);
          expect(heldOut.some((row) => training.includes(row))).toBe(false);
        }
        const buyers = splits.map(({ heldOut }) => countOf(y, heldOut));
        expect(Math.max(...buyers) - Math.min(...buyers)).toBeLessThanOrEqual(1);
      }),
    );
  });

  const grouped = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 25 }), fc.boolean()), { minLength: 40, maxLength: 200 })
    .map((rows) => ({
      groups: rows.map(([customer]) => `c${customer}`),
      y: Uint8Array.from(rows, ([, bought]) => (bought ? 1 : 0)),
    }));

  it('never divide a customer’s rows', () => {
    fc.assert(
      fc.property(grouped, fc.integer(), ({ groups, y }, seed) => {
        const generator = seededGenerator(seed);
        const splits = [
          ...stratifiedFolds(y, { folds: 3, generator, groups }),
          stratifiedSplit(y, { share: 0.3, generator, groups }),
        ];
        for (const { training, heldOut } of splits) {
          const known = new Set(Array.from(training, (row) => groups[row]));
          expect([...heldOut].some((row) => known.has(groups[row] as string))).toBe(false);
        }
      }),
    );
  });

  it('a split holds out the share that is asked for, of buyers too', () => {
    const y = Uint8Array.from({ length: 1000 }, (_, row) => (row % 10 === 0 ? 1 : 0));
    const { heldOut } = stratifiedSplit(y, { share: 0.3, generator: seededGenerator(1) });
    expect([heldOut.length, countOf(y, heldOut)]).toEqual([300, 30]);
  });
});

describe('splits by time', () => {
  const cutoffs = ['2026-03-31', '2026-01-31', '2026-02-28', '2026-03-31', '2026-01-31'];

  it('hold out the last cutoff, and validate on each before it but the first, the newest first', () => {
    const splits = temporalSplits([...cutoffs, '2025-12-31']);
    expect([...(splits?.test.heldOut ?? [])]).toEqual([0, 3]);
    expect([...(splits?.test.training ?? [])]).toEqual([1, 2, 4, 5]);
    expect(splits?.validation.map(({ training, heldOut }) => [[...training], [...heldOut]])).toEqual([
      [[1, 4, 5], [2]],
      [[5], [1, 4]],
    ]);
    expect(splits).toMatchObject({
      heldOutCutoff: '2026-03-31',
      trainingCutoffs: ['2025-12-31', '2026-01-31', '2026-02-28'],
    });
  });

  it('are none of one cutoff, and have nothing to validate on of two', () => {
    expect(temporalSplits(['2026-01-31', '2026-01-31'])).toBeNull();
    expect(temporalSplits(['2026-01-31', '2026-02-28'])?.validation).toEqual([]);
  });

  const rowsAt = (days: readonly string[], each: number) => {
    const cutoffs = days.flatMap((day) => Array<string>(each).fill(day));
    return {
      ids: cutoffs.map((_, row) => `c${row % each}`),
      columns: [],
      labels: Uint8Array.from(cutoffs, (_, row) => (row % 3 === 0 ? 1 : 0)),
      cutoffs,
    };
  };

  it('with two cutoffs choose within the first by customers, and never look at the second', () => {
    const rows = rowsAt(['2026-01-31', '2026-02-28'], 90);
    const plan = planSplits(rows, seededGenerator(1));
    expect(plan).toMatchObject({
      kind: 'temporal',
      heldOutCutoff: '2026-02-28',
      validatesByTime: false,
    });
    expect(plan.validation).toHaveLength(5);
    for (const { training, heldOut } of plan.validation)
      expect([...training, ...heldOut].every((row) => rows.cutoffs[row] === '2026-01-31')).toBe(true);
  });

  it('validate on no month in which nobody bought, nor on one that is fitted to such months alone', () => {
    const rows = rowsAt(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'], 90);
    const heldOutDays = (silent: string) => {
      const labels = rows.labels.map((label, row) => (rows.cutoffs[row] === silent ? 0 : label));
      const plan = planSplits({ ...rows, labels }, seededGenerator(1));
      return plan.validation.map(({ heldOut }) => rows.cutoffs[heldOut[0] as number]);
    };
    expect(heldOutDays('none')).toEqual(['2026-03-31', '2026-02-28']);
    expect(heldOutDays('2026-01-31')).toEqual(['2026-03-31']);
    expect(heldOutDays('2026-02-28')).toEqual(['2026-03-31']);
  });

  it('of a table without time hold out 30 % of the customers', () => {
    const { cutoffs: _, ...rows } = rowsAt(['2026-01-31', '2026-02-28'], 100);
    const { kind, test } = planSplits(rows, seededGenerator(1));
    expect(kind).toBe('stratified');
    expect(test.heldOut.length).toBeGreaterThanOrEqual(56);
    expect(test.heldOut.length).toBeLessThanOrEqual(64);
    const known = new Set(Array.from(test.training, (row) => rows.ids[row]));
    expect([...test.heldOut].some((row) => known.has(rows.ids[row]))).toBe(false);
  });

  it('refuse a feature that was seen after the row’s own cutoff, and say which', () => {
    const table = {
      ids: ['a', 'b'],
      labels: Uint8Array.of(0, 1),
      columns: [
        { name: 'last_visit', kind: 'categorical' as const, values: ['2026-01-30', '2026-02-02T10:00:00'] },
      ],
    };
    expect(() => refuseAfterCutoff(table, ['2026-01-31', '2026-01-31'])).toThrow(
      'the column "last_visit" has 2026-02-02T10:00:00 in a row whose features end at 2026-01-31',
    );
    expect(() => refuseAfterCutoff(table, ['2026-01-31', '2026-02-02'])).not.toThrow();
  });
});
