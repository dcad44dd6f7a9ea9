import type { TrainingTable } from '../../tables/types.ts';
import { type Split, splitBy, type TrainingFold } from './folds.ts';

/** The last cutoff against all before it, and the last of those against those before: one to report on, one to choose by. */
export interface TemporalSplits {
  test: Split;
  /** Null where there are but two cutoffs. Its rows are all of `test.training`. */
  validation: Split | null;
  trainingCutoffs: string[];
  heldOutCutoff: string;
}

/**
 * Splits rows by the day as of which their features were taken: features before, labels after. A customer stands at several
 * cutoffs, on both sides, as when a model that was fitted last month is used this month. Null for fewer than two cutoffs.
 */
export function temporalSplits(cutoffs: readonly string[]): TemporalSplits | null {
  const days = [...new Set(cutoffs)].sort();
  const [heldOutCutoff, before] = [days.at(-1), days.at(-2)];
  if (heldOutCutoff === undefined || before === undefined) return null;
  const test = splitBy(cutoffs.length, (row) => cutoffs[row] === heldOutCutoff);
  const earlier = test.training.filter((row) => (cutoffs[row] as string) < before) as TrainingFold;
  const validation = {
    training: earlier,
    heldOut: test.training.filter((row) => cutoffs[row] === before) as Uint32Array,
  };
  return {
    test,
    validation: earlier.length > 0 ? validation : null,
    trainingCutoffs: days.slice(0, -1),
    heldOutCutoff,
  };
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
