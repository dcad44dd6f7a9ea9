import * as z from 'zod/mini';
import { bidPortfolioSchema } from '../../bids/answer.ts';
import { type GivenFact, nameFact, numberFacts } from '../../copywriter/facts.ts';
import { joined, type Sentence, tellable } from '../../copywriter/sentences.ts';
import type { Language } from '../../copywriter/settings.ts';
import { roundedMoney, same, spelledCount, spelledDay, spelledDays } from '../../copywriter/spelled.ts';
import type { Task } from '../../copywriter/task.ts';
import { type RunKind, runSentences, unpublishedSentences } from '../../copywriter/templates/runSentences.ts';
import type { Grade, PurchaseReport } from '../../models/purchaseReport.ts';
import type { ModelFacts } from '../../store/models.ts';
import type { RunRecord } from '../../store/runs.ts';
import { minorDigits } from '../../tables/cells/currencies.ts';
import type { MeasuredCampaignEntry, PlannedCampaign } from '../campaigns/campaignResults.ts';
import type { StockEntry } from '../products/productResults.ts';
import type { CustomersManifest } from '../results.ts';
import type { SegmentsReport } from '../valueResults.ts';
import { count, currencyOf, factsOfCampaigns, factsOfProducts } from './marketingFacts.ts';
import { expectedSpend, moneyOfMinor, share } from './segmentTask.ts';

/** What is still known of a run: its record, and of its results what has not expired. */
export interface RunStory {
  record: RunRecord;
  /** Of an order history. */
  history: { lastDay: string | null; segments: SegmentsReport } | null;
  /** Of a summary table, as long as it is the published one. */
  table: CustomersManifest | null;
  model: ModelFacts | null;
  report: PurchaseReport | null;
  /** What campaigns are planned and what came of those that have run, amounts in minor units. */
  campaigns: { planned: PlannedCampaign[]; results: MeasuredCampaignEntry[] } | null;
  /** What has to be ordered first. */
  stock: StockEntry[] | null;
  /** What the shop calls its products: no text may name one but as a fact. */
  productNames: readonly string[];
}

/** What is to be told of a run to whoever dropped the files, and by rule. */
export function runTask(story: RunStory, language: Language): Task {
  const { record } = story;
  const facts = numberFacts(factsOfRun(story));
  const { headline, text } = sentencesFor(record);
  return {
    kind: 'runSummary',
    language,
    brief: [
      'Summarise for the shop’s marketer what a run of the service has brought. Say what it means for them, in a few sentences.',
      `The run is about ${aboutWords[kindOf(record.dataset)]}.`,
    ],
    fields: [
      { name: 'headline', purpose: 'one line that says the most important thing', maxLength: 120 },
      { name: 'text', purpose: 'the summary', maxLength: 1500 },
    ],
    facts,
    names: story.productNames,
    template: () => {
      const [told = ''] = tellable(headline, { facts, language });
      const sentences = tellable(text, { facts, language });
      return { headline: told, text: sentences.length > 0 ? joined(sentences, language) : told };
    },
  };
}

const aboutWords: Record<RunKind, string> = {
  orders: 'the order history: who the customers are and what they are worth',
  customers: 'a table of customers with their scores and tiers',
  model: 'a model of who buys next',
  scores: 'how likely each customer is to buy',
  ads: 'bids on the shop’s advertisements',
  campaigns: 'campaigns that are planned, and what those that have run brought',
  products: 'what to recommend to customers, and how much of each product will be sold',
  other: 'what the shop has uploaded',
};

/** Datasets that are called as what is told of them. */
const ownKinds = ['customers', 'ads', 'orders', 'campaigns', 'products'] as const;

export function kindOf(dataset: string): RunKind {
  if (dataset === 'training' || dataset === 'orders/model') return 'model';
  if (dataset === 'orders/scores' || dataset.startsWith('scoring/')) return 'scores';
  return ownKinds.find((kind) => kind === dataset) ?? 'other';
}

