import type { AdNames } from '../../tables/ads/adRows.ts';
import type { AdPlatform } from '../../tables/ads/profiles.ts';
import { minorDigits } from '../../tables/cells/currencies.ts';
import type { Cell } from '../../tables/csv.ts';
import { putCsv } from '../putCsv.ts';
import type { BidEntry } from '../results.ts';
import type { Run } from '../run.ts';

/** Writes `bids.csv`, and a file for each platform whose ads can be bid on by an upload; answers the names of those. */
export async function writeBidTables(
  run: Run,
  entries: readonly BidEntry[],
  names: ReadonlyMap<string, AdNames>,
): Promise<string[]> {
  const { currency } = run.settings;
  await putCsv(run, 'bids.csv', {
    header: allBidsHeader,
    rows: entries.map((bid) => allBidsRow(bid, currency)),
  });
  const files: string[] = [];
  for (const { platform, file, header, rowOf } of bulkFiles) {
    const ofPlatform = entries.flatMap((bid) => {
      const ad = names.get(bid.id);
      return ad?.platform === platform ? [{ bid, ad }] : [];
    });
    if (ofPlatform.length === 0) continue;
    const rows = ofPlatform.map((one) => rowOf(one, currency)).filter((row) => row !== null);
    noteLeftOut(run, { file, count: ofPlatform.length - rows.length });
    if (rows.length === 0) continue;
    await putCsv(run, file, { header, rows });
    files.push(file);
  }
  return files;
}

/** As an amount of the currency, to its minor unit. */
const money = (micros: number | null, currency: string): string =>
  micros === null ? '' : (micros / 1e6).toFixed(minorDigits(currency));

/** Amounts with all that is known of them. */
const exact = (micros: number | null): number | null => (micros === null ? null : micros / 1e6);

const allBidsHeader = [
  ...['ad_id', 'campaign', 'ad_group', 'keyword', 'segment', 'bid_type', 'currency', 'current_bid'],
  ...['suggested_bid', 'range_low', 'range_high', 'confidence', 'status', 'value_per_click'],
  ...[
    'value_per_click_low',
    'value_per_click_high',
    'clicks',
    'conversions',
    'prior_clicks',
    'shrink_weight',
  ],
  ...['guardrails', 'reasons'],
];

const allBidsRow = (bid: BidEntry, currency: string): Cell[] => [
  ...[bid.id, bid.campaign, bid.adGroup, bid.keyword, bid.segment, bid.bidType, currency],
  ...[exact(bid.currentBidMicros), exact(bid.suggestedBidMicros)],
  ...[exact(bid.rangeLowMicros), exact(bid.rangeHighMicros), bid.confidence, bid.status],
  ...[bid.valuePerClick.meanMicros, bid.valuePerClick.lowMicros, bid.valuePerClick.highMicros].map(exact),
  ...[bid.evidence.clicks, bid.evidence.conversions, bid.evidence.priorClicks, bid.evidence.shrinkWeight],
  ...[bid.guardrailsHit.join(' '), bid.reasons.join('; ')],
];

interface NamedBid {
  bid: BidEntry;
  ad: AdNames;
}

interface BulkFile {
  platform: AdPlatform;
  file: string;
  header: readonly string[];
  /** Null where the platform could not tell which ad is meant. */
  rowOf: (named: NamedBid, currency: string) => Cell[] | null;
}

const bidCells = ({ bid }: NamedBid, currency: string): { cpc: string; cpm: string } => {
  const amount = money(bid.suggestedBidMicros, currency);
  return bid.bidType === 'CPC' ? { cpc: amount, cpm: '' } : { cpc: '', cpm: amount };
};

const bulkFiles: readonly BulkFile[] = [
  {
    // Google Ads Editor knows its columns by these names: support.google.com/google-ads/editor/answer/57747
    platform: 'google',
    file: 'bids-google-ads.csv',
    header: ['Campaign', 'Ad Group', 'Keyword', 'Criterion Type', 'Max CPC', 'Max CPM'],
    rowOf: (named, currency) => {
      const { campaign, adGroup, keyword, matchType } = named.ad;
      if (campaign === null || adGroup === null) return null;
      const { cpc, cpm } = bidCells(named, currency);
      return [campaign, adGroup, keyword, keyword === null ? null : criterionType(matchType), cpc, cpm];
    },
  },
  {
    // a bulk sheet of Sponsored Products, of which an update needs these columns
    platform: 'amazon',
    file: 'bids-amazon-ads.csv',
    header: [
      ...[
        'Product',
        'Entity',
        'Operation',
        'Campaign ID',
        'Ad Group ID',
        'Keyword ID',
        'Product Targeting ID',
      ],
      ...[
        'Campaign Name',
        'Ad Group Name',
        'Bid',
        'Keyword Text',
        'Match Type',
        'Product Targeting Expression',
      ],
    ],
    rowOf: (named, currency) => {
      const { campaignId, adGroupId, keywordId, entity, matchType, keyword, campaign, adGroup } = named.ad;
      if (campaignId === null || adGroupId === null || keywordId === null) return null;
      const isTarget = entity === 'Product Targeting';
      return [
        ...[
          'Sponsored Products',
          isTarget ? 'Product Targeting' : 'Keyword',
          'Update',
          campaignId,
          adGroupId,
        ],
        ...[isTarget ? null : keywordId, isTarget ? keywordId : null, campaign, adGroup],
        ...[bidCells(named, currency).cpc, isTarget ? null : keyword, isTarget ? null : matchType],
        isTarget ? keyword : null,
      ];
    },
  },
  {
    // what Ads Manager imports: the ad set, and the amount of its bid
    platform: 'meta',
    file: 'bids-meta-ads.csv',
    header: ['Campaign ID', 'Campaign Name', 'Ad Set ID', 'Ad Set Name', 'Bid Amount'],
    rowOf: ({ bid, ad }, currency) =>
      ad.adGroupId === null || bid.currentBidMicros === null
        ? null
        : [
            ...[ad.campaignId, ad.campaign, ad.adGroupId, ad.adGroup],
            money(bid.suggestedBidMicros, currency),
          ],
  },
];

export const bulkFileNames: readonly string[] = bulkFiles.map(({ file }) => file);

/** `Phrase match`, `PHRASE` and `phrase` are `Phrase` to the editor. */
function criterionType(matchType: string | null): string {
  const [word = ''] = (matchType ?? 'Broad').split(' ');
  return `${word.charAt(0).toUpperCase()}${word.slice(1).toLowerCase()}`;
}

function noteLeftOut(run: Run, { file, count }: { file: string; count: number }): void {
  if (count === 0) return;
  const message = `ads are not in ${file}, as the export that they come from lacks the ids or the bid that an upload needs`;
  run.amend({ notes: [{ code: 'notForUpload', message, count }] });
}
