import { gammaln } from 'simple-statistics';
import { digamma } from '../../math/digamma.ts';
import type { Objective } from '../../math/lbfgs.ts';
import type { GammaGammaModel } from './gammaGammaModel.ts';
import { maximiseLikelihood } from './maximumLikelihood.ts';
import { ModelFitError } from './modelFitError.ts';

/** By column: `orders[i]` orders of customer i with the mean value `meanValue[i]`; `weights`, where rows stand for many. */
export interface OrderValueColumns {
  orders: Float64Array;
  meanValue: Float64Array;
  weights?: Float64Array;
}

/** Fits to the customers who have an order; a mean value that is not above 0 is refused, for its logarithm is taken. */
export function fitGammaGamma(columns: OrderValueColumns): GammaGammaModel {
  const sample = sampleOf(columns);
  const { typicalOrder, customers } = sample;
  const minimum = maximiseLikelihood({
    name: 'fitGammaGamma',
    starts,
    objective: gammaGammaObjective(sample),
    thinned: gammaGammaObjective(thinned(sample, 4000)),
  });
  const [p = 0, q = 0, scaledV = 0] = Array.from(minimum.point, Math.exp);
  return {
    kind: 'gammaGamma',
    p,
    q,
    v: scaledV * typicalOrder,
    // a density over values changes with their unit
    logLikelihood: -(minimum.value + Math.log(typicalOrder)) * customers,
    customers,
    iterations: minimum.iterations,
  };
}

/** The likelihood of the same order values under other counts of customers, over log p, log q, log v. */
export function gammaGammaLikelihoods(columns: OrderValueColumns): {
  counts: Float64Array;
  likelihoodOf: (counts: Float64Array) => Objective;
} {
  const sample = sampleOf(columns);
  const unit = Math.log(sample.typicalOrder);
  return {
    counts: sample.weights,
    likelihoodOf: (weights) => {
      const customers = weights.reduce((sum, weight) => sum + weight, 0);
      const objective = gammaGammaObjective({ ...sample, weights, customers });
      return ([p = 0, q = 0, v = 0], gradient) => objective(Float64Array.of(p, q, v - unit), gradient);
    },
  };
}

/** p, q, v, the last in units of a typical order. */
const starts = [
  [5, 4, 0.5],
  [1, 2, 1],
  [2, 10, 5],
  [20, 2, 0.1],
];

/** Order values in units of a typical order, with what does not change while fitting worked out. */
interface Sample {
  typicalOrder: number;
  customers: number;
  weights: Float64Array;
  /** Distinct numbers of orders, and which is each row's. */
  orders: Float64Array;
  ordersOf: Uint32Array;
  spend: Float64Array;
  logMean: Float64Array;
}

function sampleOf({ orders, meanValue, weights }: OrderValueColumns): Sample {
  const used = orders.map((count, row) => (count > 0 ? (weights?.[row] ?? 1) : 0));
  const rows = used.reduce((sum, weight) => sum + (weight > 0 ? 1 : 0), 0);
  if (rows < 2)
    throw new ModelFitError(
      'tooFewCustomers',
      `fitGammaGamma needs at least two customers with an order; got ${rows}`,
    );
  const sample = emptySample(rows, typicalOrderOf(used, meanValue));
  const position = new Map<number, number>();
  let at = 0;
  for (let row = 0; row < used.length; row++) {
    const weight = used[row] as number;
    if (weight === 0) continue;
    const count = orders[row] as number;
    const mean = (meanValue[row] as number) / sample.typicalOrder;
    const known = position.get(count) ?? position.size;
    if (known === position.size) position.set(count, known);
    sample.customers += weight;
    sample.weights[at] = weight;
    sample.ordersOf[at] = known;
    sample.spend[at] = count * mean;
    sample.logMean[at] = Math.log(mean);
    at += 1;
  }
  return { ...sample, orders: Float64Array.from(position.keys()) };
}

const emptySample = (rows: number, typicalOrder: number): Sample => ({
  typicalOrder,
  customers: 0,
  weights: new Float64Array(rows),
  orders: new Float64Array(0),
  ordersOf: new Uint32Array(rows),
  spend: new Float64Array(rows),
  logMean: new Float64Array(rows),
});

/** The geometric mean, which no wholesale order moves far: the unit in which values are fitted. */
function typicalOrderOf(weights: Float64Array, meanValue: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < weights.length; row++) {
    const weight = weights[row] as number;
    if (weight === 0) continue;
    const mean = meanValue[row] as number;
    if (!(mean > 0 && Number.isFinite(mean)))
      throw new RangeError(`fitGammaGamma: row ${row} has a mean order value of ${mean}, not above 0`);
    sum += weight * Math.log(mean);
    total += weight;
  }
  return Math.exp(sum / total);
}

function thinned(sample: Sample, most: number): Sample {
  const every = Math.max(1, Math.ceil(sample.spend.length / most));
  const kept = <T extends Float64Array | Uint32Array>(values: T): T =>
    values.filter((_, index) => index % every === 0) as T;
  const weights = kept(sample.weights);
  return {
    ...sample,
    weights,
    customers: weights.reduce((sum, weight) => sum + weight, 0),
    ordersOf: kept(sample.ordersOf),
    spend: kept(sample.spend),
    logMean: kept(sample.logMean),
  };
}

/**
 * Minus the mean log-likelihood (equation 1a) over log p, log q, log v. With x orders of the mean z it is
 * log Γ(px+q) - log Γ(px) - log Γ(q) + q log v + (px-1) log z + px log x - (px+q) log(xz + v).
 */
function gammaGammaObjective({ customers, weights, orders, ordersOf, spend, logMean }: Sample): Objective {
  const byOrders = new Float64Array(orders.length);
  let [constant, meanLogTimesOrders] = [0, 0];
  for (let row = 0; row < weights.length; row++) {
    const at = ordersOf[row] as number;
    const weight = weights[row] as number;
    byOrders[at] = (byOrders[at] as number) + weight;
    constant -= weight * (logMean[row] as number);
    meanLogTimesOrders += weight * (orders[at] as number) * (logMean[row] as number);
  }
  return (point, gradient) => {
    const [p = 0, q = 0, v = 0] = Array.from(point, Math.exp);
    const [lnQ, psiQ, lnV] = [gammaln(q), digamma(q), Math.log(v)];
    let value = constant + p * meanLogTimesOrders + customers * (q * lnV - lnQ);
    let dp = meanLogTimesOrders;
    let dq = customers * (lnV - psiQ);
    let dv = (customers * q) / v;
    for (let at = 0; at < orders.length; at++) {
      const x = orders[at] as number;
      const weight = byOrders[at] as number;
      const psi = digamma(p * x + q);
      value += weight * (gammaln(p * x + q) - gammaln(p * x) + p * x * Math.log(x));
      dp += weight * x * (psi - digamma(p * x) + Math.log(x));
      dq += weight * psi;
    }
    for (let row = 0; row < weights.length; row++) {
      const x = orders[ordersOf[row] as number] as number;
      const sum = (spend[row] as number) + v;
      const logSum = Math.log(sum);
      const weight = weights[row] as number;
      value -= weight * (p * x + q) * logSum;
      dp -= weight * x * logSum;
      dq -= weight * logSum;
      dv -= (weight * (p * x + q)) / sum;
    }
    gradient[0] = (-p * dp) / customers;
    gradient[1] = (-q * dq) / customers;
    gradient[2] = (-v * dv) / customers;
    return -value / customers;
  };
}
