/** The positions of the greatest scores, the best first, equal ones in their order; of scores of -Infinity none. */
export function topItems(scores: Float32Array, count: number): number[] {
  const items: number[] = [];
  const values: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let item = 0; item < scores.length; item++) {
    const value = scores[item] as number;
    if (!(value > least)) continue;
    let at = items.length;
    while (at > 0 && (values[at - 1] as number) < value) at--;
    items.splice(at, 0, item);
    values.splice(at, 0, value);
    if (items.length > count) {
      items.pop();
      values.pop();
    }
    if (items.length === count) least = values.at(-1) as number;
  }
  return items;
}
