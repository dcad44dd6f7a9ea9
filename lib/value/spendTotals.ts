import { normalQuantile } from '../math/normalQuantile.ts';
import { type RandomGenerator, seededGenerator } from '../math/random.ts';
import type { PlainCustomerModel } from '../models/btyd/customerModel.ts';
import { drawFutureSpend } from '../models/btyd/futureSpend.ts';
import { deviation } from '../models/btyd/intervals.ts';
import { historyAt } from '../models/btyd/purchaseHistory.ts';
import type { PlainSpendInputs, SpendUncertainty } from './spendUncertainty.ts';

export interface SpendTotal {
  customers: number;
  expected: number;
  low: number;
  high: number;
}

export interface Segmentation {
  /** The segment of each customer, from 0. */
  segmentOf: Uint8Array;
  segments: number;
}

/**
 * What the customers of each segment will spend together: uncertain because parameters are, which moves all of them the same way,
 * and because each may do otherwise than expected, which is measured on a part of each segment.
 */
export function spendTotals(
  inputs: PlainSpendInputs,
  uncertainty: SpendUncertainty,
  { segmentOf, segments, seed, level = 0.9 }: Segmentation & { seed: number; level?: number },
): SpendTotal[] {
  const byParameters = parameterDeviations(inputs, uncertainty, { segmentOf, segments });
  const members = membersOf({ segmentOf, segments });
  const partOf = partsByCustomer(inputs.model);
  const generator = seededGenerator(seed);
  return members.map((customers, segment) => {
    const expected = customers.reduce((sum, customer) => sum + expectedSpend(inputs, customer), 0);
    const byChance = Math.sqrt(varianceByChance(inputs, { customers, partOf, generator }));
    const width = normalQuantile((1 + level) / 2) * Math.hypot(byParameters[segment] as number, byChance);
    return {
      customers: customers.length,
      expected,
      low: Math.max(0, expected - width),
      high: expected + width,
    };
  });
}

const expectedSpend = ({ purchases, orderValue }: PlainSpendInputs, customer: number): number =>
  (purchases[customer] as number) * (orderValue[customer] as number);

/** Of each segment's total: the slopes of its customers add up before they are squared. */
function parameterDeviations(
  inputs: PlainSpendInputs,
  { buyingSlopes, buyingCovariance, value }: SpendUncertainty,
  { segmentOf, segments }: Segmentation,
): number[] {
  const perSegment = (length: number): Float64Array[] =>
    Array.from({ length: segments }, () => new Float64Array(length));
  const buying = perSegment(buyingCovariance.length);
  for (const [index, { customers, groups, loadings }] of inputs.model.parts.entries()) {
    const own = perSegment(loadings.length);
    for (let member = 0; member < customers.length; member++) {
      const customer = customers[member] as number;
      const sums = own[segmentOf[customer] as number] as Float64Array;
      const expected = expectedSpend(inputs, customer);
      for (let at = 0; at < sums.length; at++)
        sums[at] =
          (sums[at] as number) +
          expected * (buyingSlopes[index]?.[at]?.[groups.groupOf[member] as number] as number);
    }
    for (const [segment, sums] of own.entries()) addLoaded(buying[segment] as Float64Array, sums, loadings);
  }
  const ofValue = perSegment(value.slopes.length);
  for (let customer = 0; customer < segmentOf.length; customer++) {
    const sums = ofValue[segmentOf[customer] as number] as Float64Array;
    const expected = expectedSpend(inputs, customer);
    for (let at = 0; at < sums.length; at++)
      sums[at] = (sums[at] as number) + expected * (value.slopes[at]?.[customer] as number);
  }
  return buying.map((sums, segment) =>
    Math.hypot(
      deviation(Array.from(sums), buyingCovariance),
      deviation(Array.from(ofValue[segment] as Float64Array), value.covariance),
    ),
  );
}

function addLoaded(target: Float64Array, sums: Float64Array, loadings: readonly number[][]): void {
  for (const [row, loading] of loadings.entries())
    for (const [column, weight] of loading.entries())
      target[column] = (target[column] as number) + weight * (sums[row] as number);
}

function membersOf({ segmentOf, segments }: Segmentation): Uint32Array[] {
  const sizes = new Uint32Array(segments);
  for (const segment of segmentOf) sizes[segment] = (sizes[segment] as number) + 1;
  const members = Array.from(sizes, (size) => new Uint32Array(size));
  sizes.fill(0);
  for (let customer = 0; customer < segmentOf.length; customer++) {
    const segment = segmentOf[customer] as number;
    const at = sizes[segment] as number;
    (members[segment] as Uint32Array)[at] = customer;
    sizes[segment] = at + 1;
  }
  return members;
}

/** Which part of the model each customer belongs to, and where in it. */
interface PartPlaces {
  part: Uint16Array;
  member: Uint32Array;
}

function partsByCustomer({ customers, parts }: PlainCustomerModel): PartPlaces {
  const places = { part: new Uint16Array(customers), member: new Uint32Array(customers) };
  for (const [index, part] of parts.entries())
    for (let member = 0; member < part.customers.length; member++) {
      const customer = part.customers[member] as number;
      places.part[customer] = index;
      places.member[customer] = member;
    }
  return places;
}

const customersLookedAt = 1000;
const futuresEach = 25;

/** Of the sum of what the customers spend, given the parameters; looked at customer by customer, of a part of them. */
function varianceByChance(
  inputs: PlainSpendInputs,
  {
    customers,
    partOf,
    generator,
  }: { customers: Uint32Array; partOf: PartPlaces; generator: RandomGenerator },
): number {
  const looked = Math.min(customers.length, customersLookedAt);
  if (looked === 0) return 0;
  const { model, orderValues, columns, horizon } = inputs;
  let variance = 0;
  for (let at = 0; at < looked; at++) {
    const customer = customers[Math.floor(((at + 0.5) * customers.length) / looked)] as number;
    const part = model.parts[partOf.part[customer] as number] as PlainCustomerModel['parts'][number];
    const history = historyAt(part.groups, part.groups.groupOf[partOf.member[customer] as number] as number);
    const orders = {
      orders: columns.orders[customer] as number,
      meanValue: columns.meanValue[customer] as number,
    };
    let [sum, squares] = [0, 0];
    for (let future = 0; future < futuresEach; future++) {
      const spend = drawFutureSpend(
        { model: part.model, orderValues },
        { history, orders },
        { horizon, generator },
      );
      sum += spend;
      squares += spend * spend;
    }
    variance += Math.max(0, squares - (sum * sum) / futuresEach) / (futuresEach - 1);
  }
  return (variance * customers.length) / looked;
}
