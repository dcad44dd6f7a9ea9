/** Where a share lies, given `count` of `of` (Wilson 1927), with 95 % confidence unless `z` is another: it stays within 0 and 1. */
export function wilsonInterval(
  count: number,
  of: number,
  { z = 1.959963984540054 }: { z?: number } = {},
): { low: number; high: number } {
  if (of === 0) return { low: 0, high: 1 };
  const share = count / of;
  const centre = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z / (1 + z ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + (z / (2 * of)) ** 2);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
