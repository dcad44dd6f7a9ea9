import { putObject } from '../../store/objects.ts';
import { isoDay } from '../../tables/cells/calendar.ts';
import { type Cell, writeCsv, writeCsvRows } from '../../tables/csv.ts';
import { rfmGroupLabels, rfmGroupNames } from '../../value/rfmGroups.ts';
import { tierLabels, tiersBestFirst } from '../../value/tier.ts';
import { type Run, runObjectKey } from '../run.ts';
import type { ValueEntry } from '../valueResults.ts';
import { clusterName, type Division } from './groupBuyers.ts';
import { entryAt, type ValuedBuyers } from './valueEntries.ts';

/** Beside `customers.csv`, which is that of the summary table below customers/. */
export const customerValuesFile = 'customer-values.csv';
const segmentFile = (segment: string): string => `segments/${segment}.csv`;

const mostClusters = 8;
/** Every name that a run over an order history may leave a file of values under. */
export const valueFiles: string[] = [
  customerValuesFile,
  ...[...tiersBestFirst, ...rfmGroupNames].map(segmentFile),
  ...Array.from({ length: mostClusters }, (_, index) => segmentFile(clusterName(index))),
];

/**
 * One CSV of all buyers and one of each segment, all with the same columns, the most valuable first; amounts in units of the currency.
 * Answers which of `valueFiles` there are.
 */
export async function writeValueFiles(
  run: Run,
  {
    valued,
    order,
    language,
    minorDigits,
  }: { valued: ValuedBuyers; order: Uint32Array; language: 'en' | 'zh'; minorDigits: number },
): Promise<string[]> {
  const lines = linesOf(valued, { order, language, minorDigits });
  const header = Buffer.from(writeCsv(csvHeader[language], [], { bom: language === 'zh' }));
  const made: string[] = [];
  const put = async (file: string, isWanted: (buyer: number) => boolean): Promise<void> => {
    const { objects, resultsBucket: bucket } = run.platform;
    const contentType = 'text/csv; charset=utf-8';
    const body = Buffer.concat([header, ...lines.filter(isWanted)]);
    await putObject(objects, { bucket, key: runObjectKey(run.plan, file), body, contentType });
    made.push(file);
  };
  await put(customerValuesFile, () => true);
  const { tiers, rfmGroups, clusters } = valued.groups;
  for (const division of [tiers, rfmGroups, clusters] satisfies Division[])
    for (const [place, name] of division.names.entries())
      await put(segmentFile(name), (buyer) => division.segmentOf[buyer] === place);
  return made;
}

/** Made once for all files, as bytes outside of the heap: a million lines take some 150 MB. */
interface Lines {
  /** Those of the buyers that are wanted, in order; neighbours come as one. */
  filter(isWanted: (buyer: number) => boolean): Buffer[];
}

function linesOf(
  valued: ValuedBuyers,
  { order, language, minorDigits }: { order: Uint32Array; language: 'en' | 'zh'; minorDigits: number },
): Lines {
  const parts: Buffer[] = [];
  const ends = new Float64Array(order.length);
  for (let from = 0; from < order.length; from += linesOfPart) {
    const texts = Array.from(order.subarray(from, from + linesOfPart), (buyer) =>
      Buffer.from(writeCsvRows([cellsOf(entryAt(valued, buyer), { valued, buyer, language, minorDigits })])),
    );
    for (const [at, text] of texts.entries()) ends[from + at] = (ends[from + at - 1] ?? 0) + text.length;
    parts.push(Buffer.concat(texts));
  }
  const all = Buffer.concat(parts);
  return {
    filter: (isWanted) => {
      const wanted: Buffer[] = [];
      let begin = -1;
      for (const [at, buyer] of order.entries()) {
        const start = ends[at - 1] ?? 0;
        if (isWanted(buyer) && begin < 0) begin = start;
        if (isWanted(buyer) || begin < 0) continue;
        wanted.push(all.subarray(begin, start));
        begin = -1;
      }
      return begin < 0 ? wanted : [...wanted, all.subarray(begin)];
    },
  };
}

const linesOfPart = 5000;

const csvHeader = {
  en: [
    'customer_id',
    'tier',
    'previous_tier',
    'expected_spend_12m',
    'expected_spend_12m_low',
    'expected_spend_12m_high',
    'lifetime_value_12m',
    'expected_order_value',
    'spend',
    'purchase_days',
    'first_order',
    'last_order',
    'days_since_last_order',
    'probability_active',
    'expected_purchases_30d',
    'probability_of_purchase_30d',
    'next_purchase_from',
    'next_purchase_to',
    'rfm_recency',
    'rfm_frequency',
    'rfm_monetary',
    'rfm_group',
    'cluster',
  ],
  zh: [
    '客户编号',
    '价值分层',
    '上次分层',
    '未来12个月预计消费',
    '预计消费下限',
    '预计消费上限',
    '12个月客户价值',
    '预计客单价',
    '累计消费',
    '购买天数',
    '首次下单',
    '最近下单',
    '距上次下单天数',
    '活跃概率',
    '30天预计购买次数',
    '30天购买概率',
    '预计下次购买起',
    '预计下次购买止',
    'R分',
    'F分',
    'M分',
    'RFM分组',
    '聚类',
  ],
};

function cellsOf(
  entry: ValueEntry,
  {
    valued,
    buyer,
    language,
    minorDigits,
  }: { valued: ValuedBuyers; buyer: number; language: 'en' | 'zh'; minorDigits: number },
): Cell[] {
  const money = (amount: number | null): string | null =>
    amount === null ? null : (amount / 10 ** minorDigits).toFixed(minorDigits);
  const { r, f, m, group } = entry.rfm;
  const labels = tierLabels[language];
  const firstDay = valued.buyers.firstDay[buyer] as number;
  return [
    entry.customerId,
    labels[entry.tier],
    entry.previousTier && labels[entry.previousTier],
    money(entry.next12m),
    money(entry.low),
    money(entry.high),
    money(entry.lifetime12m),
    money(entry.expectedOrder),
    money(entry.historic),
    entry.purchaseDays,
    isoDay(firstDay),
    isoDay(valued.lastDay - entry.daysSinceLast),
    entry.daysSinceLast,
    entry.pAlive,
    entry.expectedPurchases30d,
    entry.pPurchase30d,
    entry.nextPurchase.from,
    entry.nextPurchase.to,
    r,
    f,
    m,
    rfmGroupLabels[language][group],
    entry.cluster,
  ];
}
