import type { AdEvidence } from '../../lib/bids/bidModel.ts';
import { evidenceOf } from '../../lib/bids/evidence.ts';
import { bidLinear, type LinearBidPolicy } from '../../lib/bids/policy.ts';
import type { BidSettings } from '../../lib/bids/settings.ts';
import { planBids } from '../../lib/bids/suggestBids.ts';
import { multipliersOf } from '../../lib/pipeline/bids/segmentMultipliers.ts';
import type { BidFitRecord, BidsManifest } from '../../lib/pipeline/results.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { loadFit } from './bidFit.ts';
import type { AdWithCounts, BidRequest, RequestedAd } from './bidSchemas.ts';
import { type FieldError, Problem } from './problem.ts';
import type { Published } from './published.ts';

/** Bids for the ads of a request, by the policy that it names or that fits what it tells of the ads. */
export async function suggestForRequest(
  wiring: ApiWiring,
  { runId, asOf, manifest }: Published<BidsManifest>,
  body: BidRequest,
) {
  const { currency, linear, fit } = manifest;
  const policy = body.policy ?? (body.ads.some(hasRates) ? 'linear' : manifest.policy);
  if (policy === 'linear') {
    const bids = linearBids(linear ?? refuseLinear(), body.ads);
    return { runId, asOf, policy, label: 'baseline' as const, currency, bids };
  }
  if (fit === null) throw withoutCounts();
  const asked = await readRequestedAds(wiring, { runId, fit }, body.ads);
  const settings = settingsFor(fit, body);
  const budgetMicros = body.budgetMicros ?? usualBudget(asked, settings);
  const { rows, portfolio } = planBids(asked.model, asked.ads, {
    settings: { ...settings, policy, budgetMicros },
    segmentMultipliers: asked.segmentMultipliers,
    withCurves: body.curves,
  });
  return {
    ...{ runId, asOf, policy, currency, bids: rows() },
    portfolio: { ...portfolio, budgetGiven: body.budgetMicros !== undefined },
  };
}

/** The settings of the run, with what the request says instead. */
export function settingsFor(
  { settings }: BidFitRecord,
  { auction = settings.auction, target }: Pick<BidRequest, 'auction' | 'target'>,
): BidSettings {
  const asked = target && { roas: target.roas ?? null, cpaMicros: target.cpaMicros ?? null };
  return { ...settings, auction, target: asked ?? settings.target };
}

/** The ads of a request, as bidding needs them; the ones that were uploaded as the run has them. */
export async function readRequestedAds(
  wiring: ApiWiring,
  published: { runId: string; fit: BidFitRecord },
  requested: readonly RequestedAd[],
) {
  const ids = requested.flatMap(({ id }) => id ?? []);
  refuseRatesAndRepeats(requested);
  const { model, ads: known } = await loadFit(wiring, published, ids);
  const counted = requested.filter((ad): ad is AdWithCounts => !hasRates(ad));
  const ads = counted.map((ad, index) =>
    requestedEvidence(ad, {
      id: ad.id ?? String(index + 1),
      known: (ad.id !== undefined && known.get(ad.id)) || null,
      historyDays: model.days,
    }),
  );
  const { multipliers: segmentMultipliers } = multipliersOf(
    published.fit.segmentWorth,
    ads.map(({ segment }) => segment),
  );
  return { model, ads, days: counted.map(({ days = model.days }) => days), segmentMultipliers };
}

/** What the ads spent per round so far; null, which leaves it to the targets, where there is one. */
export function usualBudget(
  { ads, days }: { ads: readonly AdEvidence[]; days: readonly number[] },
  { target, cycleDays }: BidSettings,
): number | null {
  if (target.roas !== null || target.cpaMicros !== null) return null;
  const perDay = ads.reduce((sum, { spendMicros }, index) => sum + spendMicros / (days[index] as number), 0);
  return perDay === 0 ? null : Math.max(1, Math.round(perDay * cycleDays));
}

const hasRates = (ad: RequestedAd): ad is Extract<RequestedAd, { clickRate: number | null }> =>
  'clickRate' in ad;

/** Figures of its own count; what the request leaves out is as it was uploaded. */
function requestedEvidence(
  ad: AdWithCounts,
  { id, known, historyDays }: { id: string; known: AdEvidence | null; historyDays: number },
): AdEvidence {
  if (known !== null && tellsOnlyItsId(ad)) return known;
  const named = {
    campaign: ad.campaign === undefined ? (known?.campaign ?? null) : ad.campaign,
    segment: ad.segment === undefined ? (known?.segment ?? null) : ad.segment,
    bidType: ad.bidType ?? known?.bidType ?? 'CPC',
    currentBidMicros:
      ad.currentBidMicros === undefined ? (known?.currentBidMicros ?? null) : ad.currentBidMicros,
  };
  if (known !== null && ad.clicks === undefined) return { ...known, ...named };
  const { impressions = 0, clicks = 0, conversions = 0, spendMicros = 0, revenueMicros = null } = ad;
  const figures = { impressions, clicks, conversions, spendMicros, revenueMicros };
  return evidenceOf({ id, ...named, ...figures, days: ad.days ?? historyDays }, { historyDays });
}

const tellsOnlyItsId = (ad: AdWithCounts): boolean => {
  for (const field in ad) if (field !== 'id') return false;
  return true;
};

function refuseRatesAndRepeats(requested: readonly RequestedAd[]): void {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, ad] of requested.entries()) {
    if (hasRates(ad))
      errors.push({
        path: `ads.${index}`,
        message: 'rates do not tell how much is known; send clicks and conversions',
      });
    const id = ad.id ?? String(index + 1);
    if (seen.has(id)) errors.push({ path: `ads.${index}.id`, message: 'must not come twice' });
    seen.add(id);
  }
  if (errors.length > 0) throw notValid(errors.slice(0, 20));
}

function linearBids(policy: LinearBidPolicy, ads: readonly RequestedAd[]) {
  return ads.map((ad, index) => {
    const rates = ratesOf(ad, index);
    return { adId: ad.id ?? String(index + 1), ...rates, ...bidLinear(policy, rates) };
  });
}

function ratesOf(
  ad: RequestedAd,
  index: number,
): { clickRate: number | null; conversionRate: number | null } {
  if (hasRates(ad)) return { clickRate: ad.clickRate, conversionRate: ad.conversionRate };
  const { impressions, clicks, conversions } = ad;
  if (impressions === undefined || clicks === undefined || conversions === undefined) {
    const message =
      'the linear policy needs impressions, clicks and conversions, or clickRate and conversionRate';
    throw notValid([{ path: `ads.${index}`, message }]);
  }
  return {
    clickRate: impressions > 0 ? clicks / impressions : null,
    conversionRate: clicks > 0 ? conversions / clicks : null,
  };
}

function refuseLinear(): never {
  const message = 'must be another, as the uploaded ads cannot carry the linear policy; GET /runs tells why';
  throw notValid([{ path: 'policy', message }]);
}

export function withoutCounts(): Problem {
  const message =
    'must be linear, as the uploaded ads have rates alone; upload clicks and conversions for the others';
  return notValid([{ path: 'policy', message }]);
}

const notValid = (errors: readonly FieldError[]): Problem =>
  new Problem('invalidRequest', 'the body is not as docs/api.md describes it', { errors });
