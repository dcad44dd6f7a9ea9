import { type RfmGroup, rfmGroupNames } from '../../value/rfmGroups.ts';
import { type Tier, tiersBestFirst } from '../../value/tier.ts';
import { type Allocation, allocateBudget, type Claim, type Grant } from './allocateBudget.ts';
import { type CampaignGoal, goalOf } from './goals.ts';
import { keyedDraw } from './keyedDraw.ts';
import { assumedLift, type Lift, liftPoints, type MeasuredGroups, measuredLift } from './lift.ts';
import { controlShareFor, customersNeeded, minimumDetectableRise, powerOf } from './power.ts';
import { type Approach, countAbove, meanLifted, type ProfitCurve, profitCurve } from './profitCurve.ts';
import { type CampaignForecast, forecastCampaign } from './profitInterval.ts';
import type { Prospects } from './prospects.ts';
import { type CampaignSettings, type Channel, limitFor } from './settings.ts';

/** Results of earlier campaigns, each with whom and how it contacted. */
export interface MeasuredCampaign extends MeasuredGroups {
  segment: string | null;
  tier: string | null;
  channel: string | null;
  offer: string | null;
}

export interface CampaignTest {
  treated: number;
  control: number;
  /** Of all customers of the campaign. */
  controlShare: number;
  /** Expected shares of buyers. */
  controlRate: number;
  treatedRate: number;
  significance: number;
  /** Probability that the expected effect is found, and what was asked for. */
  power: number;
  wantedPower: number;
  /** The smallest rise of the share of buyers that would be found with the wanted power; null where none would. */
  minimumDetectableRise: number | null;
  /** Customers that would give the wanted power; null where no effect is expected. */
  customersNeeded: number | null;
}

export interface CampaignPlan {
  name: string;
  segment: RfmGroup;
  tier: Tier;
  goal: CampaignGoal;
  channel: Channel;
  offer: string;
  discount: number;
  lift: Lift;
  /** Whole minor units. */
  budget: number;
  cost: number;
  contactCost: number;
  forecast: CampaignForecast;
  test: CampaignTest;
  /** Places in the columns of the prospects, the best customer first. */
  treated: Uint32Array;
  control: Uint32Array;
}

export type NotPlannedReason = 'tooFewCustomers' | 'nobodyReachable' | 'notWorthIt' | 'noBudgetLeft';

/** A segment that gets no campaign, and why. */
export interface NotPlanned {
  name: string;
  segment: RfmGroup;
  tier: Tier;
  customers: number;
  reachable: number;
  reason: NotPlannedReason;
  /** Its minimum could not be spent. */
  minimumMissed: boolean;
}

export interface Plan {
  campaigns: CampaignPlan[];
  notPlanned: NotPlanned[];
  /** Minor units; null where the settings name none. */
  budget: number | null;
  unspent: number;
  next: { campaign: string; gainPerUnit: number } | null;
}

export interface PlanOptions {
  settings: CampaignSettings;
  /** Share of an order's value that the shop keeps. */
  margin: number;
  /** Minor units in a unit of the currency. */
  minorUnits: number;
  seed: number;
  measured: readonly MeasuredCampaign[];
}

/** Campaigns for the customers of each RFM group and tier, with whom to leave out for comparison. */
export function planCampaigns(prospects: Prospects, options: PlanOptions): Plan {
  const cells = cellsOf(prospects, options);
  const first = cells.map((cell) => claimOf(prospects, { cell, options, sizes: null }));
  const rough = allocate(first, options);
  const claims = cells.map((cell, at) => {
    const sizes = sizesOf(first[at] as CellClaim, rough.grants[at] as Grant);
    return claimOf(prospects, { cell, options, sizes });
  });
  const allocation = allocate(claims, options);
  const campaigns: CampaignPlan[] = [];
  const notPlanned: NotPlanned[] = [];
  for (const [at, cell] of cells.entries()) {
    const claim = claims[at] as CellClaim;
    const grant = allocation.grants[at] as Grant;
    if (grant.curve >= 0) campaigns.push(campaignOf(prospects, { cell, claim, grant, options }));
    else notPlanned.push({ ...unplanned(cell, claim, options), minimumMissed: claim.min > 0 });
  }
  const { next } = allocation;
  return {
    campaigns: campaigns.sort((one, other) => other.forecast.profit - one.forecast.profit),
    notPlanned,
    budget: budgetOf(options),
    unspent: allocation.unspent,
    next: next && { campaign: (cells[next.claim] as Cell).name, gainPerUnit: next.gainPerUnit },
  };
}

