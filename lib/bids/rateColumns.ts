import { correlationOf, type Standardised, standardise } from '../math/standardise.ts';
import type { AdRow, TableNote } from '../tables/types.ts';
import { type Rate, rateNames } from './policy.ts';

/** An ad that can be fitted on. */
export type UsableAd = AdRow & { clickRate: number; conversionRate: number };

export const isUsable = (ad: AdRow): ad is UsableAd =>
  [ad.clickRate, ad.conversionRate, ad.spend].every((value) => Number.isFinite(value));

/** A rate over all ads, and how far it ranges. */
export interface RateColumn {
  name: Rate;
  column: Standardised;
  lowest: number;
  highest: number;
}

/** The rates that vary, and not together; of a pair that moves together the conversion rate, nearer to the sale, stays. */
export function independentRates(ads: readonly UsableAd[]): { kept: RateColumn[]; notes: TableNote[] } {
  const kept: RateColumn[] = [];
  const notes: TableNote[] = [];
  for (const name of ['conversionRate', 'clickRate'] as const) {
    const rate = rateColumn(ads, name);
    const twin = kept.find(({ column }) => Math.abs(correlationOf(column, rate.column)) > maxCorrelation);
    if (rate.column.scale === 0) notes.push(constantRate(name));
    else if (twin) notes.push(duplicateRate(name, twin.name));
    else kept.push(rate);
  }
  return { kept, notes };
}

/** Beyond this correlation two columns are one, and their separate slopes are noise. */
const maxCorrelation = 0.999;

function rateColumn(ads: readonly UsableAd[], name: Rate): RateColumn {
  const values = Float64Array.from(ads, (ad) => ad[name]);
  const lowest = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const highest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return { name, column: standardise(values), lowest, highest };
}

const constantRate = (name: Rate): TableNote => ({
  code: 'constantRate',
  message: `the ${rateNames[name]} is the same for every ad and is left out of the fit`,
});

const duplicateRate = (name: Rate, twin: Rate): TableNote => ({
  code: 'duplicateRate',
  message: `the ${rateNames[name]} moves with the ${rateNames[twin]} and is left out of the fit`,
});
