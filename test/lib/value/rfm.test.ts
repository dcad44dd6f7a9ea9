import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quintiles, rfmRanking, scoreRfm } from '../../../lib/value/rfm.ts';
import {
  assignRfmGroups,
  defaultRfmMap,
  problemsOfMap,
  rfmGroupLabels,
  rfmGroupNames,
  rfmMapSchema,
} from '../../../lib/value/rfmGroups.ts';

const five = [1, 2, 3, 4, 5];
const everyCell = five.flatMap((r) => five.flatMap((f) => five.map((m) => ({ r, f, m }))));

describe('RFM scores', () => {
  it('cut the customers into fifths, the last buyers and the best customers on top', () => {
    const column = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    const { r, f, m } = scoreRfm({ daysSinceLast: column, frequency: column, monetary: column });
    expect(Array.from(r)).toEqual([5, 5, 4, 4, 3, 3, 2, 2, 1, 1]);
    expect(Array.from(f)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    expect(Array.from(m)).toEqual(Array.from(f));
  });

  it('equal values share a quintile, so one-time buyers are all in the first', () => {
    expect(Array.from(quintiles(Float64Array.of(1, 1, 1, 1, 1, 1, 2, 3, 4, 5), 'together'))).toEqual([
      1, 1, 1, 1, 1, 1, 4, 4, 5, 5,
    ]);
  });

  it('in order, equal values fill the quintiles evenly', () => {
    expect(Array.from(quintiles(Float64Array.of(2, 1, 1, 1, 1, 1, 1, 1, 1, 1), 'inOrder'))).toEqual([
      5, 1, 1, 2, 2, 3, 3, 4, 4, 5,
    ]);
  });

  it('do not depend on the order of the table', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 60 }), (values) => {
        const forward = quintiles(Float64Array.from(values), 'together');
        const backward = quintiles(Float64Array.from(values.toReversed()), 'together');
        expect(Array.from(backward).toReversed()).toEqual(Array.from(forward));
        expect(Array.from(forward).every((score) => score >= 1 && score <= 5)).toBe(true);
      }),
    );
  });

  it('rank by their sum, and where it is equal by money', () => {
    const scores = { r: Uint8Array.of(5, 4, 1), f: Uint8Array.of(1, 1, 1), m: Uint8Array.of(1, 2, 1) };
    const [recent = 0, richer = 0, last = 0] = rfmRanking(scores, Float64Array.of(10, 900, 1000));
    expect(richer).toBeGreaterThan(recent);
    expect(recent).toBeGreaterThan(last);
  });
});

describe('RFM groups', () => {
  const scores = {
    r: Uint8Array.from(everyCell, ({ r }) => r),
    f: Uint8Array.from(everyCell, ({ f }) => f),
    m: Uint8Array.from(everyCell, ({ m }) => m),
  };

  it('put every one of the 125 cells in exactly one group, and leave none of the eleven empty', () => {
    expect(everyCell).toHaveLength(125);
    expect(problemsOfMap(defaultRfmMap)).toEqual([]);
    const groups = assignRfmGroups(scores);
    expect(groups).toHaveLength(125);
    expect(new Set(groups)).toEqual(new Set(rfmGroupNames));
    expect(rfmGroupNames).toHaveLength(11);
  });

  it('call the best champions, late first-time buyers new and long-gone small ones dormant', () => {
    const groupOf = (r: number, f: number, m: number) =>
      assignRfmGroups({ r: Uint8Array.of(r), f: Uint8Array.of(f), m: Uint8Array.of(m) })[0];
    expect(groupOf(5, 5, 5)).toBe('champions');
    expect(groupOf(5, 1, 5)).toBe('new');
    expect(groupOf(1, 1, 1)).toBe('dormant');
    expect(groupOf(1, 5, 5)).toBe('previouslyLoyal');
    expect(groupOf(2, 3, 3)).toBe('atRisk');
  });

  it('have a name of their own in each language', () => {
    for (const labels of Object.values(rfmGroupLabels)) expect(new Set(Object.values(labels)).size).toBe(11);
  });

  it('may be mapped otherwise, by ranges that leave no gap', () => {
    const halves = rfmMapSchema.parse({ active: [{ r: [3, 5] }], dormant: [{ r: [1, 2] }] });
    expect(assignRfmGroups(scores, halves).filter((group) => group === 'active')).toHaveLength(75);
  });

  it.each([
    [{ active: [{ r: [3, 5] }] }, '50 of 125 cells are in no group: 1-1-1, 1-1-2'],
    [
      { active: [{ r: [2, 5] }], dormant: [{ r: [1, 2] }] },
      '25 of 125 cells are in several groups: 2-1-1 (active, dormant)',
    ],
    [{ active: [{ r: [5, 1] }] }, 'from must not be above to'],
    [{ friends: [{}] }, ''],
  ])('a map such as %j is refused: %s', (map, message) => {
    const parsed = rfmMapSchema.safeParse(map);
    expect(parsed.success).toBe(false);
    expect(parsed.error?.issues.map((issue) => issue.message).join('; ')).toContain(message);
  });
});
