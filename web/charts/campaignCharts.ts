import type { CampaignResult, Campaigns, PlannedCampaign } from '../answers.ts';
import { type Chart, type ChartContext, emptyChart, number, sourceOf, text } from './chart.ts';
import { type Difference, differencesOption, heightOfRows, rankedOption, shortened } from './parts.ts';

/** What campaigns should bring, with 90 % intervals, and what they brought. */

/** As many as can be read; the table has all. */
const mostShown = 20;

/** Which run campaigns are of; without an order history there is no last day. */
const sourceOfCampaigns = (context: ChartContext, { runId, asOf, lastDay }: Campaigns): string =>
  sourceOf(context, { runId, asOf, lastDay: lastDay ?? asOf });

/** `Loyal, high · email`: a plan's name as it is read. */
export const planName = (
  { label, channel, offer }: PlannedCampaign,
  { say, language }: ChartContext,
): string => [label[language], say(`channel_${channel}`), ...(offer === '' ? [] : [offer])].join(' · ');

/** Expected profit of each planned campaign. */
export function plannedChart(answer: Campaigns | null, context: ChartContext): Chart {
  const { say, formats } = context;
  const named = { id: 'planned', title: say('plannedTitle') };
  if (answer === null) return emptyChart({ ...named, units: '', source: '' }, say('emptyCampaigns'));
  const { campaigns, currency } = answer;
  const source = sourceOfCampaigns(context, answer);
  const units = say('unitMoney', { currency });
  const [best] = campaigns;
  if (best === undefined) return emptyChart({ ...named, units, source }, say('emptyPlan'));
  const money = (value: number) => formats.money(value, currency);
  const shown = campaigns.slice(0, mostShown);
  return {
    ...named,
    units,
    source,
    sentence: say('plannedSentence', {
      name: planName(best, context),
      profit: money(best.expectedProfit),
      low: money(best.low),
      high: money(best.high),
    }),
    empty: null,
    height: heightOfRows(shown.length),
    option: rankedOption(
      context,
      shown.map((plan) => ({ ...plan, name: planName(plan, context), value: plan.expectedProfit })),
    ),
    table: {
      columns: [
        text(say('campaign')),
        number(say('toContact')),
        number(say('controlGroup')),
        number(say('power')),
        number(say('budget')),
        number(say('extraOrders')),
        number(say('expectedProfit')),
        number(say('low90')),
        number(say('high90')),
      ],
      rows: campaigns.map((plan) => [
        planName(plan, context),
        formats.count(plan.test.treated),
        formats.count(plan.test.control),
        formats.percent(plan.test.power, 0),
        money(plan.budget),
        formats.figure(plan.expectedExtraOrders, 1),
        money(plan.expectedProfit),
        money(plan.low),
        money(plan.high),
      ]),
    },
  };
}

/** Share of buyers among the contacted less that of the control group, campaign by campaign, with intervals. */
export function upliftChart(answer: Campaigns | null, context: ChartContext): Chart {
  const { say, formats, theme } = context;
  const known = (answer?.results ?? []).flatMap((result) =>
    result.uplift === null || result.interval === null
      ? []
      : { result, difference: { name: result.name, difference: result.uplift, ...result.interval } },
  );
  const isMeasured = ({ verdict }: CampaignResult) => verdict === 'raised' || verdict === 'lowered';
  const measured = known.filter(({ result }) => isMeasured(result)).length;
  return effectsChart(answer, context, {
    named: { id: 'uplift', title: say('upliftTitle'), units: say('unitUplift') },
    empty: say('emptyUplift'),
    sentence: say('upliftSentence', { measured, count: known.length }),
    format: (value) => formats.percent(value, 1),
    differences: known.map(({ result, difference }) => ({
      ...difference,
      color: isMeasured(result) ? theme.series[0] : theme.muted,
    })),
    table: {
      columns: [
        text(say('campaign')),
        text(say('verdict')),
        number(say('rateWith')),
        number(say('rateWithout')),
        number(say('uplift')),
        number(intervalName(known[0]?.result, context)),
        number(say('pValue')),
      ],
      rows: known.map(({ result }) => [
        result.name,
        say(`verdict_${result.verdict}`),
        share(result.treatedRate, context),
        share(result.controlRate, context),
        share(result.uplift, context),
        rangeOf(result.interval, (value) => formats.percent(value, 2)),
        result.pValue === null ? '–' : formats.figure(result.pValue, 3),
      ]),
    },
  });
}

/** How far choosing by expected uplift beats a draw, on customers that the learner had not seen. */
export function qiniChart(answer: Campaigns | null, context: ChartContext): Chart {
  const { say, formats, theme } = context;
  const learnt = (answer?.results ?? []).flatMap(({ name, learner }) =>
    learner === null ? [] : { name, ...learner },
  );
  return effectsChart(answer, context, {
    named: { id: 'qini', title: say('qiniTitle'), units: say('unitQini') },
    empty: say('emptyQini'),
    sentence: say('qiniSentence'),
    format: (value) => formats.figure(value, 3),
    differences: learnt.map(({ name, qini, interval, isUseful }) => ({
      ...{ name, difference: qini, ...interval },
      color: isUseful ? theme.series[0] : theme.muted,
    })),
    table: {
      columns: [text(say('campaign')), number(say('qini')), number(say('interval95'))],
      rows: learnt.map(({ name, qini, interval }) => [
        name,
        formats.figure(qini, 4),
        rangeOf(interval, (value) => formats.figure(value, 4)),
      ]),
    },
  });
}

function effectsChart(
  answer: Campaigns | null,
  context: ChartContext,
  {
    named,
    empty,
    sentence,
    format,
    differences,
    table,
  }: {
    named: Pick<Chart, 'id' | 'title' | 'units'>;
    empty: string;
    sentence: string;
    format: (value: number) => string;
    differences: Difference[];
    table: Chart['table'];
  },
): Chart {
  const source = answer === null ? '' : sourceOfCampaigns(context, answer);
  if (differences.length === 0) return emptyChart({ ...named, source }, empty);
  const shown = differences.slice(0, mostShown).map((one) => ({ ...one, name: shortened(one.name) }));
  return {
    ...{ ...named, source, sentence, table },
    empty: null,
    height: heightOfRows(shown.length),
    option: differencesOption(context, shown, format),
  };
}

/** All results of a run are judged by one setting. */
export const intervalName = (
  result: Pick<CampaignResult, 'significance'> | undefined,
  { say, formats }: ChartContext,
): string => say('intervalAt', { share: formats.percent(1 - (result?.significance ?? 0.05)) });

const share = (value: number | null, { formats }: ChartContext): string =>
  value === null ? '–' : formats.percent(value, 2);

const rangeOf = (
  interval: { low: number; high: number } | null,
  written: (value: number) => string,
): string => (interval === null ? '–' : `${written(interval.low)} – ${written(interval.high)}`);
