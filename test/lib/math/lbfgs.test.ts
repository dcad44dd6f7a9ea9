import { describe, expect, it } from 'vitest';
import { minimise, type Objective } from '../../../lib/math/lbfgs.ts';

/** Rosenbrock's banana (1960): a curved valley, its minimum at 1, 1. */
const rosenbrock: Objective = (point, gradient) => {
  const [x = 0, y = 0] = point;
  gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
  gradient[1] = 200 * (y - x * x);
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
};

describe('minimise', () => {
  it('finds its way along a curved valley', () => {
    const { point, converged, iterations } = minimise(rosenbrock, { start: [-1.2, 1] });
    expect(converged).toBe(true);
    expect(iterations).toBeLessThan(60);
    expect(point[0]).toBeCloseTo(1, 7);
    expect(point[1]).toBeCloseTo(1, 7);
  });

  it('turns back from where there is no value', () => {
    const logBarrier: Objective = (point, gradient) => {
      const [x = 0] = point;
      gradient[0] = 1 - 1 / x;
      return x - Math.log(x);
    };
    const { point, converged } = minimise(logBarrier, { start: [50] });
    expect(converged).toBe(true);
    expect(point[0]).toBeCloseTo(1, 7);
  });

  it('says so when it runs out of iterations', () => {
    expect(minimise(rosenbrock, { start: [-1.2, 1], maxIterations: 5 }).converged).toBe(false);
  });

  it('says so when there is no minimum', () => {
    const downhill: Objective = (point, gradient) => {
      gradient[0] = -1;
      return -(point[0] as number);
    };
    expect(minimise(downhill, { start: [0] }).converged).toBe(false);
  });

  it('leaves the starting point as it was', () => {
    const start = Float64Array.of(-1.2, 1);
    minimise(rosenbrock, { start });
    expect(Array.from(start)).toEqual([-1.2, 1]);
  });
});
