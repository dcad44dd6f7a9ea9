import type { AdEvidence, BidModel } from '../../lib/bids/bidModel.ts';
import { readAdEvidence, readBidModel } from '../../lib/pipeline/bids/storedFit.ts';
import type { BidFitRecord } from '../../lib/pipeline/results.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';

/** The fit of a run, as far as requests have asked for it. */
interface KnownFit {
  runId: string;
  model: Promise<BidModel>;
  /** Null for an id that the run does not have. */
  ads: Map<string, AdEvidence | null>;
}

/** Ads kept in memory, some 600 bytes each. */
const mostKnownAds = 100_000;

/** Runs never change, so that what was read of the current one is kept from request to request. */
let known: KnownFit | null = null;

/** The model of a published run, and of its ads those that are asked for. */
export async function loadFit(
  { table }: ApiWiring,
  { runId, fit: { modelParts, ads: stored } }: { runId: string; fit: BidFitRecord },
  ids: readonly string[],
): Promise<{ model: BidModel; ads: ReadonlyMap<string, AdEvidence | null> }> {
  if (known?.runId !== runId) {
    known = { runId, model: readBidModel(table, { runId, parts: modelParts }), ads: new Map() };
    // what could not be read is asked for again
    known.model.catch(() => {
      if (known?.runId === runId) known = null;
    });
  }
  const { model, ads } = known;
  const unknown = ids.filter((id) => !ads.has(id));
  const found =
    unknown.length === 0
      ? new Map<string, AdEvidence>()
      : await readAdEvidence(table, { ...stored, runId, ids: unknown });
  if (ads.size + found.size + unknown.length > mostKnownAds) ads.clear();
  for (const id of unknown) ads.set(id, null);
  for (const [id, ad] of found) ads.set(id, ad);
  return { model: await model, ads };
}
