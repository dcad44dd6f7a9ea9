/** A non-decreasing step function: `values[i]` holds from `lows[i]` to `highs[i]`, and between steps it goes in a line. */
export interface StepFunction {
  lows: number[];
  highs: number[];
  values: number[];
  /** Rows that each step rests on. */
  counts: number[];
}

/**
 * The non-decreasing function of x that is nearest to y in squared error, by pooling adjacent violators (Ayer, Brunk, Ewing,
 * Reid and Silverman 1955). Rows of equal x are one point.
 */
export function fitIsotonic(x: Float64Array, y: ArrayLike<number>): StepFunction {
  const order = Uint32Array.from(x.keys()).sort((a, b) => (x[a] as number) - (x[b] as number));
  const steps: StepFunction = { lows: [], highs: [], values: [], counts: [] };
  for (const row of order) {
    const at = x[row] as number;
    const last = steps.values.length - 1;
    if (steps.lows[last] === at && steps.highs[last] === at) poolInPlace(steps, y[row] as number, 1);
    else pushInPlace(steps, at, y[row] as number);
  }
  return pooled(steps);
}

/** The function's value; beyond its ends, the value there. */
export function stepValueAt({ lows, highs, values }: StepFunction, x: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((highs[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  const value = values[low] as number;
  const start = lows[low] as number;
  if (low === 0 || x >= start) return value;
  const before = highs[low - 1] as number;
  const from = values[low - 1] as number;
  return from + ((value - from) * (x - before)) / (start - before);
}

function pushInPlace({ lows, highs, values, counts }: StepFunction, at: number, value: number): void {
  lows.push(at);
  highs.push(at);
  values.push(value);
  counts.push(1);
}

/** Takes rows of the same x into the last step. */
function poolInPlace({ values, counts }: StepFunction, value: number, count: number): void {
  const last = values.length - 1;
  const total = (counts[last] as number) + count;
  values[last] = (values[last] as number) + ((value - (values[last] as number)) * count) / total;
  counts[last] = total;
}

function pooled({ lows, highs, values, counts }: StepFunction): StepFunction {
  const steps: StepFunction = { lows: [], highs: [], values: [], counts: [] };
  for (let point = 0; point < values.length; point++) {
    steps.lows.push(lows[point] as number);
    steps.highs.push(highs[point] as number);
    steps.values.push(values[point] as number);
    steps.counts.push(counts[point] as number);
    while (steps.values.length > 1 && (steps.values.at(-2) as number) >= (steps.values.at(-1) as number)) {
      const high = steps.highs.pop() as number;
      steps.lows.pop();
      poolInPlace(steps, ...popLast(steps));
      steps.highs[steps.highs.length - 1] = high;
    }
  }
  return steps;
}

const popLast = ({ values, counts }: StepFunction): [number, number] => [
  values.pop() as number,
  counts.pop() as number,
];
