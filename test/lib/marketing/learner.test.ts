import { describe, expect, test } from 'vitest';
import { checkBalance } from '../../../lib/marketing/campaigns/balance.ts';
import { measureCampaign } from '../../../lib/marketing/campaigns/measureCampaign.ts';
import { qiniCoefficient, qiniInterval } from '../../../lib/marketing/campaigns/qini.ts';
import {
  predictLogOddsRise,
  predictUplift,
  type TLearner,
} from '../../../lib/marketing/campaigns/tLearner.ts';
import { seededGenerator, standardNormal, uniform } from '../../../lib/math/random.ts';

interface World {
  /** Probability to be contacted, by the first covariate; a half is a fair draw. */
  draw?: (x: number) => number;
  /** By how much a contact raises the probability to order. */
  uplift: (x: number) => number;
}

function campaign(seed: number, { draw = () => 0.5, uplift }: World) {
  const generator = seededGenerator(seed);
  return Array.from({ length: 4000 }, () => {
    const [x, z] = [standardNormal(generator), standardNormal(generator)];
    const treated = uniform(generator) < draw(x);
    const converted = uniform(generator) < 0.15 + (treated ? uplift(x) : 0);
    return { treated, converted, revenue: 0, covariates: [x, z] };
  });
}

const measure = (seed: number, world: World) =>
  measureCampaign(campaign(seed, world), { covariates: ['x', 'z'], cost: null, significance: 0.05, seed: 7 });

describe('whom to contact next', () => {
  test('is learnt where some customers are moved and others are not, and then ranks better than chance', () => {
    const { learner, learnerReason, balance } = measure(1, { uplift: (x) => (x > 0 ? 0.3 : 0) });
    expect(balance?.isBalanced).toBe(true);
    expect(learnerReason).toBeNull();
    expect(learner?.isUseful).toBe(true);
    expect(learner?.qiniInterval.low).toBeGreaterThan(0);
    expect(learner?.qini).toBeGreaterThan(0.02);
    const columns = [{ values: Float64Array.of(-1, 1, Number.NaN) }, { values: new Float64Array(3) }];
    const [left, right, unknown] = predictLogOddsRise(learner as TLearner, columns);
    expect(right).toBeGreaterThan((left as number) + 0.5);
    expect(unknown).toBeNaN();
    const [least, most] = predictUplift(learner as TLearner, columns);
    expect((most as number) - (least as number)).toBeGreaterThan(0.1);
  });

  test('is not told where all are moved alike', () => {
    const useful = [1, 2, 3, 4, 5, 6].filter(
      (seed) => measure(seed, { uplift: () => 0.1 }).learner?.isUseful === true,
    );
    expect(useful.length).toBeLessThanOrEqual(1);
  });

  test('is not learnt from groups that were chosen, not drawn', () => {
    const { learner, learnerReason, balance } = measure(3, {
      draw: (x) => (x > 0 ? 0.6 : 0.4),
      uplift: (x) => (x > 0 ? 0.3 : 0),
    });
    expect(balance).toMatchObject({ isBalanced: false });
    expect(Math.abs(balance?.covariates[0]?.standardisedDifference ?? 0)).toBeGreaterThan(0.1);
    expect({ learner, learnerReason }).toEqual({ learner: null, learnerReason: 'notRandomised' });
  });

  test('is not learnt without a word on how customers stood before', () => {
    const customers = campaign(1, { uplift: () => 0 }).map((of) => ({ ...of, covariates: [Number.NaN] }));
    const options = { covariates: ['x'], cost: null, significance: 0.05, seed: 7 };
    expect(measureCampaign(customers, options)).toMatchObject({
      balance: null,
      learnerReason: 'noCovariates',
    });
  });
});

test('fair draws are taken for unfair ones as rarely as the test says: one in a hundred', () => {
  const unfair = Array.from({ length: 300 }, (_, seed) => {
    const generator = seededGenerator(seed + 1);
    const column = () => Float64Array.from({ length: 400 }, () => standardNormal(generator));
    const columns = [
      { name: 'a', values: column() },
      { name: 'b', values: column() },
    ];
    const treated = Uint8Array.from({ length: 400 }, () => Number(uniform(generator) < 0.7));
    return checkBalance(columns, treated);
  }).filter((balance) => balance?.isBalanced === false);
  expect(unfair.length).toBeLessThanOrEqual(9);
});

describe('the Qini coefficient', () => {
  const treated = Uint8Array.of(1, 0, 1, 0, 1, 0, 1, 0);
  const converted = Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 0);

  test('is 0 where all scores are equal', () => {
    expect(qiniCoefficient({ scores: new Float64Array(8), treated, converted })).toBeCloseTo(0, 12);
  });

  test('is positive where those who are moved come first, and changes its sign with the order', () => {
    const scores = Float64Array.of(8, 7, 6, 5, 4, 3, 2, 1);
    const right = qiniCoefficient({ scores, treated, converted });
    const wrong = qiniCoefficient({ scores: scores.map((score) => -score), treated, converted });
    expect(right).toBeGreaterThan(0.1);
    expect(wrong).toBeLessThan(-0.1);
  });

  test('has the same interval for the same seed', () => {
    const outcomes = { scores: Float64Array.of(8, 7, 6, 5, 4, 3, 2, 1), treated, converted };
    expect(qiniInterval(outcomes, { seed: 3 })).toEqual(qiniInterval(outcomes, { seed: 3 }));
  });
});
