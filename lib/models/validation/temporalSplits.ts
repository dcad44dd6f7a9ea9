import type { TrainingTable } from '../../tables/types.ts';
import { type Split, splitBy } from './folds.ts';

/** The last cutoff against all before it, to report on; and each of those against the ones before it, to choose by. */
export interface TemporalSplits {
  test: Split;
  /** The newest first; all rows are of `test.training`. Empty where there are but two cutoffs. */
  validation: Split[];
  trainingCutoffs: string[];
  heldOutCutoff: string;
}

/**
 * Splits rows by the day as of which their features were taken: features before, labels after. A customer stands at several
 * cutoffs, on both sides, as when a model that was fitted last month is used this month. Validation walks forward the same way
 * (rolling origin: Tashman 2000), so that it tells what a month adds by chance. Null for fewer than two cutoffs.
 */
export function temporalSplits(cutoffs: readonly string[]): TemporalSplits | null {
  const days = [...new Set(cutoffs)].sort();
  const heldOutCutoff = days.at(-1);
  if (heldOutCutoff === undefined || days.length < 2) return null;
  return {
    test: before(cutoffs, heldOutCutoff),
    validation: days
      .slice(1, -1)
      .reverse()
      .map((day) => before(cutoffs, day)),
    trainingCutoffs: days.slice(0, -1),
    heldOutCutoff,
  };
}

/** A cutoff's rows, held out from those of all cutoffs before it. */
function before(cutoffs: readonly string[], day: string): Split {
  const { training } = splitBy(cutoffs.length, (row) => (cutoffs[row] as string) >= day);
  const { heldOut } = splitBy(cutoffs.length, (row) => cutoffs[row] === day);
  return { training, heldOut };
}

/** Throws where a row was seen after its own cutoff: its features would know what its label asks. */
export function refuseAfterCutoff({ columns }: TrainingTable, cutoffs: readonly string[]): void {
  for (const { name, kind, values } of columns) {
    if (kind !== 'categorical') continue;
    const row = values.findIndex((value, at) => {
      const day = dayOf(value as string | null);
      return day !== null && day > (cutoffs[at] as string);
    });
    if (row >= 0)
      throw new Error(
        `the column "${name}" has ${values[row]} in a row whose features end at ${cutoffs[row]}: a feature may not know what ` +
          'comes after; leave the column out with purchase.excludeColumns, or take the features anew',
      );
  }
}

function dayOf(value: string | null): string | null {
  const found = value === null ? null : /^(\d{4}-\d{2}-\d{2})(?:$|[T ])/.exec(value);
  return found === null ? null : (found[1] as string);
}
