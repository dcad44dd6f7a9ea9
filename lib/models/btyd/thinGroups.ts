import type { GroupedHistories } from './purchaseHistory.ts';

/** The histories of every so-many-th customer, at most `most` customers: a fair part, to try starting values on. */
export function thinGroups(groups: GroupedHistories, { most }: { most: number }): GroupedHistories {
  const customers = groups.counts.reduce((sum, count) => sum + count, 0);
  const every = Math.max(1, customers / most);
  const drawn: number[] = [];
  const counts: number[] = [];
  let before = 0;
  for (let group = 0; group < groups.counts.length; group++) {
    const upTo = before + (groups.counts[group] as number);
    const count = Math.floor(upTo / every) - Math.floor(before / every);
    before = upTo;
    if (count === 0) continue;
    drawn.push(group);
    counts.push(count);
  }
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from(drawn, (group) => values[group] as number);
  return {
    frequency: pick(groups.frequency),
    recency: pick(groups.recency),
    age: pick(groups.age),
    counts: Float64Array.from(counts),
    groupOf: new Uint32Array(0),
  };
}
