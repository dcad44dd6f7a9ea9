import { drawGamma } from '../lib/math/draws.ts';
import { seededGenerator, uniformBelow } from '../lib/math/random.ts';
import { sortedOrder } from '../lib/math/sortedOrder.ts';
import { clusterCustomers } from '../lib/value/clusters.ts';
import { forecastCustomers } from '../lib/value/customerForecast.ts';
import { chooseOnHoldout } from '../lib/value/holdout.ts';
import { migrationMatrix, placesBefore } from '../lib/value/migration.ts';
import { scoreRfm } from '../lib/value/rfm.ts';
import { assignRfmGroups } from '../lib/value/rfmGroups.ts';
import { valueTierSettings } from '../lib/value/settings.ts';
import { spendTotals } from '../lib/value/spendTotals.ts';
import { type Tier, tiersBestFirst } from '../lib/value/tier.ts';
import { cutValueTiers } from '../lib/value/valueTiers.ts';
import { drawHistories } from '../test/support/drawBuyers.ts';

/** Everything that a run computes of its buyers' value, without reading or writing anything. */
export function measureValueStep(customers: number): { seconds: Record<string, number>; sentence: string } {
  const seconds: Record<string, number> = {};
  const timed = <Result>(step: string, work: () => Result): Result => {
    const from = performance.now();
    const result = work();
    seconds[step] = (performance.now() - from) / 1000;
    return result;
  };
  const shop = drawShop(customers);
  const { histories, covariates, spend } = shop;
  const choice = timed('choice on a holdout, five candidates', () =>
    chooseOnHoldout(
      {
        histories,
        covariates,
        spendBefore: spend,
        purchasesAfter: histories.heldOut,
        spendAfter: histories.heldOut.map((often) => 3000 * often),
      },
      { days: 182 },
    ),
  );
  const name = 'winner' in choice ? choice.winner : 'mbgNbd';
  const forecast = timed('forecast, 200 replicates of both models', () =>
    forecastCustomers(
      { histories, covariates, spend },
      { name, margin: 0.3, annualDiscountRate: 0.1, seed: 42 },
    ),
  );
  const worth = forecast.columns.expectedSpend;
  const { tierOf } = timed('tiers', () =>
    cutValueTiers(worth, {
      basis: 'expectedSpend',
      settings: valueTierSettings.parse({}),
      minorUnits: 100,
      previous: null,
    }),
  );
  const daysSinceLast = histories.age.map((age, index) => age - (histories.recency[index] as number));
  timed('RFM groups', () =>
    assignRfmGroups(scoreRfm({ daysSinceLast, frequency: histories.frequency, monetary: spend })),
  );
  timed('clusters', () =>
    clusterCustomers(
      [
        { name: 'daysSinceLast', values: daysSinceLast },
        { name: 'purchaseDays', values: histories.frequency },
        { name: 'spend', values: spend },
        { name: 'customerDays', values: histories.age },
      ],
      { seed: 42, worth },
    ),
  );
  timed('totals of three tiers, with intervals', () =>
    spendTotals(forecast.inputs, forecast.uncertainty, { segmentOf: tierOf, segments: 3, seed: 42 }),
  );
  timed('moves since a run before', () => {
    const customerIds = Array.from(worth, (_, index) => `C${index}`);
    const standing = (ids: string[]) => ({
      customerIds: ids,
      segments: Array.from(tierOf, (place) => tiersBestFirst[place] as Tier),
      values: worth,
    });
    const before = placesBefore({ customerIds: customerIds.toReversed() }, { customerIds });
    migrationMatrix(standing(customerIds.toReversed()), standing(customerIds), {
      segments: tiersBestFirst,
      before,
    });
  });
  timed('order by value', () => sortedOrder(worth));
  const sentence = 'sentence' in choice ? choice.sentence : choice.reason;
  return { seconds, sentence };
}

/** Two years of a shop, by the day, whose customers came through four channels from three countries. */
function drawShop(customers: number) {
  const generator = seededGenerator(7);
  const histories = drawHistories(
    { kind: 'mbgNbd', r: 0.6, alpha: 50, a: 0.8, b: 2.5 },
    { generator, customers, ages: [1, 730], wholeDays: true, horizon: 182 },
  );
  const pick = (names: readonly string[]): string[] =>
    Array.from({ length: customers }, () => names[uniformBelow(generator, names.length)] as string);
  const spend = histories.frequency.map((repeats) => {
    const orders = repeats + 1;
    return 100 * (drawGamma(generator, 6 * orders) / (drawGamma(generator, 4) / 20));
  });
  const covariates = [
    { name: 'channel', values: pick(['web', 'app', 'store', 'email']) },
    { name: 'country', values: pick(['DE', 'FR', 'CN']) },
  ];
  return { histories, covariates, spend };
}
