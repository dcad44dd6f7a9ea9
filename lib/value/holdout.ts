import { expectedOfCustomers, fitCandidates } from '../models/btyd/candidates.ts';
import type { Covariate } from '../models/btyd/covariateStrata.ts';
import type { CustomerModelName } from '../models/btyd/customerModel.ts';
import { expectedValueOfOrder, fitOrderValues } from '../models/btyd/orderValue.ts';
import type { HistoryColumns } from '../models/btyd/purchaseHistory.ts';
import type { ModelWarning } from '../models/btyd/warnings.ts';
import { chooseModel, type ModelChoice } from './chooseModel.ts';
import { rfmRanking, scoreRfm } from './rfm.ts';

/** Customers as they stood at the end of the calibration, and what they then did; one entry per customer who was known by then. */
export interface HoldoutColumns {
  histories: HistoryColumns;
  covariates: readonly Covariate[];
  /** All orders, the first included, by then. */
  spendBefore: Float64Array;
  purchasesAfter: Float64Array;
  spendAfter: Float64Array;
}

export interface HoldoutChoice extends ModelChoice {
  winner: CustomerModelName;
  /** Days that no model saw. */
  days: number;
  customers: number;
  warnings: ModelWarning[];
}

/** Why a shop's history cannot judge models yet. */
export interface NoHoldout {
  reason: string;
}

const [fewestDays, fewestCustomers, fewestRepeaters, fewestBuyers] = [28, 100, 30, 20];

/**
 * Fits every candidate to what was known, and holds its forecasts against the days after, beside always zero, historical spend and
 * the RFM sum. The winner is to be fitted again to all there is.
 */
export function chooseOnHoldout(
  columns: HoldoutColumns,
  { days }: { days: number },
): HoldoutChoice | NoHoldout {
  const { histories, covariates, spendBefore, purchasesAfter, spendAfter } = columns;
  const reason = whyNot(columns, days);
  if (reason !== null) return { reason };
  const { models, warnings } = fitCandidates({ histories, covariates });
  if (models.length === 0) return { reason: warnings.map(({ message }) => message).join('; ') };
  const orderValue = orderValues(columns);
  const forecasts = models.map((model) => {
    const purchases = expectedOfCustomers(model, days);
    return {
      name: model.name,
      purchases,
      value: purchases.map((often, index) => often * (orderValue[index] as number)),
    };
  });
  const zero = new Float64Array(spendBefore.length);
  const { frequency, recency, age } = histories;
  const scores = scoreRfm({
    daysSinceLast: age.map((value, index) => value - (recency[index] as number)),
    frequency,
    monetary: spendBefore,
  });
  const choice = chooseModel(forecasts, {
    baselines: [
      { name: 'always zero', purchases: zero, scores: zero },
      { name: 'historical spend', scores: spendBefore },
      { name: 'RFM sum', scores: rfmRanking(scores, spendBefore) },
    ],
    heldOut: { purchases: purchasesAfter, value: spendAfter },
  });
  const winner = choice.winner as CustomerModelName;
  return { ...choice, winner, days, customers: spendBefore.length, warnings };
}

function whyNot({ histories, purchasesAfter }: HoldoutColumns, days: number): string | null {
  const customers = purchasesAfter.length;
  const repeaters = histories.frequency.filter((x) => x > 0).length;
  const buyers = purchasesAfter.filter((purchases) => purchases > 0).length;
  if (days < fewestDays) return `only ${days} days could be held out, of at least ${fewestDays}`;
  if (customers < fewestCustomers)
    return `only ${customers} customers had bought before the held-out days, of at least ${fewestCustomers}`;
  if (repeaters < fewestRepeaters)
    return `only ${repeaters} customers had come back before the held-out days, of at least ${fewestRepeaters}`;
  if (buyers < fewestBuyers)
    return `only ${buyers} customers bought in the held-out days, of at least ${fewestBuyers}`;
  return null;
}

/** What each customer's next order is expected to be worth; a day with orders counts as one, as it does in the frequency. */
function orderValues({ histories, spendBefore }: HoldoutColumns): Float64Array {
  const orders = histories.frequency.map((repeats) => repeats + 1);
  const meanValue = spendBefore.map((spend, index) => spend / (orders[index] as number));
  const model = fitOrderValues({ orders, meanValue });
  return orders.map((count, index) =>
    expectedValueOfOrder(model, { orders: count, meanValue: meanValue[index] as number }),
  );
}
