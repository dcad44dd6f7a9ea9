import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeFeatures } from '../../../../lib/features/encoder.ts';
import { columnPlaces } from '../../../../lib/features/matrix.ts';
import { orderFeatures } from '../../../../lib/features/orderFeatures.ts';
import { seededGenerator, standardNormal, uniform } from '../../../../lib/math/random.ts';
import { logOdds } from '../../../../lib/models/calibration/calibrator.ts';
import { orderPhrase } from '../../../../lib/models/explanations/orderPhrases.ts';
import { reasonsOf } from '../../../../lib/models/explanations/reasons.ts';
import { fitPurchaseModel } from '../../../../lib/models/fitPurchaseModel.ts';
import {
  explainPurchaseModel,
  type PurchaseModel,
  scorePurchaseModel,
} from '../../../../lib/models/purchaseModel.ts';
import type { EngineName } from '../../../../lib/models/purchaseReport.ts';
import type { TrainingTable } from '../../../../lib/tables/types.ts';

/** Each column moves the odds one way alone: visits up, days down, the city of 上海 up, and noise not at all. */
function shop(rows: number, seed = 3): TrainingTable {
  const generator = seededGenerator(seed);
  const visits = Array.from({ length: rows }, () => Math.round(5 + 3 * standardNormal(generator)));
  const days = Array.from({ length: rows }, () =>
    uniform(generator) < 0.1 ? null : Math.round(60 * uniform(generator)),
  );
  const city = Array.from({ length: rows }, () => (uniform(generator) < 0.4 ? '上海' : '北京'));
  const noise = Array.from({ length: rows }, () => standardNormal(generator));
  const margin = (row: number): number =>
    0.6 * ((visits[row] as number) - 5) -
    0.06 * ((days[row] ?? 60) - 30) +
    (city[row] === '上海' ? 1 : -1) -
    0.5;
  return {
    ids: visits.map((_, row) => `c${row}`),
    columns: [
      { name: 'visits', kind: 'numeric', values: visits },
      { name: 'days', kind: 'numeric', values: days },
      { name: 'city', kind: 'categorical', values: city },
      { name: 'noise', kind: 'numeric', values: noise },
    ],
    labels: Uint8Array.from({ length: rows }, (_, row) =>
      uniform(generator) < 1 / (1 + Math.exp(-margin(row))) ? 1 : 0,
    ),
  };
}

const table = shop(1500);
const modelBy = (engine: EngineName) =>
  fitPurchaseModel(table, { seed: 1, horizonDays: 30, engines: [engine] });
const engines = [
  'logisticRegression',
  'gradientBoosting',
  'randomForest',
  'decisionTree',
  'neuralNetwork',
] as const;
const models = new Map<EngineName, PurchaseModel>();
beforeAll(async () => {
  for (const engine of engines) models.set(engine, await modelBy(engine));
}, 120_000);
const modelOf = (engine: EngineName) => {
  const model = models.get(engine);
  if (model?.engine !== engine) throw new Error(`${engine} was not the champion, but ${model?.engine}`);
  return model;
};

describe.each(engines)('reasons by %s', (engine) => {
  it('point the way that the column is known to move a purchase, where the value is far from usual', async () => {
    const extreme = {
      ids: ['eager', 'gone'],
      columns: [
        { name: 'visits', kind: 'numeric' as const, values: [12, 0] },
        { name: 'days', kind: 'numeric' as const, values: [1, 59] },
        { name: 'city', kind: 'categorical' as const, values: ['上海', '北京'] },
        { name: 'noise', kind: 'numeric' as const, values: [0, 0] },
      ],
    };
    const [eager = [], gone = []] = await explainPurchaseModel(modelOf(engine), extreme);
    // the commonest city may be what the usual customer has, and then is no reason
    for (const { column, direction, effect } of eager)
      expect([column, direction, effect > 0]).toEqual([column, 'more', true]);
    for (const { column, direction, effect } of gone)
      expect([column, direction, effect < 0]).toEqual([column, 'less', true]);
    expect(eager.map(({ column }) => column)).toContain('visits');
    expect(eager.length).toBeLessThanOrEqual(3);
  });
});

it('of a logistic regression and of trees, the effects of all columns add up to the distance from the average log-odds', async () => {
  for (const engine of ['logisticRegression', 'gradientBoosting', 'randomForest'] as const) {
    const model = modelOf(engine);
    const raw = scorePurchaseModel({ ...model, calibrator: { method: 'none' } }, table).probabilities.map(
      logOdds,
    );
    const explained = await explainPurchaseModel(model, table, { top: 100 });
    const sums = explained.map((reasons) => reasons.reduce((sum, { effect }) => sum + effect, 0));
    const distances = raw.map((margin, row) => margin - (sums[row] as number));
    const [least, most] = [Math.min(...distances), Math.max(...distances)];
    // effects below a hundredth are no reasons, and there are four columns
    expect([engine, most - least < 0.09]).toEqual([engine, true]);
  }
});

