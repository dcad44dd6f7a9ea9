import type { RfmGroup } from '../../value/rfmGroups.ts';
import type { Tier } from '../../value/tier.ts';
import type { Grant } from './allocateBudget.ts';
import { type CampaignGoal, goalOf } from './goals.ts';
import type { Lift } from './lift.ts';
import type { Cell } from './planCells.ts';
import type { CellClaim } from './planClaims.ts';
import type { PlanOptions } from './planOptions.ts';
import { customersNeeded, minimumDetectableRise, powerOf } from './power.ts';
import type { ProfitCurve } from './profitCurve.ts';
import { type CampaignForecast, forecastCampaign } from './profitInterval.ts';
import type { Prospects } from './prospects.ts';
import type { CampaignSettings, Channel } from './settings.ts';

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

/** The campaign of a cell with what the budget grants it: whom to contact, whom to leave out, and what is expected. */
export function campaignOf(
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
