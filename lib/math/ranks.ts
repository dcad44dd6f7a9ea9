/** The distinct values in ascending order, and how many there are up to and with each. */
export interface DistinctValues {
  values: Float64Array;
  countUpTo: Uint32Array;
}

export function distinctValues(values: Float64Array): DistinctValues {
  const sorted = Float64Array.from(values).sort();
  const distinct = new Float64Array(sorted.length);
  const countUpTo = new Uint32Array(sorted.length);
  let length = 0;
  for (let index = 0; index < sorted.length; index++) {
    const value = sorted[index] as number;
    if (length === 0 || value !== distinct[length - 1]) distinct[length++] = value;
    countUpTo[length - 1] = index + 1;
  }
  return { values: distinct.subarray(0, length), countUpTo: countUpTo.subarray(0, length) };
}

/** Ranks from 1 for the least; equal values share the average of the ranks they take up. */
export function averageRanks(values: Float64Array): Float64Array {
  const distinct = distinctValues(values);
  return values.map((value) => {
    const group = groupOf(distinct, value);
    return (countBelow(distinct, group) + 1 + (distinct.countUpTo[group] as number)) / 2;
  });
}

/** Ranks from 1 for the greatest, as in a competition: equal values share the best of the ranks they take up. */
export function competitionRanks(values: Float64Array): Uint32Array {
  const distinct = distinctValues(values);
  return Uint32Array.from(
    values,
    (value) => values.length - (distinct.countUpTo[groupOf(distinct, value)] as number) + 1,
  );
}

const countBelow = ({ countUpTo }: DistinctValues, group: number): number => countUpTo[group - 1] ?? 0;

/** Where a value that is there stands among the distinct ones, by bisection. */
function groupOf({ values }: DistinctValues, value: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
