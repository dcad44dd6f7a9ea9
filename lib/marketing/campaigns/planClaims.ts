import { type Allocation, allocateBudget, type Claim, type Grant } from './allocateBudget.ts';
import { assumedLift, liftPoints, measuredLift } from './lift.ts';
import type { Cell } from './planCells.ts';
import type { PlanOptions } from './planOptions.ts';
import { controlShareFor } from './power.ts';
import {
  type Approach,
  countAbove,
  meanLifted,
  oddsFactorOf,
  type ProfitCurve,
  profitCurve,
} from './profitCurve.ts';
import type { Prospects } from './prospects.ts';
import { type CampaignSettings, type Channel, limitFor } from './settings.ts';

/** What a cell's customers may be approached by, and what that brings. */
export interface CellClaim extends Claim {
  /** Beside each curve, who it leaves out for comparison: the same customers otherwise. */
  controls: ProfitCurve[];
  reachable: number;
}

/** By approach: how many customers it is likely to reach, both groups together. */
type Sizes = ReadonlyMap<string, number>;

const keyOf = ({ channel, offer }: Approach): string => `${channel} ${offer}`;

/** With `sizes`, the number of customers that each approach is likely to reach, which the control group is made for. */
export function claimOf(
  prospects: Prospects,
  { cell, options, sizes }: { cell: Cell; options: PlanOptions; sizes: Sizes | null },
): CellClaim {
  const { settings, margin } = options;
  const curves: ProfitCurve[] = [];
  const controls: ProfitCurve[] = [];
  let reachable = 0;
  for (const approach of approachesTo(cell, options)) {
    const isReachable = prospects.reachable[approach.channel as Channel];
    const places = Array.from(cell.customers.keys()).filter(
      (place) => isReachable[cell.customers[place] as number] === 1,
    );
    reachable = Math.max(reachable, places.length);
    if (places.length < settings.minCustomers) continue;
    const share = shareOfControl(prospects, {
      cell,
      places,
      approach,
      customers: sizes?.get(keyOf(approach)) ?? places.length,
      settings,
    });
    const customersWhere = (isControl: boolean): Uint32Array =>
      Uint32Array.from(
        places.filter((place) => (cell.draws[place] as number) < share === isControl),
        (place) => cell.customers[place] as number,
      );
    curves.push(profitCurve(prospects, approach, { customers: customersWhere(false), margin }));
    controls.push(profitCurve(prospects, approach, { customers: customersWhere(true), margin }));
  }
  return { curves, controls, reachable, ...boundsOf(cell, options) };
}

function approachesTo(
  { segment, tier, customers }: Cell,
  { settings, minorUnits, measured, learned = new Map() }: PlanOptions,
): Approach[] {
  const { channels, offers, liftUncertainty } = settings;
  return channels.flatMap(({ channel, contactCost, assumedLift: ofChannel }) =>
    offers.map(({ offer, discount, assumedLift: ofOffer }) => {
      const own = measured.filter(
        (of) => of.segment === segment && of.tier === tier && of.channel === channel && of.offer === offer,
      );
      const assumption = assumedLift([ofChannel, ofOffer], { uncertainty: liftUncertainty });
      const rankedBy = own.findLast(({ campaign }) => learned.has(campaign))?.campaign ?? null;
      const differences = rankedBy === null ? undefined : learned.get(rankedBy);
      return {
        ...{ channel, offer, discount },
        contactCost: contactCost * minorUnits,
        lift: { ...measuredLift(assumption, own), rankedBy },
        oddsFactors: differences === undefined ? null : oddsFactorsOf(differences, customers),
      };
    }),
  );
}

/** No campaign of a few hundred customers tells of anybody that they are moved more than so many times as much as others. */
const mostLogOdds = Math.log(4);

/**
 * What a campaign taught of the customers of a segment ranks them. Together they are moved as the lift says, which counts every campaign
 * and what is assumed: so the differences are taken from their mean.
 */
function oddsFactorsOf(differences: Float64Array, customers: Uint32Array): Float64Array {
  const known = customers.filter((customer) => Number.isFinite(differences[customer]));
  const mean =
    known.reduce((sum, customer) => sum + (differences[customer] as number), 0) / Math.max(1, known.length);
  const factors = new Float64Array(differences.length).fill(1);
  for (const customer of known) {
    const difference = (differences[customer] as number) - mean;
    factors[customer] = Math.exp(Math.min(mostLogOdds, Math.max(-mostLogOdds, difference)));
  }
  return factors;
}

function shareOfControl(
  { probability }: Prospects,
  {
    cell,
    places,
    approach,
    customers,
    settings,
  }: {
    cell: Cell;
    places: readonly number[];
    approach: Approach;
    customers: number;
    settings: CampaignSettings;
  },
): number {
  const oddsRatios = liftPoints(approach.lift, 5);
  let [controlRate, treatedRate] = [0, 0];
  for (const place of places) {
    const customer = cell.customers[place] as number;
    const own = probability[customer] as number;
    controlRate += own / places.length;
    treatedRate += meanLifted(own, oddsRatios, oddsFactorOf(approach, customer)) / places.length;
  }
  const { significance, power, minControlShare: minShare, maxControlShare: maxShare } = settings;
  return controlShareFor(
    customers,
    { controlRate, treatedRate, significance },
    { power, minShare, maxShare },
  );
}

function boundsOf(cell: Cell, { settings, minorUnits }: PlanOptions): Pick<Claim, 'min' | 'max'> {
  const limit = limitFor(settings.limits, cell);
  // rounded down, so that minima that fit the budget fit it in whole minor units too
  const inMinor = (amount: number): number => Math.floor(amount * minorUnits + 1e-6);
  const max = limit?.max ?? null;
  return { min: inMinor(limit?.min ?? 0), max: max === null ? null : inMinor(max) };
}

export const budgetOf = ({ settings, minorUnits }: PlanOptions): number | null =>
  settings.budget === null ? null : Math.round(settings.budget * minorUnits);

export const allocate = (claims: readonly Claim[], options: PlanOptions): Allocation =>
  allocateBudget(claims, { budget: budgetOf(options) });

/** For each approach: how many customers, both groups together, it would reach within the segment's share of the budget. */
export function sizesOf({ curves, controls }: CellClaim, grant: Grant): Sizes {
  const sizes = curves.map((curve, place): [string, number] => {
    const treated = grant.curve === place ? grant.customers : countAbove(curve, 1);
    const inTreatment = curve.customers.length;
    const all = inTreatment + (controls[place] as ProfitCurve).customers.length;
    return [keyOf(curve.approach), inTreatment === 0 ? all : (treated * all) / inTreatment];
  });
  return new Map(sizes);
}
