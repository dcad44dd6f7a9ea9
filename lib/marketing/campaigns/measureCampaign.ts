import { type Balance, checkBalance } from './balance.ts';
import { fitTLearner, type TLearner } from './tLearner.ts';
import {
  costPerExtraOrder,
  differenceOfMeans,
  type Interval,
  measureUplift,
  momentsOf,
  type Uplift,
} from './uplift.ts';
import type { Verdict } from './verdicts.ts';

/** One customer of a campaign that has run; money in minor units. */
export interface CampaignCustomer {
  treated: boolean;
  converted: boolean;
  revenue: number;
  covariates: readonly number[];
}

export interface CampaignResult {
  verdict: Verdict;
  treated: number;
  control: number;
  /** Null without a control group, or without anybody contacted: then nothing can be measured. */
  uplift: Uplift | null;
  /** Rise of the revenue per customer. */
  revenue: { difference: number; interval: Interval; pValue: number } | null;
  /** Minor units, null where it is not known; of all who were contacted, and of each order that would not have come without it. */
  cost: number | null;
  costPerExtraOrder: { cost: number | null; low: number | null; high: number | null } | null;
  /** Null where the file tells nothing of the customers before the campaign. */
  balance: Balance | null;
  /** Null unless the groups are a random draw, as far as can be seen, and large enough. */
  learner: TLearner | null;
  /** Why there is no learner, or why it is not used. */
  learnerReason: 'noCovariates' | 'notRandomised' | 'tooFewBuyers' | 'noBetterThanChance' | null;
}

/** What a campaign brought against its control group. */
export function measureCampaign(
  customers: readonly CampaignCustomer[],
  {
    covariates,
    cost,
    significance,
    seed,
  }: { covariates: readonly string[]; cost: number | null; significance: number; seed: number },
): CampaignResult {
  const [treated, control] = [true, false].map((arm) => customers.filter((of) => of.treated === arm)) as [
    CampaignCustomer[],
    CampaignCustomer[],
  ];
  const sizes = { treated: treated.length, control: control.length };
  if (treated.length === 0 || control.length === 0)
    return { ...nothingMeasured, verdict: 'noControl', ...sizes, cost };
  const buyers = (of: readonly CampaignCustomer[]): number => of.filter(({ converted }) => converted).length;
  const uplift = measureUplift(
    { ...sizes, treatedBuyers: buyers(treated), controlBuyers: buyers(control) },
    { significance },
  );
  return {
    verdict: uplift.isMeasurable ? (uplift.uplift > 0 ? 'raised' : 'lowered') : 'noMeasurableEffect',
    ...sizes,
    uplift,
    revenue: differenceOfMeans(
      momentsOf(treated.map(({ revenue }) => revenue)),
      momentsOf(control.map(({ revenue }) => revenue)),
      { significance },
    ),
    cost,
    costPerExtraOrder: cost === null ? null : costPerExtraOrder(cost, uplift),
    ...learnFrom(customers, { covariates, seed }),
  };
}

const nothingMeasured = {
  uplift: null,
  revenue: null,
  costPerExtraOrder: null,
  balance: null,
  learner: null,
  learnerReason: null,
};

/** Columns that every customer has; whom to contact is learnt only where the draw was random. */
function learnFrom(
  customers: readonly CampaignCustomer[],
  { covariates, seed }: { covariates: readonly string[]; seed: number },
): Pick<CampaignResult, 'balance' | 'learner' | 'learnerReason'> {
  const columns = covariates
    .map((name, at) => ({
      name,
      values: Float64Array.from(customers, (of) => of.covariates[at] ?? Number.NaN),
    }))
    .filter(({ values }) => values.every(Number.isFinite));
  const treated = Uint8Array.from(customers, (of) => Number(of.treated));
  const balance = checkBalance(columns, treated);
  if (balance === null) return { balance, learner: null, learnerReason: 'noCovariates' };
  if (!balance.isBalanced) return { balance, learner: null, learnerReason: 'notRandomised' };
  const converted = Uint8Array.from(customers, (of) => Number(of.converted));
  const learner = fitTLearner({ columns, treated, converted }, { seed });
  if (learner === null) return { balance, learner, learnerReason: 'tooFewBuyers' };
  return { balance, learner, learnerReason: learner.isUseful ? null : 'noBetterThanChance' };
}
