import type { Prospects } from '../../marketing/campaigns/prospects.ts';
import { channelNames } from '../../marketing/campaigns/settings.ts';
import { predictUplift } from '../../marketing/campaigns/tLearner.ts';
import { writeList } from '../../store/pages.ts';
import type { Cell } from '../../tables/csv.ts';
import { rfmGroupNames } from '../../value/rfmGroups.ts';
import { tiersBestFirst } from '../../value/tier.ts';
import { putCsv } from '../putCsv.ts';
import type { Run } from '../run.ts';
import type { MeasuredCampaignEntry } from './campaignResults.ts';
import { covariatesOf } from './learnedFrom.ts';
import { resultsList } from './lists.ts';
import type { MeasuredUpload } from './measureUploads.ts';
import type { Buyers } from './readBuyers.ts';
import type { UploadedCampaign } from './readUploads.ts';

export const resultsFile = 'campaigns/results.csv';
const nextFile = (name: string): string => `campaigns/next/${name}.csv`;

/** What campaigns brought, in pages and as one file; and whom to contact next, where that could be learnt. Answers its files. */
export async function writeResults(
  run: Run,
  measured: readonly MeasuredUpload[],
  {
    campaigns,
    buyers,
    reachable,
    minorDigits,
  }: {
    campaigns: readonly UploadedCampaign[];
    buyers: Buyers | null;
    /** Who may be contacted how; null without buyers. */
    reachable: Prospects['reachable'] | null;
    minorDigits: number;
  },
): Promise<string[]> {
  const { significance } = run.settings.campaigns;
  const files: string[] = [];
  const entries: MeasuredCampaignEntry[] = [];
  for (const [at, result] of measured.entries()) {
    const isUseful = result.learner?.isUseful === true && buyers !== null && reachable !== null;
    const file = isUseful ? nextFile(result.name) : null;
    if (file !== null) {
      const rows = nextRows(result, {
        campaign: campaigns[at] as UploadedCampaign,
        buyers: buyers as Buyers,
        reachable: reachable as Prospects['reachable'],
        minorDigits,
      });
      await putCsv(run, file, {
        header: ['customer_id', 'expected_rise_of_probability', 'segment', 'tier'],
        rows,
      });
      files.push(file);
    }
    entries.push(entryOf(result, { significance, nextFile: file }));
  }
  const place = { runId: run.plan.runId, fence: run.fence, name: resultsList };
  await writeList(run.platform.table, { ...place, values: entries });
  if (entries.length === 0) return files;
  await putCsv(run, resultsFile, {
    header: resultsHeader,
    rows: entries.map((entry) => resultRow(entry, minorDigits)),
  });
  return [resultsFile, ...files];
}

function entryOf(
  result: MeasuredUpload,
  { significance, nextFile: file }: { significance: number; nextFile: string | null },
): MeasuredCampaignEntry {
  const { name, verdict, treated, control, uplift, revenue, cost, balance, learner, learnerReason } = result;
  return {
    name,
    verdict,
    sentence: sentenceOf(result),
    treated,
    control,
    treatedBuyers: uplift?.treatedBuyers ?? null,
    controlBuyers: uplift?.controlBuyers ?? null,
    treatedRate: uplift?.treatedRate ?? null,
    controlRate: uplift?.controlRate ?? null,
    uplift: uplift?.uplift ?? null,
    interval: uplift?.interval ?? null,
    pValue: uplift?.pValue ?? null,
    significance,
    extraOrders: uplift?.extraOrders ?? null,
    extraOrdersInterval: uplift?.extraOrdersInterval ?? null,
    revenuePerCustomer: revenue,
    cost,
    costPerExtraOrder: result.costPerExtraOrder,
    balance,
    learner: learner && {
      covariates: learner.covariates,
      qini: learner.qini,
      interval: learner.qiniInterval,
      isUseful: learner.isUseful,
    },
    learnerReason,
    nextFile: file,
  };
}

