import { putObject } from '../store/objects.ts';
import { writeList, writeLookup } from '../store/pages.ts';
import { writeCsv } from '../tables/csv.ts';
import { readCustomers } from '../tables/readCustomers.ts';
import type { CustomerRow, TableReport } from '../tables/types.ts';
import { scoreCustomers } from '../value/score.ts';
import { summarizeSegments } from '../value/segments.ts';
import { type Tier, tierLabels, tiersBestFirst } from '../value/tier.ts';
import { assignTiers } from '../value/tiers.ts';
import { withoutErased } from './erased.ts';
import { lastOfEach } from './lastOfEach.ts';
import { readEachInput } from './readInputs.ts';
import type { CustomerEntry, CustomersManifest } from './results.ts';
import { type Dataset, type Run, type RunResult, runObjectKey } from './run.ts';

/** `customers/`: a summary table becomes scores, tiers and segments. */
export const customersDataset: Dataset = {
  name: 'customers',
  prefixes: ['customers/'],
  modelFrom: null,
  lastingFiles: ['customers.csv'],
  work: segmentCustomers,
};

async function segmentCustomers(run: Run): Promise<RunResult> {
  const { settings } = run;
  const required = requiredColumns(settings.value.weights);
  const readings = await run.timed('read', () =>
    readEachInput(run, (source) => readCustomers(source, { required })),
  );
  const { kept: rows, replaced } = lastOfEach(
    readings.flatMap(({ rows, report }) => withoutErased(run, { file: report.key, rows, idOf })),
    idOf,
  );
  const language = languageOf(readings.map(({ report }) => report));
  run.amend({ notes: notesOnRepeats(replaced), counts: { customers: rows.length } });

  const scores = scoreCustomers(rows, settings.value);
  const { tiers, edges, method } = assignTiers(scores, settings.value.tiers);
  const entries = bestFirst(rows, scores, tiers);
  const segments = summarizeSegments({ rows, scores, tiers, language });
  return run.timed('write', async () => {
    const { extent, lists } = await writeEntries(run, entries);
    const manifest: CustomersManifest = {
      kind: 'customers',
      customers: rows.length,
      ...extent,
      lists,
      segments,
      language,
      currency: settings.currency,
      scale: settings.value.scale,
      method,
      edges,
    };
    await writeCustomersCsv(run, entries, language);
    return { manifest };
  });
}

/** A column without weight is not needed, so a table may lack it. */
function requiredColumns(weights: Run['settings']['value']['weights']) {
  const columns = [
    ['spend', weights.spend],
    ['frequency', weights.frequency],
    ['browsingMinutes', weights.browsing],
  ] as const;
  return columns.filter(([, weight]) => weight > 0).map(([column]) => column);
}

const idOf = (row: CustomerRow): string => row.customerId;

const languageOf = (reports: TableReport[]): 'en' | 'zh' =>
  reports.length > 0 && reports.every(({ language }) => language === 'zh') ? 'zh' : 'en';

function notesOnRepeats(replaced: number) {
  if (replaced === 0) return [];
  const message = `${replaced} rows were replaced by a later row of the same customer (files in the order of their names)`;
  return [{ code: 'repeatedCustomer', message, count: replaced }];
}

/** One entry per customer, the best score first, equal scores by id; equal scores share a rank. */
function bestFirst(rows: CustomerRow[], scores: Float64Array, tiers: Tier[]): CustomerEntry[] {
  const entries = rows.map((row, index) => ({
    ...row,
    score: scores[index] as number,
    tier: tiers[index] as Tier,
    rank: 0,
  }));
  entries.sort((one, other) => other.score - one.score || (one.customerId < other.customerId ? -1 : 1));
  entries.forEach((entry, index) => {
    const above = entries[index - 1];
    entry.rank = above?.score === entry.score ? above.rank : index + 1;
  });
  return entries;
}

async function writeEntries({ platform: { table }, plan: { runId }, fence }: Run, entries: CustomerEntry[]) {
  const extent = await writeLookup(table, {
    runId,
    fence,
    name: 'customers',
    entries: entries.map((entry) => [entry.customerId, entry] as const),
  });
  const lists = { high: { pages: 0, length: 0 }, mid: { pages: 0, length: 0 }, low: { pages: 0, length: 0 } };
  for (const tier of tiersBestFirst) {
    const values = entries.filter((entry) => entry.tier === tier);
    lists[tier] = await writeList(table, { runId, fence, name: `segment-${tier}`, values });
  }
  return { extent, lists };
}

const csvHeader = {
  en: ['customer_id', 'spend', 'frequency', 'browsing_minutes', 'score', 'rank', 'segment'],
  zh: ['客户编号', '消费金额', '购买频率', '浏览时长', '得分', '排名', '客户分层'],
};

async function writeCustomersCsv(run: Run, entries: CustomerEntry[], language: 'en' | 'zh'): Promise<void> {
  const { objects, resultsBucket: bucket } = run.platform;
  const key = runObjectKey(run.plan, 'customers.csv');
  const body = writeCsv(
    csvHeader[language],
    entries.map(({ customerId, spend, frequency, browsingMinutes, score, rank, tier }) => [
      customerId,
      spend,
      frequency,
      browsingMinutes,
      score,
      rank,
      tierLabels[language][tier],
    ]),
    // Excel takes a file without it for one in the machine's old encoding.
    { bom: language === 'zh' },
  );
  await putObject(objects, { bucket, key, body, contentType: 'text/csv; charset=utf-8' });
}