function sentencesFor({ dataset, status }: RunRecord): {
  headline: readonly Sentence[];
  text: readonly Sentence[];
} {
  if (status === 'published') return runSentences[kindOf(dataset)];
  const { headline, text } = unpublishedSentences[status];
  return { headline: [headline], text };
}

function factsOfRun(story: RunStory): GivenFact[] {
  const { record } = story;
  if (record.status !== 'published') return factsOfProblem(record);
  const ofKind: Record<RunKind, (story: RunStory) => GivenFact[]> = {
    orders: factsOfHistory,
    customers: factsOfTable,
    model: factsOfModel,
    scores: factsOfScores,
    ads: factsOfBids,
    campaigns: factsOfCampaigns,
    products: factsOfProducts,
    other: () => [],
  };
  return [...ofKind[kindOf(record.dataset)](story), ...factsOfRows(record)];
}

/** The problem in its own words, which may quote the upload: no model sees them. */
function factsOfProblem({ problems: [problem] }: RunRecord): GivenFact[] {
  if (problem === undefined) return [];
  const { file, message } = problem;
  const whole = file === undefined || message.includes(file) ? message : `${file}: ${message}`;
  const characters = [...whole.replace(/\s+/g, ' ')];
  const cut = characters.length > 400 ? `${characters.slice(0, 400).join('')} …` : whole;
  return [{ key: 'problem', meaning: 'what was wrong', text: same(cut), hidden: true }];
}

function factsOfRows({ counts: { rowsIn = 0, rowsQuarantined = 0 } }: RunRecord): GivenFact[] {
  if (rowsIn === 0) return [];
  return [
    { key: 'rowsIn', meaning: 'rows in the uploads', text: spelledCount(rowsIn) },
    ...(rowsQuarantined === 0
      ? []
      : [
          {
            key: 'rowsQuarantined',
            meaning: 'rows that could not be read',
            text: spelledCount(rowsQuarantined),
          },
        ]),
  ];
}

function factsOfHistory({ record, history }: RunStory): GivenFact[] {
  const currency = currencyOf(record);
  const customers = history?.segments.total.customers ?? record.counts.customers;
  return [
    ...(customers === undefined ? [] : [count('customers', 'customers who have bought', customers)]),
    ...(history && currency !== null ? factsOfSegments(history, currency) : []),
  ];
}

function factsOfSegments(
  { lastDay, segments }: NonNullable<RunStory['history']>,
  currency: string,
): GivenFact[] {
  const money = moneyOfMinor(currency);
  const { total, tiers, rfmGroups } = segments;
  const high = tiers.find(({ segment }) => segment === 'high');
  const atRisk = rfmGroups.find(({ segment }) => segment === 'atRisk');
  return [
    ...(lastDay === null
      ? []
      : [{ key: 'lastDay', meaning: 'the last day with orders', text: spelledDay(lastDay) }]),
    { key: 'historic', meaning: 'what all customers have spent', text: money(total.historic) },
    ...expectedSpend(total, money),
    ...(high
      ? [
          count('highCustomers', 'customers in the high tier', high.customers),
          ...share('highShare', 'their share of what is expected', high.shareOfNext12m),
          ...share('highShareOfHistoric', 'their share of what was spent', high.shareOfHistoric),
        ]
      : []),
    ...(atRisk && atRisk.customers > 0
      ? [
          count(
            'atRiskCustomers',
            'customers who used to buy regularly and have been away for long',
            atRisk.customers,
          ),
          { key: 'atRiskHistoric', meaning: 'what those at risk have spent', text: money(atRisk.historic) },
        ]
      : []),
  ];
}

function factsOfTable({ record, table }: RunStory): GivenFact[] {
  const { customers } = record.counts;
  const all = customers === undefined ? [] : [count('customers', 'customers in the table', customers)];
  if (table === null) return all;
  const money = roundedMoney(table.currency, minorDigits(table.currency));
  const tiers = table.segments.map((tier) =>
    count(`${tier.segment}Customers`, `customers of ${tier.segment} value`, tier.customers),
  );
  const high = table.segments.find(({ segment }) => segment === 'high');
  if (high === undefined) return [...all, ...tiers];
  return [
    ...all,
    ...tiers,
    { key: 'highSpend', meaning: 'what customers of high value have spent', text: money(high.spend) },
    ...share('highShareOfSpend', 'their share of what all have spent', high.shareOfSpend),
  ];
}