function sentenceOf({ verdict, uplift }: MeasuredUpload): MeasuredCampaignEntry['sentence'] {
  if (uplift === null)
    return {
      en: 'without customers in both groups there is nothing to compare with, so the effect is not known',
      zh: '缺少对照组或实验组，无法得知活动效果',
    };
  const points = (share: number): string => (100 * share).toFixed(2);
  const { low, high } = uplift.interval;
  const figures = `${points(uplift.uplift)} (${points(low)} … ${points(high)})`;
  if (verdict === 'noMeasurableEffect')
    return {
      en: `no measurable effect: the share of buyers differs by ${figures} percentage points, which chance alone would explain`,
      zh: `未测得效果：购买比例相差 ${figures} 个百分点，可由偶然解释`,
    };
  const [enWord, zhWord] = verdict === 'raised' ? ['raised', '提高'] : ['lowered', '降低'];
  return {
    en: `the campaign ${enWord} the share of buyers by ${figures} percentage points`,
    zh: `活动使购买比例${zhWord} ${figures} 个百分点`,
  };
}

const resultsHeader = [
  ...['campaign', 'verdict', 'treated', 'control', 'treated_rate', 'control_rate', 'uplift'],
  ...['uplift_low', 'uplift_high', 'p_value', 'extra_orders', 'cost', 'cost_per_extra_order', 'in_words'],
];

function resultRow(entry: MeasuredCampaignEntry, minorDigits: number): Cell[] {
  const money = (minor: number | null | undefined): string | null =>
    minor == null ? null : (minor / 10 ** minorDigits).toFixed(minorDigits);
  const { interval, costPerExtraOrder } = entry;
  return [
    ...[entry.name, entry.verdict, entry.treated, entry.control, entry.treatedRate, entry.controlRate],
    ...[entry.uplift, interval?.low ?? null, interval?.high ?? null, entry.pValue, entry.extraOrders],
    ...[money(entry.cost), money(costPerExtraOrder?.cost), entry.sentence.en],
  ];
}

/**
 * Customers of today whom a contact would move most, by what the campaign taught; only those whom it would move at all, and who may be
 * contacted in the way it did.
 */
function nextRows(
  { learner }: MeasuredUpload,
  {
    campaign,
    buyers,
    reachable,
    minorDigits,
  }: { campaign: UploadedCampaign; buyers: Buyers; reachable: Prospects['reachable']; minorDigits: number },
): Cell[][] {
  if (learner === null) throw new Error('nextRows was called without a learner');
  const uplift = predictUplift(learner, covariatesOf(learner, { buyers, minorDigits }));
  const isOfCampaign = likeThose(campaign, buyers);
  const mayBeReached = reachableBy(campaign, reachable);
  return Array.from(uplift.keys())
    .filter(
      (customer) => isOfCampaign(customer) && mayBeReached(customer) && (uplift[customer] as number) > 0,
    )
    .sort((one, other) => (uplift[other] as number) - (uplift[one] as number) || one - other)
    .map((customer) => [
      buyers.customerIds[customer] as string,
      Number((uplift[customer] as number).toPrecision(4)),
      rfmGroupNames[buyers.groups[customer] as number] as string,
      tiersBestFirst[buyers.tiers[customer] as number] as string,
    ]);
}

/** What a campaign to some segments taught says nothing of others. */
function likeThose({ outcomes }: UploadedCampaign, buyers: Buyers): (customer: number) => boolean {
  const segments = new Set(outcomes.map(({ segment }) => segment));
  const tiers = new Set(outcomes.map(({ tier }) => tier));
  return (customer) =>
    (segments.has(null) || segments.has(rfmGroupNames[buyers.groups[customer] as number] as string)) &&
    (tiers.has(null) || tiers.has(tiersBestFirst[buyers.tiers[customer] as number] as string));
}

/** By the channels that the file names; where it names none that is known, by any. */
function reachableBy(
  { outcomes }: UploadedCampaign,
  reachable: Prospects['reachable'],
): (customer: number) => boolean {
  const named = new Set(outcomes.map(({ channel }) => channel));
  const known = channelNames.filter((channel) => named.has(channel));
  const channels = known.length > 0 ? known : channelNames;
  return (customer) => channels.some((channel) => reachable[channel][customer] === 1);
}
