import type { AdRow } from '../types.ts';
import { adRates } from './adRates.ts';
import type { AdFileRows, AdNames, AdPerformance } from './adRows.ts';

/** All files together, each row counted once. */
export interface MergedAds extends AdFileRows {
  /** Rows that gave way to a later file's of the same ad and day, and to rows with dates. */
  superseded: number;
  undatedBesideDated: number;
}

/**
 * Puts files together, in the order of their names: where a later one has an ad and day (or period) again, the earlier rows
 * give way; rows of one file for one ad and day are kept beside each other, as they are its devices or search terms.
 */
export function mergeAds(files: readonly AdFileRows[]): MergedAds {
  const lastFile = new Map<string, Map<string, number>>();
  const dated = new Set<string>();
  for (const [at, { performance }] of files.entries()) {
    for (const row of performance) {
      const days = lastFile.get(row.id) ?? new Map<string, number>();
      if (days.size === 0) lastFile.set(row.id, days);
      days.set(daysOf(row), at);
      if (row.date !== null) dated.add(row.id);
    }
  }
  const rates = files.flatMap((file) => file.rates);
  const merged: MergedAds = {
    ...{ performance: [], rates, names: new Map(), superseded: 0, undatedBesideDated: 0 },
  };
  for (const [at, { performance, names }] of files.entries()) {
    for (const row of performance) {
      if (lastFile.get(row.id)?.get(daysOf(row)) !== at) merged.superseded++;
      else if (row.date === null && dated.has(row.id)) merged.undatedBesideDated++;
      else merged.performance.push(row);
    }
    for (const [id, ad] of names) merged.names.set(id, known(merged.names.get(id), ad));
  }
  return merged;
}

/** One row per ad, in the order in which ads first appear, as the linear policy reads them. */
export function ratesByAd({ performance, rates }: Pick<AdFileRows, 'performance' | 'rates'>): AdRow[] {
  const byAd = new Map<string, AdRow>();
  for (const { id, impressions, clicks, conversions, spendMicros } of performance) {
    const sum = byAd.get(id) ?? { ...none, adId: id };
    byAd.set(id, {
      ...sum,
      impressions: impressions === null ? sum.impressions : (sum.impressions ?? 0) + impressions,
      clicks: (sum.clicks ?? 0) + clicks,
      conversions: (sum.conversions ?? 0) + conversions,
      spend: sum.spend + spendMicros,
    });
  }
  const counted = Array.from(byAd.values(), (ad) => ({ ...ad, ...adRates(ad), spend: ad.spend / 1e6 }));
  return [...counted, ...rates];
}

const none = {
  impressions: null,
  clicks: null,
  conversions: null,
  clickRate: null,
  conversionRate: null,
  spend: 0,
};

const daysOf = ({ date, period }: AdPerformance): string => date ?? period ?? '';

/** The newest names, and what only older files told. */
function known(older: AdNames | undefined, newer: AdNames): AdNames {
  if (older === undefined) return newer;
  const told = Object.entries(newer).filter(([, value]) => value !== null);
  return { ...older, ...Object.fromEntries(told) } as AdNames;
}
