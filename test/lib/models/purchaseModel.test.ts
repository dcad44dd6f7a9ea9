import { describe, expect, it } from 'vitest';
import { seededGenerator, uniform } from '../../../lib/math/random.ts';
import { fitPurchaseModel } from '../../../lib/models/fitPurchaseModel.ts';
import { rocAuc } from '../../../lib/models/metrics.ts';
import { purchaseModelSchema, scorePurchaseModel } from '../../../lib/models/purchaseModel.ts';
import type { FitProgress } from '../../../lib/models/purchaseReport.ts';
import type { TrainingTable } from '../../../lib/tables/types.ts';
import { simulate } from './matrices.ts';

const options = {
  seed: 42,
  horizonDays: 30,
  engines: ['logisticRegression'] as const,
};
const withForest = { ...options, engines: ['logisticRegression', 'randomForest'] as const };

/** `marginOf` sees two normal columns; a third column, of cities, says nothing. */
function shop(
  rows: number,
  marginOf: (row: number[]) => number,
  seed = 7,
): TrainingTable & { truth: Float64Array } {
  const { cells, y, truth } = simulate(rows, { seed, columns: 2, marginOf });
  const generator = seededGenerator(seed + 1);
  return {
    ids: cells.map((_, row) => `c${row}`),
    columns: [
      { name: 'minutes', kind: 'numeric', values: cells.map(([a = 0]) => a) },
      { name: 'orders', kind: 'numeric', values: cells.map(([, b = 0]) => b) },
      {
        name: 'city',
        kind: 'categorical',
        values: cells.map(() => (uniform(generator) < 0.5 ? '北京' : '上海')),
      },
    ],
    labels: y,
    truth,
  };
}

const linear = ([a = 0, b = 0]: number[]): number => 2 * a - b - 0.5;
const interaction = ([a = 0, b = 0]: number[]): number => (a * b > 0 ? 2.5 : -2.5);

/** The table that the project was born from. */
const fiveRows: TrainingTable = {
  ids: ['1', '2', '3', '4', '5'],
  columns: [
    { name: '浏览时长', kind: 'numeric', values: [10, 20, 30, 40, 50] },
    { name: '购买历史', kind: 'categorical', values: ['偶尔', '偶尔', '偶尔', '频繁', '频繁'] },
  ],
  labels: Uint8Array.of(0, 1, 0, 1, 1),
};

describe('fitPurchaseModel', () => {
  it('uses logistic regression where the truth is a logistic function', async () => {
    const model = await fitPurchaseModel(shop(1500, linear), options);
    expect(model).toMatchObject({
      engine: 'logisticRegression',
      status: 'ok',
      reasons: [],
      heldOutRows: 450,
    });
    expect(model.metrics?.logLoss).toBeLessThan(model.baseline?.logLoss as number);
  });

  it('uses the forest where no straight line tells buyers from others', async () => {
    const table = shop(1500, interaction);
    const model = await fitPurchaseModel(table, withForest);
    expect(model.engine).toBe('randomForest');
    const unseen = shop(1000, interaction, 99);
    const auc = rocAuc(unseen.labels, scorePurchaseModel(model, unseen).probabilities) as number;
    expect(auc).toBeGreaterThan((rocAuc(unseen.labels, unseen.truth) as number) - 0.06);
  });

  it('gives everybody the base rate, and says so, where no column tells anything', async () => {
    const model = await fitPurchaseModel(
      shop(200, () => -1),
      options,
    );
    expect(model.engine).toBe('baseRate');
    expect(model.reasons).toEqual([expect.stringContaining('no candidate does better')]);
    expect(model.metrics).toEqual(model.baseline);
    expect(model.report.grade).toBe('D');
    expect(model.candidates.map(({ engine }) => engine)).toEqual(['logisticRegression']);
  });

  it('shows a held-out quality that customers nobody has seen confirm', async () => {
    const model = await fitPurchaseModel(shop(3000, linear), options);
    const unseen = shop(5000, linear, 1234);
    const auc = rocAuc(unseen.labels, scorePurchaseModel(model, unseen).probabilities) as number;
    expect(Math.abs(auc - (model.metrics?.rocAuc as number))).toBeLessThan(0.03);
  });

  it('keeps held-out labels out of the model it measures', async () => {
    const table = shop(400, () => 0);
    const { candidates } = await fitPurchaseModel(table, options);
    const auc = candidates.map(({ metrics }) => metrics?.rocAuc as number);
    for (const value of auc) expect(Math.abs(value - 0.5)).toBeLessThan(0.15);
  });

  it('gives the same bytes for the same table and seed', async () => {
    const table = shop(600, interaction);
    const text = async (seed: number): Promise<string> =>
      JSON.stringify(await fitPurchaseModel(table, { ...withForest, seed }));
    expect(await text(1)).toBe(await text(1));
    expect(await text(1)).not.toBe(await text(2));
  });

  it('reports its steps in order', async () => {
    const steps: FitProgress[] = [];
    await fitPurchaseModel(shop(400, linear), {
      ...withForest,
      onProgress: (progress) => steps.push(progress),
    });
    const started = steps.filter(({ done }) => done === 0).map(({ step, engine }) => `${step} ${engine}`);
    expect(started).toEqual([
      'compare baseRate',
      'compare logisticRegression',
      'compare randomForest',
      'refit logisticRegression',
    ]);
    expect(steps.at(-1)).toMatchObject({ step: 'refit', done: 1 });
    expect(steps.filter(({ trees }) => trees !== null).at(-1)?.trees).toEqual({ done: 100, of: 100 });
  });

  it('leaves the table as it was', async () => {
    const table = shop(100, linear);
    const before = structuredClone(table);
    await fitPurchaseModel(table, options);
    expect(table).toEqual(before);
  });
});

