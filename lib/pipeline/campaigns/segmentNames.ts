import { rfmGroupLabels, rfmGroupNames } from '../../value/rfmGroups.ts';
import { tierLabels, tiersBestFirst } from '../../value/tier.ts';

/** The RFM group that a cell names, by its id or as our own files label it; the cell where it is none of ours. */
export const groupNamed = (cell: string | null): string | null =>
  named(cell, rfmGroupNames, [rfmGroupLabels.en, rfmGroupLabels.zh]);

export const tierNamed = (cell: string | null): string | null =>
  named(cell, tiersBestFirst, [tierLabels.en, tierLabels.zh]);

function named<Name extends string>(
  cell: string | null,
  names: readonly Name[],
  labels: readonly Record<Name, string>[],
): string | null {
  if (cell === null) return null;
  const wanted = comparable(cell);
  const isMeant = (name: Name): boolean =>
    [name, ...labels.map((of) => of[name])].some((text) => comparable(text) === wanted);
  return names.find(isMeant) ?? cell;
}

/** `At risk`, `at-risk` and `atRisk` are the same. */
const comparable = (text: string): string => text.toLowerCase().replace(/[\s_-]+/g, '');
