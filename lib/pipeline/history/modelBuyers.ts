import { ModelFitError } from '../../models/btyd/modelFitError.ts';
import {
  type CustomerForecast,
  type ForecastInputs,
  forecastCustomers,
} from '../../value/customerForecast.ts';
import { chooseOnHoldout, type HoldoutChoice, type NoHoldout } from '../../value/holdout.ts';
import type { Run } from '../run.ts';
import type { ValueModelReport } from '../valueResults.ts';
import { type Buyers, covariatesOf, holdoutColumns } from './buyers.ts';
import type { HistorySpan } from './span.ts';

/** Used where no days can be held out: unlike BG/NBD it lets one-time buyers leave. */
const usualModel = 'mbgNbd';

export interface ModelledBuyers {
  /** Null where the history carries no model. */
  forecast: CustomerForecast | null;
  report: ValueModelReport;
}

/** Lets models compete on days that none of them saw, and forecasts every buyer by the one that won. */
export async function modelBuyers(
  run: Run,
  { buyers, span }: { buyers: Buyers; span: HistorySpan },
): Promise<ModelledBuyers> {
  const { lastDay, holdoutDay } = span;
  const judged = await run.timed('value.choice', async () =>
    chooseOnHoldout(holdoutColumns(buyers, holdoutDay), { days: lastDay - holdoutDay }),
  );
  const forecast = await run.timed('value.forecast', async () => forecastBuyers(run, { buyers, judged }));
  const report = reportOn(judged, forecast);
  const { warnings, choice, noHoldout } = report;
  const fallback = noHoldout === null ? [] : [{ code: 'noHoldout', message: noHoldout }];
  run.amend({
    notes: [...fallback, ...warnings],
    metrics: { value: { model: report.model?.name ?? null, choice } },
  });
  return { forecast: forecast instanceof ModelFitError ? null : forecast, report };
}

function forecastBuyers(
  { settings }: Run,
  { buyers, judged }: { buyers: Buyers; judged: HoldoutChoice | NoHoldout },
): CustomerForecast | ModelFitError {
  const { margin, annualDiscountRate } = settings.orders;
  const inputs: ForecastInputs = {
    histories: { frequency: buyers.frequency, recency: buyers.recencyDays, age: buyers.ageDays },
    covariates: covariatesOf(buyers),
    spend: buyers.spend,
  };
  const name = 'winner' in judged ? judged.winner : usualModel;
  try {
    return forecastCustomers(inputs, { name, margin, annualDiscountRate, seed: settings.seed });
  } catch (error) {
    if (error instanceof ModelFitError) return error;
    throw error;
  }
}

function reportOn(
  judged: HoldoutChoice | NoHoldout,
  forecast: CustomerForecast | ModelFitError,
): ValueModelReport {
  const judgement =
    'winner' in judged
      ? { choice: choiceOf(judged), noHoldout: null }
      : {
          choice: null,
          noHoldout: `models could not be judged on days that they had not seen: ${judged.reason}`,
        };
  const before = 'winner' in judged ? judged.warnings : [];
  if (forecast instanceof ModelFitError) {
    const message = `${forecast.message}; customers are ranked by what they have spent`;
    const warnings = [...before, { code: 'noValueModel', message }];
    return { model: null, lifeCycleModel: null, orderValues: null, ...judgement, warnings };
  }
  const { model, orderValues, lifeCycle, warnings } = forecast;
  const { name, parameters, effects, logLikelihood, customers, histories, iterations } = model;
  const { gammaGamma, cap, meanOrder } = orderValues;
  return {
    model: { name, parameters, effects, logLikelihood, customers, histories, iterations },
    lifeCycleModel: lifeCycle,
    orderValues: {
      gammaGamma: gammaGamma && { p: gammaGamma.p, q: gammaGamma.q, v: gammaGamma.v },
      cap,
      meanOrder,
    },
    ...judgement,
    warnings: [...before, ...warnings],
  };
}

const choiceOf = ({
  days,
  customers,
  winner,
  sentence,
  rows,
}: HoldoutChoice): ValueModelReport['choice'] => ({
  heldOutDays: days,
  customers,
  winner,
  sentence,
  rows,
});