describe('a table with too little in it', () => {
  const withLabels = (labels: number[]): TrainingTable => {
    const table = shop(labels.length, linear);
    return { ...table, labels: Uint8Array.from(labels) };
  };

  it('of five rows is fitted all the same, marked, and without a metric', async () => {
    const model = await fitPurchaseModel(fiveRows, options);
    expect(model).toMatchObject({
      engine: 'logisticRegression',
      status: 'insufficientData',
      metrics: null,
      baseline: null,
      heldOutRows: 0,
      candidates: [{ engine: 'logisticRegression', metrics: null }],
    });
    expect(model.reasons).toEqual([
      expect.stringContaining('5 rows'),
      expect.stringContaining('2 customers'),
    ]);
    const { probabilities } = scorePurchaseModel(model, fiveRows);
    expect(probabilities[4]).toBeGreaterThan(probabilities[0] as number);
  });

  it.each([0, 1])('with label %i alone gets the base rate by the rule of succession', async (label) => {
    const model = await fitPurchaseModel(withLabels(Array(60).fill(label)), options);
    expect(model).toMatchObject({ engine: 'baseRate', status: 'insufficientData', metrics: null });
    expect(model.parameters).toEqual({ probability: (60 * label + 1) / 62 });
  });

  it('is one with fewer than 10 buyers, however many rows', async () => {
    const few = await fitPurchaseModel(
      withLabels(Array.from({ length: 300 }, (_, row) => (row < 9 ? 1 : 0))),
      options,
    );
    expect(few.reasons).toEqual([expect.stringContaining('9 buyers')]);
    const enough = await fitPurchaseModel(
      withLabels(Array.from({ length: 300 }, (_, row) => (row < 10 ? 1 : 0))),
      options,
    );
    expect(enough.status).toBe('ok');
  });

  it('is one whose columns are all the same in every row', async () => {
    const constant = { name: 'x', kind: 'numeric' as const, values: Array<number>(100).fill(3) };
    const model = await fitPurchaseModel({ ...shop(100, linear), columns: [constant] }, options);
    expect(model).toMatchObject({ engine: 'baseRate', status: 'insufficientData', columns: [] });
    expect(model.notes).toMatchObject([{ code: 'constantColumn' }]);
  });

  it('is refused when it has no rows', async () => {
    await expect(
      fitPurchaseModel({ ids: [], columns: [], labels: new Uint8Array() }, options),
    ).rejects.toThrow('got 0');
  });
});

it('a table that can be separated perfectly is fitted, with every probability between 0 and 1', async () => {
  const table = shop(300, linear);
  const [minutes] = table.columns;
  const labels = Uint8Array.from(minutes?.values as number[], (value) => (value > 0 ? 1 : 0));
  const model = await fitPurchaseModel({ ...table, labels }, options);
  expect(model.metrics?.rocAuc).toBeGreaterThan(0.99);
  for (const probability of scorePurchaseModel(model, table).probabilities) {
    expect(probability).toBeGreaterThan(0);
    expect(probability).toBeLessThan(1);
  }
});

describe('a stored model', () => {
  it.each([
    ['logisticRegression', shop(300, linear)],
    ['randomForest', shop(600, interaction)],
    ['baseRate', shop(200, () => -1)],
  ])('of engine %s scores as the fitted one', async (engine, table) => {
    const model = await fitPurchaseModel(table, engine === 'randomForest' ? withForest : options);
    expect(model.engine).toBe(engine);
    const stored = purchaseModelSchema.parse(JSON.parse(JSON.stringify(model)));
    expect(stored).toEqual(model);
    expect(scorePurchaseModel(stored, table)).toEqual(scorePurchaseModel(model, table));
  });

  it('of another version, or with another engine’s parameters, is refused', async () => {
    const model = await fitPurchaseModel(fiveRows, options);
    expect(purchaseModelSchema.safeParse({ ...model, version: 1 }).success).toBe(false);
    expect(purchaseModelSchema.safeParse({ ...model, engine: 'baseRate' }).success).toBe(false);
    expect(purchaseModelSchema.safeParse({ ...model, engine: 'oracle' }).success).toBe(false);
  });

  it('says how many rows have a category that it has not seen', async () => {
    const model = await fitPurchaseModel(fiveRows, options);
    const { probabilities, notes } = scorePurchaseModel(model, {
      ids: ['x', 'y'],
      columns: [
        { name: '购买历史', kind: 'categorical', values: ['从不', '频繁'] },
        { name: '浏览时长', kind: 'numeric', values: [20, null] },
      ],
    });
    expect(notes.map(({ code, count }) => [code, count])).toEqual([
      ['missingOnlyInScoring', 1],
      ['unseenCategory', 1],
    ]);
    for (const probability of probabilities) expect(probability > 0 && probability < 1).toBe(true);
  });
});
