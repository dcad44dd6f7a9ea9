import { predictLogOddsRise, type TLearner } from '../../marketing/campaigns/tLearner.ts';
import type { covariateFields } from '../../tables/campaigns/fields.ts';
import type { MeasuredUpload } from './measureUploads.ts';
import type { Buyers } from './readBuyers.ts';

/** By campaign that taught whom it moves: what it says of each of today's buyers. */
export function learnedDifferences(
  measured: readonly MeasuredUpload[],
  context: { buyers: Buyers; minorDigits: number },
): Map<string, Float64Array> {
  const useful = measured.flatMap(({ name, learner }) => (learner?.isUseful ? [{ name, learner }] : []));
  return new Map(
    useful.map(({ name, learner }) => [name, predictLogOddsRise(learner, covariatesOf(learner, context))]),
  );
}

/** Of each buyer, what the learner was taught by. */
export const covariatesOf = (
  { covariates }: TLearner,
  { buyers, minorDigits }: { buyers: Buyers; minorDigits: number },
): { values: Float64Array }[] =>
  covariates.map((name) => ({ values: covariateColumn(name, buyers, minorDigits) }));

/** In the units of the uploads. */
function covariateColumn(name: string, buyers: Buyers, minorDigits: number): Float64Array {
  const inUnits = (values: Float64Array): Float64Array => values.map((value) => value / 10 ** minorDigits);
  switch (name as (typeof covariateFields)[number]) {
    case 'probability':
      return buyers.probability;
    case 'expectedOrder':
      return inUnits(buyers.orderValue);
    case 'spend':
      return inUnits(buyers.spend);
    case 'purchaseDays':
      return buyers.purchaseDays;
    case 'daysSinceLastOrder':
      return buyers.daysSinceLast;
  }
}
