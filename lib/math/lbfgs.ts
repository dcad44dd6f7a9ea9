/** Returns f(point) and writes its gradient into the second argument. A point out of reach is +Infinity or NaN. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

export interface Minimum {
  point: Float64Array;
  value: number;
  gradient: Float64Array;
  iterations: number;
  evaluations: number;
  converged: boolean;
}

export interface MinimiseOptions {
  start: ArrayLike<number>;
  maxIterations?: number;
  /** Converged when no entry of the gradient is farther from 0. */
  tolerance?: number;
  /** Steps remembered. */
  memory?: number;
  /** Of the Hessian near the start, row by row, where it is known: then a few steps are enough. */
  inverseHessian?: readonly (readonly number[])[] | null;
}

/** L-BFGS (Nocedal 1980; Nocedal and Wright 2006, algorithm 7.5), its line search that of Lewis and Overton (2013). */
export function minimise(
  objective: Objective,
  { start, maxIterations = 200, tolerance = 1e-8, memory = 10, inverseHessian = null }: MinimiseOptions,
): Minimum {
  let here = evaluate(objective, Float64Array.from(start));
  let evaluations = 1;
  let still = 0;
  const steps: Step[] = [];
  for (let iteration = 0; ; iteration++) {
    const done = largest(here.gradient) <= tolerance || still === patience || !Number.isFinite(here.value);
    if (done || iteration === maxIterations)
      return finish(here, { iterations: iteration, evaluations, tolerance });
    const direction = descentDirection(here.gradient, { steps, inverseHessian });
    const firstSize =
      steps.length === 0 && inverseHessian === null ? Math.min(1, 1 / largest(here.gradient)) : 1;
    const found = lineSearch(objective, here, { direction, firstSize });
    evaluations += found.evaluations;
    if (found.next === null) {
      // rounding may hide the descent that old steps promise: once more, straight down
      if (steps.length === 0) return finish(here, { iterations: iteration, evaluations, tolerance });
      steps.length = 0;
      continue;
    }
    remember(steps, { here, next: found.next, memory });
    still = here.value - found.next.value <= 1e-15 * Math.abs(here.value) ? still + 1 : 0;
    here = found.next;
  }
}

interface Place {
  point: Float64Array;
  value: number;
  gradient: Float64Array;
}

/** How the point and the gradient moved. */
interface Step {
  moved: Float64Array;
  turned: Float64Array;
  /** 1 / (moved · turned) */
  inverse: number;
}

function evaluate(objective: Objective, point: Float64Array): Place {
  const gradient = new Float64Array(point.length);
  return { point, value: objective(point, gradient), gradient };
}

// steps in a row that no longer lower the value
const patience = 5;

// where the value is flat to the last digit, a gradient this small is all that rounding leaves
const roundingFactor = 100;

const finish = (
  { point, value, gradient }: Place,
  { iterations, evaluations, tolerance }: { iterations: number; evaluations: number; tolerance: number },
): Minimum => ({
  point,
  value,
  gradient,
  iterations,
  evaluations,
  converged: Number.isFinite(value) && largest(gradient) <= tolerance * roundingFactor,
});

/** Minus the inverse Hessian, as the remembered steps describe it, times the gradient. */
function descentDirection(
  gradient: Float64Array,
  {
    steps,
    inverseHessian,
  }: { steps: readonly Step[]; inverseHessian: readonly (readonly number[])[] | null },
): Float64Array {
  let direction: Float64Array = gradient.map((slope) => -slope);
  const weights: number[] = [];
  for (const { moved, turned, inverse } of steps.toReversed()) {
    const weight = inverse * dot(moved, direction);
    weights.push(weight);
    addInPlace(direction, turned, -weight);
  }
  direction = inverseHessian === null ? scaled(direction, steps.at(-1)) : times(inverseHessian, direction);
  for (const { moved, turned, inverse } of steps) {
    const weight = weights.pop() as number;
    addInPlace(direction, moved, weight - inverse * dot(turned, direction));
  }
  return direction;
}

/** By the curvature along the last step. */
function scaled(direction: Float64Array, last: Step | undefined): Float64Array {
  if (last === undefined) return direction;
  const scale = 1 / (last.inverse * dot(last.turned, last.turned));
  return direction.map((value) => scale * value);
}

const times = (matrix: readonly (readonly number[])[], vector: Float64Array): Float64Array =>
  vector.map((_, row) =>
    vector.reduce((sum, value, column) => sum + value * (matrix[row]?.[column] ?? 0), 0),
  );

/** Bisects to a step that lowers the value enough and flattens the slope enough (the weak Wolfe conditions). */
function lineSearch(
  objective: Objective,
  here: Place,
  { direction, firstSize }: { direction: Float64Array; firstSize: number },
): { next: Place | null; evaluations: number } {
  const slope = dot(here.gradient, direction);
  if (!(slope < 0)) return { next: null, evaluations: 0 };
  let [low, high, size] = [0, Number.POSITIVE_INFINITY, firstSize];
  let best: Place | null = null;
  for (let evaluations = 1; evaluations <= 40; evaluations++) {
    const next = evaluate(
      objective,
      here.point.map((value, index) => value + size * at(direction, index)),
    );
    const nextSlope = dot(next.gradient, direction);
    if (!lowersEnough(here, next, { slope, nextSlope, size })) high = size;
    else if (nextSlope < 0.9 * slope) {
      low = size;
      best = next;
    } else return { next, evaluations };
    size = high === Number.POSITIVE_INFINITY ? 2 * low : (low + high) / 2;
  }
  return { next: best, evaluations: 40 };
}

/** Near the minimum the value's last digits are noise: there the slope decides (Hager and Zhang 2005). */
function lowersEnough(
  here: Place,
  next: Place,
  { slope, nextSlope, size }: { slope: number; nextSlope: number; size: number },
): boolean {
  if (next.value <= here.value + 1e-4 * size * slope) return true;
  const noise = 1e-10 * Math.max(1, Math.abs(here.value));
  return next.value <= here.value + noise && Math.abs(nextSlope) <= 0.5 * Math.abs(slope);
}

function remember(steps: Step[], { here, next, memory }: { here: Place; next: Place; memory: number }): void {
  const moved = next.point.map((value, index) => value - at(here.point, index));
  const turned = next.gradient.map((value, index) => value - at(here.gradient, index));
  const curvature = dot(moved, turned);
  if (!(curvature > 0)) return;
  steps.push({ moved, turned, inverse: 1 / curvature });
  if (steps.length > memory) steps.shift();
}

const at = (values: Float64Array, index: number): number => values[index] as number;

const largest = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const dot = (one: Float64Array, other: Float64Array): number =>
  one.reduce((sum, value, index) => sum + value * at(other, index), 0);

function addInPlace(target: Float64Array, added: Float64Array, times: number): void {
  for (let index = 0; index < target.length; index++)
    target[index] = at(target, index) + times * at(added, index);
}
