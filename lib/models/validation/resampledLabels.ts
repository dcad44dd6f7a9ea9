/** Labels of rows that were repeated, left out or made up for a fit. */
const resampled = new WeakSet<Uint8Array>();

/** The same labels, marked for good. */
export function markResampled(y: Uint8Array): Uint8Array {
  resampled.add(y);
  return y;
}

/**
 * A split of resampled rows would hold out copies and mixtures of the rows that it fits on, and measure how well the model
 * remembers them: on the Online Shoppers sessions an accuracy of .943 where the true one is .900.
 */
export function refuseResampled(name: string, y: Uint8Array): void {
  if (resampled.has(y))
    throw new Error(
      `${name} was given ${y.length} resampled rows; split first, and resample within the training fold`,
    );
}