it('a reason’s sign is that of its effect, and the strongest come first, whatever the effects', () => {
  const { encoder } = encodeFeatures(table);
  const places = columnPlaces(encoder);
  const wording = { source: 'table' as const, currency: 'EUR' };
  const effects = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 8, maxLength: 8 });
  const two = {
    ids: ['a', 'b'],
    columns: table.columns.map((column) => ({
      ...column,
      values: column.values.slice(0, 2),
    })) as typeof table.columns,
  };
  fc.assert(
    fc.property(effects, (values) => {
      const found = reasonsOf(
        { values: Float64Array.from(values), columns: 4 },
        { table: two, places, wording, top: 3 },
      );
      for (const [row, reasons] of found.entries()) {
        const own = values.slice(4 * row, 4 * row + 4);
        const strong = own
          .filter((effect) => Math.abs(effect) >= 0.01)
          .sort((a, b) => Math.abs(b) - Math.abs(a));
        expect(reasons.map(({ effect }) => effect)).toEqual(strong.slice(0, 3));
        for (const { effect, direction, text } of reasons) {
          expect(direction).toBe(effect > 0 ? 'more' : 'less');
          expect(text.en.endsWith(effect > 0 ? ': more likely' : ': less likely')).toBe(true);
          expect(text.zh.endsWith(effect > 0 ? '：更可能购买' : '：更不可能购买')).toBe(true);
        }
      }
    }),
  );
});

describe('the words', () => {
  const { encoder } = encodeFeatures({
    ids: ['a', 'b'],
    columns: [
      { name: 'days_since_last', kind: 'numeric', values: [4, 50] },
      { name: 'gap_mean_days', kind: 'numeric', values: [31, null] },
      { name: 'spend_90d', kind: 'numeric', values: [123_45, 0] },
    ],
  });
  const say = (cells: (number | null)[], currency = 'EUR') => {
    const names = ['days_since_last', 'gap_mean_days', 'spend_90d'];
    const columns = names.map((name, at) => ({
      name,
      kind: 'numeric' as const,
      values: [cells[at] ?? null],
    }));
    const given = { table: { ids: ['a'], columns }, places: columnPlaces(encoder), top: 3 };
    const contributions = { values: Float64Array.of(0.9, -0.5, 0.2), columns: 3 };
    return reasonsOf(contributions, { ...given, wording: { source: 'orders', currency } })[0]?.map(
      ({ text }) => text,
    );
  };

  it('name the value, what is usual for the customer, and the direction', () => {
    expect(say([4, 31, 12_345])).toEqual([
      {
        en: 'last order 4 days ago, usually every 31 days: more likely',
        zh: '上次下单在4 天前，通常每 31 天一次：更可能购买',
      },
      { en: 'orders every 31 days: less likely', zh: '平均每31 天下单一次：更不可能购买' },
      { en: 'spent €123.45 in the last 90 days: more likely', zh: '最近90天消费€123.45：更可能购买' },
    ]);
  });

  it('know one day, what is not known, and a currency without cents', () => {
    expect(say([1, null, 5000], 'JPY')?.map(({ en }) => en)).toEqual([
      'last order 1 day ago: more likely',
      'gap_mean_days is not known: less likely',
      'spent ¥5,000 in the last 90 days: more likely',
    ]);
  });

  it('are there for every feature of an order history, in both languages', () => {
    const value = { en: 'VALUE', zh: 'VALUE' };
    for (const { name } of orderFeatures) {
      const phrase = orderPhrase(name, value);
      expect([name, phrase?.en.includes('VALUE'), phrase?.zh.includes('VALUE')]).toEqual([name, true, true]);
      expect(phrase?.en).not.toMatch(/[{}]/);
    }
    expect(orderPhrase('colour', value)).toBeNull();
  });
});

describe('the report', () => {
  it('finds the columns that matter and gives noise no importance', () => {
    const { importance, partialDependence } = modelOf('logisticRegression').report;
    expect(
      importance
        .slice(0, 3)
        .map(({ column }) => column)
        .sort(),
    ).toEqual(['city', 'days', 'visits']);
    const noise = importance.find(({ column }) => column === 'noise');
    expect(Math.abs(noise?.logLossIncrease ?? 1)).toBeLessThan(0.01);
    const visits = partialDependence.find(({ column }) => column === 'visits')?.points ?? [];
    expect(visits.length).toBeGreaterThan(4);
    for (const [at, { probability }] of visits.entries())
      if (at > 0) expect(probability).toBeGreaterThan(visits[at - 1]?.probability as number);
    const city = partialDependence.find(({ column }) => column === 'city')?.points ?? [];
    expect(city.map(({ value }) => value)).toEqual(['北京', '上海']);
    expect(city.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    const days = partialDependence.find(({ column }) => column === 'days')?.points ?? [];
    expect(days.at(-1)?.value).toBeNull();
  });

  it('prints the decision tree as rules that a marketer can read', () => {
    const { rules } = modelOf('decisionTree').report;
    expect(rules.length).toBeGreaterThan(2);
    for (const { en, zh } of rules) {
      expect(en).toMatch(/^(visits|days|city|noise) .*: (under )?[\d.]+ % buy \([\d.]+ % of customers\)$/);
      expect(zh).toMatch(/会购买（占客户的/);
    }
    expect(rules.some(({ en }) => /city is (上海|北京)/.test(en))).toBe(true);
  });
});
