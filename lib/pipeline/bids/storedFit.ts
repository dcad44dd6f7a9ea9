import { type AdEvidence, adEvidenceSchema, type BidModel, bidModelSchema } from '../../bids/bidModel.ts';
import type { BidFit } from '../../bids/fitBidModel.ts';
import type { LookupExtent } from '../../store/lookupExtent.ts';
import { readList, readLookupPages, writeList, writeLookup } from '../../store/pages.ts';
import type { Table } from '../../store/table.ts';
import type { BidFitRecord } from '../results.ts';

const modelList = 'bid-model';
const adsLookup = 'bid-ads';

/** So much text fits one item, however badly it compresses. */
const partCharacters = 90_000;

/** Stores what answers requests: the model as pieces of its JSON, and each ad's evidence by its id. */
export async function writeFit(
  table: Table,
  {
    runId,
    fence,
    fit: { model, ads },
    ...beside
  }: { runId: string; fence: number; fit: BidFit } & Pick<
    BidFitRecord,
    'settings' | 'segmentWorth' | 'portfolio'
  >,
): Promise<BidFitRecord> {
  const json = JSON.stringify(model);
  const parts: string[] = [];
  for (let at = 0; at < json.length; at += partCharacters) parts.push(json.slice(at, at + partCharacters));
  await writeList(table, { runId, fence, name: modelList, values: parts });
  const entries = ads.map((ad) => [ad.id, ad] as const);
  const extent = await writeLookup(table, { runId, fence, name: adsLookup, entries });
  return {
    ...{ modelParts: parts.length, ads: { ...extent, length: ads.length } },
    ...{ lastDay: model.lastDay, ...beside },
  };
}

/** The model as the run stored it. Throws `PageMissing` when the run has expired. */
export async function readBidModel(
  table: Table,
  { runId, parts }: { runId: string; parts: number },
): Promise<BidModel> {
  const { values } = await readList(table, { runId, name: modelList, limit: parts });
  return bidModelSchema.parse(JSON.parse(values.join('')));
}

/** The evidence of these ads, and of those that stand on the same pages. */
export async function readAdEvidence(
  table: Table,
  place: LookupExtent & { runId: string; ids: readonly string[] },
): Promise<Map<string, AdEvidence>> {
  const entries = await readLookupPages(table, { ...place, name: adsLookup });
  return new Map(Array.from(entries, ([id, value]) => [id, adEvidenceSchema.parse(value)]));
}
