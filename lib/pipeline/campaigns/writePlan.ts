import { goalTexts } from '../../marketing/campaigns/goals.ts';
import type { Plan } from '../../marketing/campaigns/planCampaigns.ts';
import type { CampaignPlan } from '../../marketing/campaigns/plannedCampaign.ts';
import { writeList } from '../../store/pages.ts';
import type { Cell } from '../../tables/csv.ts';
import { rfmGroupLabels } from '../../value/rfmGroups.ts';
import { tierLabels } from '../../value/tier.ts';
import { putCsv } from '../putCsv.ts';
import type { Run } from '../run.ts';
import type { PlannedCampaign } from './campaignResults.ts';
import { notPlannedList, plannedList } from './lists.ts';
import type { Buyers } from './readBuyers.ts';

export const planFile = 'campaigns/plan.csv';
const campaignFile = (name: string): string => `campaigns/${name}.csv`;

export interface PlanContext {
  buyers: Buyers;
  minorDigits: number;
}

/** The plan in pages and as one file, and of each campaign a list of who is contacted and who is left out. Answers its files. */
export async function writePlan(run: Run, plan: Plan, context: PlanContext): Promise<string[]> {
  const { platform, fence } = run;
  const { runId } = run.plan;
  const campaigns = plan.campaigns.map(plannedEntry);
  await writeList(platform.table, { runId, fence, name: plannedList, values: campaigns });
  await writeList(platform.table, { runId, fence, name: notPlannedList, values: plan.notPlanned });
  await putCsv(run, planFile, { header: planHeader, rows: planRows(campaigns, context) });
  for (const campaign of plan.campaigns)
    await putCsv(run, campaignFile(campaign.name), {
      header: membersHeader,
      rows: membersRows(campaign, context),
    });
  return plan.campaigns.map(({ name }) => campaignFile(name));
}

function plannedEntry(campaign: CampaignPlan): PlannedCampaign {
  const {
    lift,
    forecast,
    segment,
    tier,
    goal,
    treated: _,
    control: __,
    cost,
    contactCost,
    ...told
  } = campaign;
  const at = (z: number): number => Math.exp(lift.logOddsMean + z * lift.logOddsSd);
  return {
    ...told,
    segment,
    tier,
    label: {
      en: `${rfmGroupLabels.en[segment]}, ${tierLabels.en[tier]}`,
      zh: `${rfmGroupLabels.zh[segment]}，${tierLabels.zh[tier]}`,
    },
    goal,
    goalText: goalTexts[goal],
    lift: {
      oddsRatio: at(0),
      low: at(-1.6448536),
      high: at(1.6448536),
      basis: lift.basis,
      shareMeasured: lift.shareMeasured,
      campaigns: lift.campaigns,
      rankedBy: lift.rankedBy,
    },
    expectedCost: cost,
    contactCost,
    expectedOrders: forecast.orders,
    expectedOrdersWithout: forecast.ordersWithout,
    expectedExtraOrders: forecast.extraOrders,
    expectedProfit: forecast.profit,
    low: forecast.low,
    high: forecast.high,
    file: campaignFile(campaign.name),
  };
}

const planHeader = [
  ...['campaign', 'segment', 'tier', 'goal', 'channel', 'offer', 'discount', 'contacted', 'control'],
  ...['budget', 'expected_cost', 'expected_orders', 'expected_extra_orders', 'expected_profit'],
  ...['expected_profit_low', 'expected_profit_high', 'odds_ratio', 'response_is', 'power'],
  ...['customers_needed', 'list', 'ranked_by'],
];

function planRows(campaigns: readonly PlannedCampaign[], { minorDigits }: PlanContext): Cell[][] {
  const money = (minor: number): string => (minor / 10 ** minorDigits).toFixed(minorDigits);
  return campaigns.map((of) => [
    ...[of.name, of.segment, of.tier, of.goalText.en, of.channel, of.offer, of.discount],
    ...[of.test.treated, of.test.control, money(of.budget), money(of.expectedCost)],
    ...[rounded(of.expectedOrders), rounded(of.expectedExtraOrders), money(of.expectedProfit)],
    ...[money(of.low), money(of.high), rounded(of.lift.oddsRatio), of.lift.basis, rounded(of.test.power)],
    ...[of.test.customersNeeded, of.file, of.lift.rankedBy],
  ]);
}

const rounded = (value: number): string => value.toFixed(3);

/** The columns are those that uploads of results are read by, so that the list comes back with three columns filled in. */
export const membersHeader = [
  ...['customer_id', 'group', 'segment', 'tier', 'channel', 'offer', 'probability', 'expected_order_value'],
  ...['spend', 'purchase_days', 'days_since_last_order', 'date', 'converted', 'revenue'],
];

function membersRows(campaign: CampaignPlan, { buyers, minorDigits }: PlanContext): Cell[][] {
  const { segment, tier, channel, offer, treated, control } = campaign;
  const money = (minor: number): string => (minor / 10 ** minorDigits).toFixed(minorDigits);
  const row =
    (group: string) =>
    (customer: number): Cell[] => [
      ...[buyers.customerIds[customer] as string, group, segment, tier, channel, offer],
      Number((buyers.probability[customer] as number).toPrecision(5)),
      money(buyers.orderValue[customer] as number),
      money(buyers.spend[customer] as number),
      buyers.purchaseDays[customer] as number,
      buyers.daysSinceLast[customer] as number,
      ...['', '', ''],
    ];
  return [...Array.from(treated, row('treatment')), ...Array.from(control, row('control'))];
}
