/** Last days that features read, in days since 1970-01-01; the labels of each are the horizon after it. */
export interface TrainingCutoffs {
  /** Oldest first. Their horizons end by the test cutoff, so nothing that is tested has been fitted to. */
  fitted: number[];
  /** The latest day that has its full horizon. */
  test: number;
}

/**
 * One horizon apart and back from the last day that is known, so that every day's purchases are labels once, with at least a
 * horizon of history before the first. Null where the history is too short for one to fit and one to test.
 */
export function trainingCutoffs({
  firstDay,
  lastDay,
  horizonDays,
  most = 4,
}: {
  firstDay: number;
  lastDay: number;
  horizonDays: number;
  /** Of those that are fitted to. */
  most?: number;
}): TrainingCutoffs | null {
  const test = lastDay - horizonDays;
  const fitted: number[] = [];
  for (
    let day = test - horizonDays;
    day - firstDay >= horizonDays && fitted.length < most;
    day -= horizonDays
  )
    fitted.unshift(day);
  return fitted.length === 0 ? null : { fitted, test };
}