interface Cell {
  name: string;
  segment: RfmGroup;
  tier: Tier;
  customers: Uint32Array;
  /** By customer, in the order of `customers`. */
  draws: Float64Array;
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const campaignName = (segment: RfmGroup, tier: Tier): string => `${kebab(segment)}-${tier}`;

function cellsOf({ customerIds, groups, tiers }: Prospects, { seed }: PlanOptions): Cell[] {
  const members = new Map<number, number[]>();
  for (let customer = 0; customer < customerIds.length; customer++) {
    const cell = (groups[customer] as number) * tiersBestFirst.length + (tiers[customer] as number);
    const list = members.get(cell);
    if (list === undefined) members.set(cell, [customer]);
    else list.push(customer);
  }
  return [...members]
    .sort(([one], [other]) => one - other)
    .map(([cell, list]) => {
      const segment = rfmGroupNames[Math.floor(cell / tiersBestFirst.length)] as RfmGroup;
      const tier = tiersBestFirst[cell % tiersBestFirst.length] as Tier;
      const name = campaignName(segment, tier);
      const draws = Float64Array.from(list, (customer) =>
        keyedDraw(customerIds[customer] as string, { campaign: name, seed }),
      );
      return { name, segment, tier, customers: Uint32Array.from(list), draws };
    });
}

interface CellClaim extends Claim {
  /** Beside each curve, who it leaves out for comparison: the same customers otherwise. */
  controls: ProfitCurve[];
  reachable: number;
}

/** By approach: how many customers it is likely to reach, both groups together. */
type Sizes = ReadonlyMap<string, number>;

const keyOf = ({ channel, offer }: Approach): string => `${channel} ${offer}`;

/** With `sizes`, the number of customers that each approach is likely to reach, which the control group is made for. */
function claimOf(
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

function approachesTo({ segment, tier }: Cell, { settings, minorUnits, measured }: PlanOptions): Approach[] {
  const { channels, offers, liftUncertainty } = settings;
  return channels.flatMap(({ channel, contactCost, assumedLift: ofChannel }) =>
    offers.map(({ offer, discount, assumedLift: ofOffer }) => {
      const own = measured.filter(
        (of) => of.segment === segment && of.tier === tier && of.channel === channel && of.offer === offer,
      );
      const assumption = assumedLift([ofChannel, ofOffer], { uncertainty: liftUncertainty });
      return {
        channel,
        offer,
        discount,
        contactCost: contactCost * minorUnits,
        lift: measuredLift(assumption, own),
      };
    }),
  );
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
    const own = probability[cell.customers[place] as number] as number;
    controlRate += own / places.length;
    treatedRate += meanLifted(own, oddsRatios) / places.length;
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

const budgetOf = ({ settings, minorUnits }: PlanOptions): number | null =>
  settings.budget === null ? null : Math.round(settings.budget * minorUnits);

const allocate = (claims: readonly Claim[], options: PlanOptions): Allocation =>
  allocateBudget(claims, { budget: budgetOf(options) });

/** For each approach: how many customers, both groups together, it would reach within the segment's share of the budget. */
function sizesOf({ curves, controls }: CellClaim, grant: Grant): Sizes {
  const sizes = curves.map((curve, place): [string, number] => {
    const treated = grant.curve === place ? grant.customers : countAbove(curve, 1);
    const inTreatment = curve.customers.length;
    const all = inTreatment + (controls[place] as ProfitCurve).customers.length;
    return [keyOf(curve.approach), inTreatment === 0 ? all : (treated * all) / inTreatment];
  });
  return new Map(sizes);
}

function campaignOf(
  prospects: Prospects,
  { cell, claim, grant, options }: { cell: Cell; claim: CellClaim; grant: Grant; options: PlanOptions },
): CampaignPlan {
  const { settings, margin } = options;
  const curve = claim.curves[grant.curve] as ProfitCurve;
  const { approach } = curve;
  const treated = curve.customers.slice(0, grant.customers);
  // who would have been contacted just as well, had the draw not left them out
  const worst = curve.returns[grant.customers - 1] as number;
  const controls = claim.controls[grant.curve] as ProfitCurve;
  const control = controls.customers.slice(0, countAtLeast(controls, worst));
  const forecast = forecastCampaign(prospects, { approach, customers: treated, margin });
  return {
    name: cell.name,
    segment: cell.segment,
    tier: cell.tier,
    goal: goalOf[cell.segment],
    channel: approach.channel as Channel,
    offer: approach.offer,
    discount: approach.discount,
    lift: approach.lift,
    budget: grant.budget,
    cost: grant.cost,
    contactCost: approach.contactCost,
    forecast,
    test: testOf({ treated: treated.length, control: control.length, forecast, settings }),
    treated,
    control,
  };
}

const countAtLeast = ({ returns }: ProfitCurve, worst: number): number => {
  const below = returns.findIndex((value) => value < worst);
  return below < 0 ? returns.length : below;
};

function testOf({
  treated,
  control,
  forecast,
  settings,
}: {
  treated: number;
  control: number;
  forecast: CampaignForecast;
  settings: CampaignSettings;
}): CampaignTest {
  const { significance, power: wantedPower } = settings;
  const rates = {
    controlRate: forecast.ordersWithout / treated,
    treatedRate: forecast.orders / treated,
    significance,
  };
  const controlShare = control / (treated + control);
  return {
    treated,
    control,
    controlShare,
    ...rates,
    power: powerOf({ ...rates, treated, control }),
    wantedPower,
    minimumDetectableRise:
      control === 0 ? null : minimumDetectableRise({ ...rates, treated, control }, { power: wantedPower }),
    customersNeeded: control === 0 ? null : customersNeeded(rates, { power: wantedPower, controlShare }),
  };
}

function unplanned(
  cell: Cell,
  { curves, reachable }: CellClaim,
  { settings }: PlanOptions,
): Omit<NotPlanned, 'minimumMissed'> {
  const pays = curves.some(({ returns }) => (returns[0] ?? 0) > 1);
  const reason: NotPlannedReason =
    reachable === 0
      ? 'nobodyReachable'
      : reachable < settings.minCustomers
        ? 'tooFewCustomers'
        : pays
          ? 'noBudgetLeft'
          : 'notWorthIt';
  const { name, segment, tier, customers } = cell;
  return { name, segment, tier, customers: customers.length, reachable, reason };
}
