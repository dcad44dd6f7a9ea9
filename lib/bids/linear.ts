import { MultivariateLinearRegression } from 'ml-regression';
import { type RandomGenerator, seededGenerator, shuffledIndices } from '../math/random.ts';
import { standardise } from '../math/standardise.ts';
import type { AdRow, TableNote } from '../tables/types.ts';
import { type LinearBidPolicy, predictSpend, rateNames } from './policy.ts';
import { independentRates, isUsable, type UsableAd } from './rateColumns.ts';

/** The ads cannot carry a policy; `message` says why and what would help. */
export class BidFitError extends Error {
  override readonly name = 'BidFitError';
  constructor(
    readonly code: 'tooFewRows' | 'singularDesign',
    message: string,
  ) {
    super(message);
  }
}

export interface LinearBidOptions {
  /** Of the 80/20 split, and of the draw from a table that is too large. */
  seed: number;
  bidFactor: number;
}

/**
 * Least squares of spend on click rate and conversion rate. Its error is measured on a fifth of the ads that is held out;
 * the policy itself is then fitted on all of them.
 */
export function fitLinearBidPolicy(
  ads: readonly AdRow[],
  { seed, bidFactor }: LinearBidOptions,
): LinearBidPolicy {
  const usable = ads.filter(isUsable);
  if (usable.length < minRowsToFit) throw tooFewRows(ads.length, usable.length);
  const generator = seededGenerator(seed);
  const drawn = usable.length > maxRowsToFit ? draw(usable, maxRowsToFit, generator) : usable;
  const fitted = fitSpend(drawn);
  return {
    version: 1,
    policy: 'linear',
    label: 'baseline',
    bidFactor,
    seed,
    spend: fitted.spend,
    rates: fitted.rates,
    rows: ads.length,
    rowsUsed: drawn.length,
    heldOut: measureHeldOut(drawn, generator),
    notes: [...rowNotes(ads.length, usable.length, drawn.length), ...fitted.notes],
  };
}

type FittedSpend = Pick<LinearBidPolicy, 'spend' | 'rates'> & { notes: TableNote[] };

const minRowsToFit = 3;
const minRowsToHoldOut = 20;
// The regression copies its table several times over; more rows would not move two slopes.
const maxRowsToFit = 100_000;
const heldOutShare = 0.2;

function draw(ads: UsableAd[], length: number, generator: RandomGenerator): UsableAd[] {
  const drawn = shuffledIndices(generator, ads.length).subarray(0, length).sort();
  return Array.from(drawn, (index) => ads[index] as UsableAd);
}

function fitSpend(ads: readonly UsableAd[]): FittedSpend {
  const spend = standardise(Float64Array.from(ads, (ad) => ad.spend));
  const { kept, notes } = independentRates(ads);
  if (kept.length === 0) throw singularDesign('click rate and conversion rate are the same for every ad');
  const X = ads.map((_, row) => kept.map(({ column }) => column.values[row] as number));
  const y = Array.from(spend.values, (value) => [value]);
  const { weights } = new MultivariateLinearRegression(X, y, { statistics: false });
  const rates = kept.map(({ name, column, lowest, highest }, index) => {
    const coefficient = weights[index]?.[0] ?? Number.NaN;
    if (!Number.isFinite(coefficient))
      throw singularDesign(`the slope of the ${rateNames[name]} is not a number`);
    return { name, centre: column.centre, scale: column.scale, coefficient, lowest, highest };
  });
  if (spend.scale === 0)
    notes.push({ code: 'constantSpend', message: 'every ad spends the same, so every bid is the same' });
  return { spend: { centre: spend.centre, scale: spend.scale }, rates, notes };
}

function measureHeldOut(ads: readonly UsableAd[], generator: RandomGenerator): LinearBidPolicy['heldOut'] {
  if (ads.length < minRowsToHoldOut) return null;
  const shuffled = Array.from(shuffledIndices(generator, ads.length), (index) => ads[index] as UsableAd);
  const heldOut = shuffled.slice(0, Math.round(heldOutShare * ads.length));
  const fitted = fitOrNull(shuffled.slice(heldOut.length));
  if (fitted === null) return null;
  const meanAbsoluteError = meanError(heldOut, (ad) => predictSpend(fitted, ad));
  const baselineMeanAbsoluteError = meanError(heldOut, () => fitted.spend.centre);
  if (!Number.isFinite(meanAbsoluteError) || !Number.isFinite(baselineMeanAbsoluteError)) return null;
  return { rows: heldOut.length, meanAbsoluteError, baselineMeanAbsoluteError };
}

const meanError = (ads: readonly UsableAd[], predict: (ad: UsableAd) => number): number =>
  ads.reduce((sum, ad) => sum + Math.abs(ad.spend - predict(ad)) / ads.length, 0);

/** The rates of a part can be constant where those of the whole are not. */
function fitOrNull(ads: readonly UsableAd[]): FittedSpend | null {
  try {
    return fitSpend(ads);
  } catch (error) {
    if (error instanceof BidFitError) return null;
    throw error;
  }
}

function rowNotes(rows: number, usable: number, drawn: number): TableNote[] {
  const notes: TableNote[] = [];
  if (usable < rows)
    notes.push({
      code: 'adsWithoutRates',
      message: 'ads without impressions or clicks have no rates; they are left out of the fit',
      count: rows - usable,
    });
  if (drawn < usable)
    notes.push({ code: 'adsDrawn', message: `fitted on a random draw of ${drawn} ads`, count: drawn });
  if (drawn < minRowsToHoldOut)
    notes.push({
      code: 'fewAds',
      message: `with fewer than ${minRowsToHoldOut} ads none are held out, so the error is not known`,
      count: drawn,
    });
  return notes;
}

const tooFewRows = (rows: number, usable: number): BidFitError =>
  new BidFitError(
    'tooFewRows',
    `a bid policy needs at least ${minRowsToFit} ads with a click rate and a conversion rate; got ${usable} of ${rows}`,
  );

const singularDesign = (why: string): BidFitError =>
  new BidFitError(
    'singularDesign',
    `the design is singular: ${why}, so spend cannot be told apart by rates; add ads that differ`,
  );