/** What each grade means for whoever acts on it (docs/models.md). */
const gradeAdvice: Record<Grade, GivenFact['text']> = {
  A: { en: 'act on it', zh: '可以据此行动' },
  B: { en: 'act on the ranking, and take figures as rough', zh: '可按排序行动，数值仅供参考' },
  C: { en: 'try it on a part of your customers first', zh: '建议先在部分客户上试用' },
  D: { en: 'there is too little to go by', zh: '数据过少，暂不宜使用' },
};

function factsOfModel({ model, report }: RunStory): GivenFact[] {
  const learnt = model
    ? [
        count('rows', 'customers that the model has learnt from', model.summary.rows),
        count('positives', 'those of them who bought', model.summary.positives),
      ]
    : [];
  if (report === null) return learnt;
  const { grade, deciles, importance, validation } = report;
  const top = deciles[0];
  const tested =
    top && validation.heldOutRows > 0
      ? [
          count('heldOutRows', 'customers that the model had not seen', validation.heldOutRows),
          ...share(
            'baseRate',
            'share of them who bought',
            validation.heldOutPositives / validation.heldOutRows,
          ),
          {
            key: 'topDecile',
            meaning: 'the share most likely to buy that is looked at',
            text: { en: '10 %', zh: '10%' },
          },
          ...share('topRate', 'share of those most likely who bought', top.rate),
        ]
      : [];
  const column = importance[0] && nameFact('column0', 'the column that tells most', importance[0].column);
  return [
    ...learnt,
    ...tested,
    { key: 'grade', meaning: 'grade of the model, A to D', text: same(grade) },
    { key: 'advice', meaning: 'what that grade means', text: gradeAdvice[grade] },
    ...(column ? [column] : []),
  ];
}

const horizonSchema = z.object({ horizonDays: z.number() });

function factsOfScores({ record: { counts, settings } }: RunStory): GivenFact[] {
  const horizon = horizonSchema.safeParse(settings);
  return [
    ...(counts.scored === undefined ? [] : [count('scored', 'customers with a probability', counts.scored)]),
    ...(horizon.success
      ? [
          {
            key: 'horizon',
            meaning: 'time within which they would buy',
            text: spelledDays(horizon.data.horizonDays),
          },
        ]
      : []),
  ];
}

function factsOfBids({ record }: RunStory): GivenFact[] {
  const { ads } = record.counts;
  const all = ads === undefined ? [] : [count('ads', 'advertisements with a bid', ads)];
  const portfolio = bidPortfolioSchema.safeParse(record.metrics);
  const currency = currencyOf(record);
  if (!portfolio.success || currency === null) return all;
  const money = roundedMoney(currency, minorDigits(currency));
  const { cycleDays, expectedSpendMicros, expectedValueMicros, lowMicros, highMicros, budgetMicros } =
    portfolio.data;
  const ofMicros = (key: string, meaning: string, micros: number) => ({
    key,
    meaning,
    text: money(micros / 1e6),
  });
  return [
    ...all,
    { key: 'cycle', meaning: 'length of a round of bids', text: spelledDays(cycleDays) },
    ofMicros('spend', 'what all ads are expected to spend in a round', expectedSpendMicros),
    ofMicros('value', 'what they are expected to bring after margin', expectedValueMicros),
    {
      key: 'confidence',
      meaning: 'how certain the interval from low to high is',
      text: { en: '90 %', zh: '90%' },
    },
    ofMicros('low', 'low end of what they bring', lowMicros),
    ofMicros('high', 'high end of what they bring', highMicros),
    ...(budgetMicros === null ? [] : [ofMicros('budget', 'the budget of a round', budgetMicros)]),
  ];
}
