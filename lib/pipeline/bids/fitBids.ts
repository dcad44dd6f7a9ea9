import { addAdRowInPlace, createAdHistory } from '../../bids/adHistory.ts';
import { adRowOf } from '../../bids/adRow.ts';
import { type BidFit, fitBidModel } from '../../bids/fitBidModel.ts';
import { BidFitError, fitLinearBidPolicy } from '../../bids/linear.ts';
import type { LinearBidPolicy } from '../../bids/policy.ts';
import type { RunNote } from '../../store/runs.ts';
import type { AdNames } from '../../tables/ads/adRows.ts';
import { type MergedAds, mergeAds } from '../../tables/ads/mergeAds.ts';
import { readAds } from '../../tables/ads/readAds.ts';
import type { AdRow } from '../../tables/types.ts';
import { holdShiftedTable } from '../holdShiftedTable.ts';
import { readEachInput } from '../readInputs.ts';
import { rejectRun } from '../rejection.ts';
import type { Dataset, Run, RunResult } from '../run.ts';
import { bulkFileNames } from './bidTables.ts';
import { publishLinearBids } from './linearBids.ts';
import { publishPortfolio } from './portfolioBids.ts';

/** `ads/`: what ads showed, cost and sold becomes the bid model, and a bid for each ad. */
export const adsDataset: Dataset = {
  name: 'ads',
  prefixes: ['ads/'],
  modelFrom: null,
  isWithoutCustomers: true,
  lastingFiles: ['bids.csv', ...bulkFileNames],
  work: fitBids,
};

async function fitBids(run: Run): Promise<RunResult> {
  const { settings } = run;
  const { history, names, rates, totals } = await run.timed('read', () => readHistory(run));
  const { impressions, clicks, conversions } = totals;
  await holdShiftedTable(run, {
    facts: {
      rows: history.rows + rates.length,
      rates: {
        clickRate: { count: clicks, of: impressions },
        conversionRate: { count: conversions, of: clicks },
      },
    },
    settings: settings.ads.drift,
    setting: 'ads.drift.acceptShift',
  });
  const fit =
    history.rows === 0
      ? null
      : await run.timed('fit', async () =>
          inOrderOf(names, fitBidModel(history, { settings: settings.bids, seed: settings.seed })),
        );
  const rows = [...(fit?.ads ?? []).map(adRowOf), ...rates];
  run.amend({ counts: { ads: rows.length, ...totals } });
  const policy = fit === null ? 'linear' : settings.bids.policy;
  if (fit === null || policy === 'linear') {
    if (policy !== settings.bids.policy) run.amend({ notes: [ratesAlone(rates.length, policy)] });
    return publishLinearBids(run, { linear: linearPolicy(run, rows, { required: true }), rows, names, fit });
  }
  run.amend({ notes: fit.model.notes });
  if (rates.length > 0) run.amend({ notes: [ratesAlone(rates.length, policy)] });
  const linear = rates.length === 0 ? fit.model.linear : linearPolicy(run, rows, { required: false });
  return publishPortfolio(run, { fit, history, names, linear });
}

async function readHistory(run: Run) {
  const { currency, timeZone, orders } = run.settings;
  const readings = await readEachInput(run, (source) =>
    readAds(source, { currency, timeZone, rates: orders.rates }),
  );
  const history = createAdHistory();
  // to be held against what the platform says of the same days
  const totals = { impressions: 0, clicks: 0, conversions: 0, spendMicros: 0, revenueMicros: 0 };
  const merged = mergeAds(readings, (row) => {
    addAdRowInPlace(history, row);
    for (const name of Object.keys(totals) as (keyof typeof totals)[]) totals[name] += row[name] ?? 0;
  });
  run.amend({ notes: notesOnMerging(merged) });
  return { history, totals, ...merged };
}

/** Ads as they first appear in the files, for whoever compares the result with the upload. */
function inOrderOf(names: ReadonlyMap<string, AdNames>, { model, ads }: BidFit): BidFit {
  const byId = new Map(ads.map((ad) => [ad.id, ad]));
  return { model, ads: Array.from(names.keys(), (id) => byId.get(id)).filter((ad) => ad !== undefined) };
}

function linearPolicy(run: Run, rows: AdRow[], options: { required: true }): LinearBidPolicy;
function linearPolicy(run: Run, rows: AdRow[], options: { required: boolean }): LinearBidPolicy | null;
function linearPolicy(
  { settings }: Run,
  rows: AdRow[],
  { required }: { required: boolean },
): LinearBidPolicy | null {
  try {
    return fitLinearBidPolicy(rows, { seed: settings.seed, bidFactor: settings.bids.bidFactor });
  } catch (error) {
    if (!(error instanceof BidFitError)) throw error;
    return required ? rejectRun('bidFit', error.message) : null;
  }
}

function ratesAlone(count: number, policy: string): RunNote {
  const message =
    policy === 'linear'
      ? 'ads have rates and no counts, which do not tell how much is known: bids are those of the linear policy'
      : 'ads have rates and no counts, which do not tell how much is known: only the linear policy bids on them';
  return { code: 'ratesAlone', message, count };
}

function notesOnMerging({ superseded, undatedBesideDated }: MergedAds): RunNote[] {
  const notes: RunNote[] = [];
  if (superseded > 0) {
    const message =
      'rows gave way to a later file’s of the same ad and day (files in the order of their names)';
    notes.push({ code: 'supersededRows', message, count: superseded });
  }
  if (undatedBesideDated > 0) {
    const message = 'rows without a date were left out, as their ads have rows with dates';
    notes.push({ code: 'undatedBesideDated', message, count: undatedBesideDated });
  }
  return notes;
}
