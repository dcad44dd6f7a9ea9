import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededGenerator, standardNormal, uniform } from '../../../lib/math/random.ts';
import { detectLeaks } from '../../../lib/models/leaks.ts';
import type { FeatureColumn } from '../../../lib/tables/types.ts';

const rows = 2000;
const generator = seededGenerator(5);
const labels = Uint8Array.from({ length: rows }, () => (uniform(generator) < 0.1 ? 1 : 0));
const numeric = (name: string, cellOf: (label: number, row: number) => number | null): FeatureColumn => ({
  name,
  kind: 'numeric',
  values: Array.from(labels, cellOf),
});
const codesOf = (...columns: FeatureColumn[]): (readonly [string, string])[] =>
  detectLeaks({ ids: [], columns, labels }).map(({ column, code }) => [column, code] as const);

describe('a column that knows the label', () => {
  it('is named where it alone ranks nearly all buyers first, in either direction', () => {
    const after = numeric('orders_after', (label) => -5 * label + standardNormal(generator));
    expect(codesOf(after)).toEqual([['orders_after', 'tellsTheLabel']]);
  });

  it('is named where it is the label under another name, also as text, the other way round, and with a few slips', () => {
    const yes: FeatureColumn = {
      name: '已购',
      kind: 'categorical',
      values: Array.from(labels, (y) => (y ? '否' : '是')),
    };
    const nearly = numeric('nearly', (label, row) => (row % 400 === 0 ? 1 - label : label));
    expect(codesOf(yes, nearly)).toEqual([
      ['已购', 'copyOfLabel'],
      ['nearly', 'copyOfLabel'],
    ]);
  });

  it('is named where it is there only for those who bought', () => {
    const paid = numeric('payment_days', (label) =>
      label === 1 ? Math.round(10 * uniform(generator)) : null,
    );
    expect(codesOf(paid)).toEqual([['payment_days', 'copyOfLabel']]);
  });

  it('is named where it is the same for everyone who did not buy, and differs among some buyers', () => {
    const coupon = numeric('coupon_used', (label) => (label === 1 && uniform(generator) < 0.3 ? 1 : 0));
    expect(codesOf(coupon)).toEqual([['coupon_used', 'constantOutsideLabel']]);
  });
});

describe('an honest column', () => {
  it('is not named: a strong one, a rare one, one of names, one that is mostly missing', () => {
    const strong = numeric('strong', (label) => 2 * label + standardNormal(generator));
    const rare = numeric('rare', (_, row) => (row === labels.indexOf(1) ? 1 : 0));
    const names: FeatureColumn = {
      name: 'names',
      kind: 'categorical',
      values: Array.from(labels, (_, row) => `name ${row % 900}`),
    };
    const missing = numeric('missing', () => (uniform(generator) < 0.9 ? null : 3));
    expect(codesOf(strong, rare, names, missing)).toEqual([]);
  });

  it('is hardly ever named by chance', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 1000 }), (seed, levels) => {
        const noise = seededGenerator(seed);
        const column = numeric('noise', () => Math.floor(levels * uniform(noise)));
        expect(codesOf(column)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});
