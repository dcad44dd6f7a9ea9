import { type Audience, audiences, clusterAudience } from '../../copywriter/audiences.ts';
import { type GivenFact, numberFacts } from '../../copywriter/facts.ts';
import { joined, tellable } from '../../copywriter/sentences.ts';
import type { Language } from '../../copywriter/settings.ts';
import { roundedMoney, same, spelledCount, spelledShare } from '../../copywriter/spelled.ts';
import type { Task } from '../../copywriter/task.ts';
import { adviceFor, segmentSentences } from '../../copywriter/templates/segmentSentences.ts';
import type { InTwoLanguages } from '../../models/purchaseReport.ts';
import { minorDigits } from '../../tables/cells/currencies.ts';
import type { SegmentSummary } from '../../value/segments.ts';
import type { PlannedCampaign } from '../campaigns/campaignResults.ts';
import type { HistorySegment } from '../valueResults.ts';

/** A segment of what is published: of an order history with amounts in minor units, of a summary table in units. */
export type PublishedSegment =
  | { source: 'orders'; segment: HistorySegment; traits: InTwoLanguages | null; currency: string }
  | { source: 'customers'; segment: SegmentSummary; currency: string };

/** With what is planned for it, in minor units, and the names of the shop's products, none of which may be written. */
export type ToldSegment = PublishedSegment & {
  plan: PlannedCampaign | null;
  productNames: readonly string[];
};

export const audienceOf = (segment: string): Audience =>
  Object.hasOwn(audiences, segment) ? audiences[segment as keyof typeof audiences] : clusterAudience;

/** What is to be explained of a segment, and by rule. */
export function segmentTask(published: ToldSegment, language: Language): Task {
  const { words, goal } = audienceOf(published.segment.segment);
  const facts = numberFacts(factsOfSegment(published));
  const fields = [{ name: 'text', purpose: 'the explanation', maxLength: 900 }];
  return {
    kind: 'segmentExplanation',
    language,
    brief: [
      'Explain a segment of customers to the shop’s marketer: who they are, what they are worth, what to do.',
      `They are customers who ${words.en}.`,
      adviceFor[goal].en,
    ],
    fields,
    facts,
    names: published.productNames,
    template: () => {
      const sentences = tellable(segmentSentences(words), { facts, language });
      return { text: joined([...sentences, adviceFor[goal][language]], language) };
    },
  };
}

function factsOfSegment(published: ToldSegment): GivenFact[] {
  const { customers, shareOfCustomers } = published.segment;
  return [
    { key: 'customers', meaning: 'customers in the segment', text: spelledCount(customers) },
    {
      key: 'shareOfCustomers',
      meaning: 'their share of all customers',
      text: spelledShare(shareOfCustomers),
    },
    ...(published.source === 'orders' ? factsOfHistory(published) : factsOfTable(published)),
    ...(published.plan === null ? [] : factsOfPlan(published.plan, published.currency)),
  ];
}

function factsOfPlan(
  { test, discount, expectedExtraOrders, expectedProfit, low, high }: PlannedCampaign,
  currency: string,
): GivenFact[] {
  const money = moneyOfMinor(currency);
  return [
    {
      key: 'planContacted',
      meaning: 'customers of the segment whom the campaign that is planned contacts',
      text: spelledCount(test.treated),
    },
    {
      key: 'planControl',
      meaning: 'customers whom it leaves out, to measure its effect',
      text: spelledCount(test.control),
    },
    ...(discount === 0 ? [] : share('planDiscount', 'money off that it offers', discount)),
    {
      key: 'planExtraOrders',
      meaning: 'orders that are expected only because of it',
      text: same(expectedExtraOrders.toFixed(1)),
    },
    { key: 'planProfit', meaning: 'profit that is expected of it', text: money(expectedProfit) },
    {
      key: 'planConfidence',
      meaning: 'how certain the interval of its profit is',
      text: { en: '90 %', zh: '90%' },
    },
    { key: 'planLow', meaning: 'low end of its profit', text: money(low) },
    { key: 'planHigh', meaning: 'high end of its profit', text: money(high) },
  ];
}

function factsOfTable({
  segment: { spend, shareOfSpend },
  currency,
}: Extract<PublishedSegment, { source: 'customers' }>): GivenFact[] {
  const money = roundedMoney(currency, minorDigits(currency));
  return [
    { key: 'historic', meaning: 'what they have spent', text: money(spend) },
    ...share('shareOfHistoric', 'their share of what all have spent', shareOfSpend),
  ];
}

function factsOfHistory({
  segment,
  traits,
  currency,
}: Extract<PublishedSegment, { source: 'orders' }>): GivenFact[] {
  const { historic, shareOfHistoric, shareOfNext12m } = segment;
  const money = moneyOfMinor(currency);
  return [
    ...(traits === null ? [] : [{ key: 'traits', meaning: 'what sets them apart', text: traits }]),
    { key: 'historic', meaning: 'what they have spent', text: money(historic) },
    ...share('shareOfHistoric', 'their share of what all have spent', shareOfHistoric),
    ...expectedSpend(segment, money),
    ...share('shareOfNext12m', 'their share of what all are expected to spend', shareOfNext12m),
  ];
}

/** What customers are expected to spend in the year ahead, with its interval; none without a forecast. */
export function expectedSpend(
  { next12m, low, high }: Pick<HistorySegment, 'next12m' | 'low' | 'high'>,
  money: (minor: number) => GivenFact['text'],
): GivenFact[] {
  if (next12m === null || low === null || high === null) return [];
  return [
    {
      key: 'year',
      meaning: 'the time ahead that is forecast',
      text: { en: '12 months', zh: '未来 12 个月' },
    },
    { key: 'next12m', meaning: 'what they are expected to spend in that time', text: money(next12m) },
    {
      key: 'confidence',
      meaning: 'how certain the interval from low to high is',
      text: { en: '90 %', zh: '90%' },
    },
    { key: 'low', meaning: 'low end of what they will spend', text: money(low) },
    { key: 'high', meaning: 'high end of what they will spend', text: money(high) },
  ];
}

export function moneyOfMinor(currency: string): (minor: number) => GivenFact['text'] {
  const decimals = minorDigits(currency);
  const money = roundedMoney(currency, decimals);
  return (minor) => money(minor / 10 ** decimals);
}

export const share = (key: string, meaning: string, value: number | null): GivenFact[] =>
  value === null ? [] : [{ key, meaning, text: spelledShare(value) }];
