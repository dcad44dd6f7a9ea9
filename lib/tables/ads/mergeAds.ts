import type { AdRow } from '../types.ts';
import type { AdFileRows, AdNames, AdPerformanceRow } from './adRows.ts';

/** What all files together tell beside their rows. */
export interface MergedAds {
  rates: AdRow[];
  names: Map<string, AdNames>;
  /** Rows that gave way to a later file's of the same ad and day. */
  superseded: number;
  /** Rows without a date that gave way to rows with dates. */
  undatedBesideDated: number;
}

/**
 * Puts files together, in the order of their names, and gives each row that counts to `add`: where a later file has an ad and
 * day (or period) again, the earlier rows give way; rows of one file for one ad and day are kept beside each other, as they
 * are its devices or search terms.
 */
export function mergeAds(files: readonly AdFileRows[], add: (row: AdPerformanceRow) => void): MergedAds {
  const isLast = lastFileTest(files);
  const dated = new Set<string>();
  for (const { performance } of files)
    for (const { id, date } of performance) if (date !== null) dated.add(id);
  const merged: MergedAds = {
    ...{ rates: files.flatMap(({ rates }) => rates), names: new Map(), superseded: 0, undatedBesideDated: 0 },
  };
  for (const [at, { performance, names }] of files.entries()) {
    for (const row of performance) {
      if (!isLast(row, at)) merged.superseded++;
      else if (row.date === null && dated.has(row.id)) merged.undatedBesideDated++;
      else add(row);
    }
    for (const [id, ad] of names) merged.names.set(id, known(merged.names.get(id), ad));
  }
  return merged;
}

/** Whether a file is the last that has the row's ad and day. */
function lastFileTest(files: readonly AdFileRows[]): (row: AdPerformanceRow, file: number) => boolean {
  if (files.length === 1) return () => true;
  const lastFile = new Map<string, Map<string, number>>();
  for (const [at, { performance }] of files.entries()) {
    for (const row of performance) {
      const days = lastFile.get(row.id) ?? new Map<string, number>();
      if (days.size === 0) lastFile.set(row.id, days);
      days.set(daysOf(row), at);
    }
  }
  return (row, file) => lastFile.get(row.id)?.get(daysOf(row)) === file;
}

const daysOf = ({ date, period }: AdPerformanceRow): string => date ?? period ?? '';

/** The newest names, and what only older files told. */
function known(older: AdNames | undefined, newer: AdNames): AdNames {
  if (older === undefined) return newer;
  const told = Object.entries(newer).filter(([, value]) => value !== null);
  return { ...older, ...Object.fromEntries(told) } as AdNames;
}
