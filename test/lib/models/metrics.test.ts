import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { purchaseMetrics, rocAuc } from '../../../lib/models/metrics.ts';
import golden from '../../golden/scikit-learn.json' with { type: 'json' };

describe('purchaseMetrics', () => {
  it.each(golden.metrics)('agrees with scikit-learn on $name', ({ y, p, name: _, ...expected }) => {
    const metrics = purchaseMetrics(Uint8Array.from(y), Float64Array.from(p));
    for (const [name, value] of Object.entries(expected)) {
      const ours = metrics[name as keyof typeof metrics] as number;
      expect(Math.abs(ours - value) / value, name).toBeLessThan(golden.relativeTolerance.metrics);
    }
  });

  it('gives a perfect ranking exactly 1', () => {
    const y = Uint8Array.from({ length: 49 }, (_, row) => (row < 37 ? 1 : 0));
    const { rocAuc: auc, averagePrecision } = purchaseMetrics(
      y,
      Float64Array.from(y.keys(), (row) => 1 / (row + 2)),
    );
    expect([auc, averagePrecision]).toEqual([1, 1]);
  });

  it('has no ranking to measure where all labels agree', () => {
    const { rocAuc: auc, averagePrecision } = purchaseMetrics(Uint8Array.of(1, 1), Float64Array.of(0.2, 0.8));
    expect([auc, averagePrecision]).toEqual([null, null]);
  });

  it('does not change with the order of the rows', () => {
    const row = fc.record({
      label: fc.constantFrom(0, 1),
      p: fc.integer({ min: 1, max: 9 }),
      place: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 2 }), (rows) => {
        const measure = (table: typeof rows) =>
          purchaseMetrics(
            Uint8Array.from(table, ({ label }) => label),
            Float64Array.from(table, ({ p }) => p / 10),
          );
        const moved = measure(rows.toSorted((a, b) => a.place - b.place));
        for (const [name, value] of Object.entries(measure(rows))) {
          const same = moved[name as keyof typeof moved];
          if (value === null) expect(same).toBeNull();
          else expect(same).toBeCloseTo(value, 12);
        }
      }),
    );
  });
});

it('rocAuc is the share of pairs of a buyer and another that are in order, a tie being half in order', () => {
  const cell = fc.tuple(fc.constantFrom(0, 1), fc.nat(4));
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 30 }), (cells) => {
      const buyers = cells.filter(([label]) => label === 1);
      const others = cells.filter(([label]) => label === 0);
      const inOrder = buyers.flatMap(([, a]) =>
        others.map(([, b]) => (a > b ? 1 : a === b ? 0.5 : 0) as number),
      );
      const share = inOrder.reduce((sum, part) => sum + part, 0) / inOrder.length;
      const auc = rocAuc(
        Uint8Array.from(cells, ([label]) => label),
        Float64Array.from(cells, ([, score]) => score),
      );
      if (inOrder.length === 0) expect(auc).toBeNull();
      else expect(auc).toBeCloseTo(share, 12);
    }),
  );
});
