import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { migrationMatrix, type Standings } from '../../../lib/value/migration.ts';

const segments = ['high', 'mid', 'low'] as const;
type Segment = (typeof segments)[number];

interface Standing<Name extends string> {
  segment: Name;
  value: number;
}

const columnsOf = <Name extends string>(run: ReadonlyMap<string, Standing<Name>>): Standings<Name> => ({
  customerIds: [...run.keys()],
  segments: [...run.values()].map(({ segment }) => segment),
  values: Float64Array.from(run.values(), ({ value }) => value),
});

describe('migration', () => {
  it('says who moved where, with their money', () => {
    const previous = new Map<string, Standing<Segment>>([
      ['ann', { segment: 'high', value: 100 }],
      ['bob', { segment: 'low', value: 5 }],
      ['cem', { segment: 'mid', value: 50 }],
    ]);
    const current = new Map<string, Standing<Segment>>([
      ['ann', { segment: 'mid', value: 60 }],
      ['bob', { segment: 'high', value: 120 }],
      ['dan', { segment: 'low', value: 2 }],
    ]);
    const { cells, ...moves } = migrationMatrix(columnsOf(previous), columnsOf(current), { segments });
    expect(moves).toEqual({ up: 1, stayed: 0, down: 1, joined: 1, left: 1 });
    expect(cells).toHaveLength(15);
    expect(cells.filter(({ customers }) => customers > 0)).toEqual([
      { from: 'high', to: 'mid', customers: 1, valueBefore: 100, valueAfter: 60 },
      { from: 'mid', to: null, customers: 1, valueBefore: 50, valueAfter: 0 },
      { from: 'low', to: 'high', customers: 1, valueBefore: 5, valueAfter: 120 },
      { from: null, to: 'low', customers: 1, valueBefore: 0, valueAfter: 2 },
    ]);
  });

  it('adds up: rows to the previous run, columns to this one', () => {
    const run = fc
      .array(
        fc.tuple(
          fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__'),
          fc.record({ segment: fc.constantFrom(...segments), value: fc.integer({ min: 0, max: 99 }) }),
        ),
      )
      .map((rows) => new Map<string, Standing<Segment>>(rows));
    fc.assert(
      fc.property(run, run, (previous, current) => {
        const migration = migrationMatrix(columnsOf(previous), columnsOf(current), { segments });
        const { cells, up, stayed, down, joined, left } = migration;
        for (const segment of segments) {
          const rows = cells.filter(({ from }) => from === segment);
          const columns = cells.filter(({ to }) => to === segment);
          const inSegment = (standings: typeof previous) =>
            [...standings.values()].filter((standing) => standing.segment === segment);
          const money = (standings: typeof previous) => sumOf(inSegment(standings).map(({ value }) => value));
          expect(sumOf(rows.map(({ customers }) => customers))).toBe(inSegment(previous).length);
          expect(sumOf(columns.map(({ customers }) => customers))).toBe(inSegment(current).length);
          expect(sumOf(rows.map(({ valueBefore }) => valueBefore))).toBe(money(previous));
          expect(sumOf(columns.map(({ valueAfter }) => valueAfter))).toBe(money(current));
        }
        expect(up + stayed + down + left).toBe(previous.size);
        expect(up + stayed + down + joined).toBe(current.size);
      }),
    );
  });

  it('refuses a segment that is not one', () => {
    const odd = new Map([['ann', { segment: 'gold', value: 1 }]]);
    expect(() =>
      migrationMatrix(columnsOf(odd), columnsOf(new Map()), { segments: ['high', 'low'] }),
    ).toThrow('gold is none of high, low');
  });
});

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
