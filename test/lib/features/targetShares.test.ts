import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFeatures } from '../../../lib/features/encoder.ts';
import { applyEncoder, applyEncoderOutOfFold, columnPlaces } from '../../../lib/features/matrix.ts';
import { seededGenerator, uniform, uniformBelow } from '../../../lib/math/random.ts';
import { fitPurchaseModel } from '../../../lib/models/fitPurchaseModel.ts';
import { rocAuc } from '../../../lib/models/metrics.ts';
import { explainPurchaseModel, scorePurchaseModel } from '../../../lib/models/purchaseModel.ts';
import type { TrainingTable } from '../../../lib/tables/types.ts';

/** Rows of customers who live in so many cities, each of which buys as it likes. */
function shop(
  rows: number,
  {
    cities,
    seed,
    chanceOf,
  }: { cities: number; seed: number; chanceOf: (city: number, chance: () => number) => number },
): TrainingTable {
  const generator = seededGenerator(seed);
  const city = Array.from({ length: rows }, () => uniformBelow(generator, cities));
  return {
    ids: city.map((_, row) => `c${row}`),
    columns: [
      { name: 'city', kind: 'categorical', values: city.map((number) => `city ${number}`) },
      { name: 'noise', kind: 'numeric', values: city.map(() => uniform(generator)) },
    ],
    labels: Uint8Array.from(city, (number) =>
      uniform(generator) < chanceOf(number, () => uniform(generator)) ? 1 : 0,
    ),
  };
}

const shareColumn = (table: TrainingTable, { outOfFold }: { outOfFold: boolean }): Float64Array => {
  const { encoder } = encodeFeatures(table);
  const matrix = outOfFold ? applyEncoderOutOfFold(encoder, table) : applyEncoder(encoder, table);
  const at = columnPlaces(encoder)[0]?.targetShare as number;
  return Float64Array.from(
    { length: matrix.rows },
    (_, row) => matrix.X[row * matrix.columns + at] as number,
  );
};

describe('a category’s share of buyers', () => {
  it('is a column of its own where there are more categories than columns and labels to learn from', () => {
    const table = shop(600, { cities: 30, seed: 1, chanceOf: () => 0.3 });
    const [place] = columnPlaces(encodeFeatures(table).encoder);
    const { labels: _, ...unlabelled } = table;
    const few = shop(600, { cities: 20, seed: 1, chanceOf: () => 0.3 });

    expect(place).toMatchObject({ name: 'city', targetShare: 21, missing: null });
    expect(place?.columns).toHaveLength(22);
    expect(columnPlaces(encodeFeatures(unlabelled).encoder)[0]).toMatchObject({ targetShare: null });
    expect(columnPlaces(encodeFeatures(few).encoder)[0]).toMatchObject({ targetShare: null });
  });

  it('is (buyers + 20 · share of all) / (rows + 20), and that of all for a city that is rare, unknown or missing', () => {
    const values = [
      ...Array.from({ length: 21 }, (_, city) =>
        Array<string>(9 + (city === 0 ? 1 : 0)).fill(`city ${city}`),
      ),
    ].flat();
    const labels = Uint8Array.from(values, (city) => (city === 'city 0' ? 1 : 0));
    const ids = values.map((_, row) => `c${row}`);
    const table: TrainingTable = {
      ids: [...ids, 'rare'],
      columns: [{ name: 'city', kind: 'categorical', values: [...values, 'hamlet'] }],
      labels: Uint8Array.from([...labels, 1]),
    };
    const { encoder } = encodeFeatures(table);
    const asked = ['city 0', 'city 1', 'hamlet', 'elsewhere', null];
    const column = { name: 'city', kind: 'categorical' as const, values: asked };
    const { X, columns } = applyEncoder(encoder, { ids: asked.map(String), columns: [column] });
    const all = (11 + 1) / (191 + 2);
    const share = asked.map((_, row) => X[row * columns + 21]);

    expect(share[0]).toBeCloseTo((10 + 20 * all) / 30, 12);
    expect(share[1]).toBeCloseTo((20 * all) / 29, 12);
    for (const other of share.slice(2)) expect(other).toBeCloseTo(all, 12);
  });

  it('does not tell a row of its own label: of labels drawn at random it knows nothing', () => {
    const table = shop(3000, { cities: 400, seed: 3, chanceOf: (_, chance) => chance() });
    const known = rocAuc(table.labels, shareColumn(table, { outOfFold: false })) as number;
    const unseen = rocAuc(table.labels, shareColumn(table, { outOfFold: true })) as number;

    expect(known).toBeGreaterThan(0.6);
    // out of fold, chance tells a little of the opposite: a buyer is missing among the others of his city
    expect(unseen).toBeLessThan(0.52);
  });

  it('takes nothing from the other rows of the same customer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 149 }), (customer) => {
        const once = shop(300, { cities: 25, seed: 5, chanceOf: () => 0.4 });
        const table = { ...once, ids: once.ids.map((_, row) => `customer ${row % 150}`) };
        const labels = table.labels.slice();
        labels[customer] = 1 - (labels[customer] as number);
        const before = shareColumn(table, { outOfFold: true });
        const after = shareColumn({ ...table, labels }, { outOfFold: true });
        expect(after[customer + 150]).toBeCloseTo(before[customer + 150] as number, 12);
        expect(after[customer]).toBeCloseTo(before[customer] as number, 12);
      }),
      { numRuns: 20 },
    );
  });

  it('tells cities apart that have no column of their own, and gives them as the reason', async () => {
    const chances = Array.from({ length: 200 }, (_, city) => (city % 2 === 0 ? 0.05 : 0.6));
    const chanceOf = (city: number): number => chances[city] as number;
    const train = shop(3000, { cities: 200, seed: 7, chanceOf });
    const test = shop(2000, { cities: 200, seed: 8, chanceOf });
    const model = await fitPurchaseModel(train, {
      seed: 1,
      horizonDays: 30,
      engines: ['logisticRegression'],
    });
    const { probabilities } = scorePurchaseModel(model, test);
    const truth = Float64Array.from(
      (test.columns[0]?.values ?? []) as string[],
      (city) => chances[Number(city.slice(5))] as number,
    );
    const best = rocAuc(test.labels, truth) as number;
    const [reasons] = await explainPurchaseModel(model, test);

    // with the 20 most frequent alone, nine of ten rows would look the same
    expect(rocAuc(test.labels, probabilities) as number).toBeGreaterThan(best - 0.02);
    expect(reasons?.[0]).toMatchObject({ column: 'city' });
  });
});
