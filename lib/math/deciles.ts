/**
 * Decile of every value, 1 for the highest tenth: one more than the tenths of the values that are strictly higher, so that equal
 * values share a decile.
 */
export function deciles(values: Float64Array): Uint8Array {
  const descending = Float64Array.from(values).sort().reverse();
  const higherThan = new Map<number, number>();
  descending.forEach((value, index) => {
    if (!higherThan.has(value)) higherThan.set(value, index);
  });
  return Uint8Array.from(
    values,
    (value) => Math.floor((10 * (higherThan.get(value) ?? 0)) / values.length) + 1,
  );
}
