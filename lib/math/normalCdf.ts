/**
 * The standard normal distribution function, to some fourteen digits also of its small values, which a ratio of two of them
 * needs: Hart (1968), algorithm 5666, as given by West (2005, Better approximations to cumulative normal functions).
 */
export function normalCdf(x: number): number {
  const z = Math.abs(x);
  if (z > 37) return x > 0 ? 1 : 0;
  const density = Math.exp(-0.5 * z * z);
  const tail = z < 7.07106781186547 ? (density * numerator(z)) / denominator(z) : farTail(z, density);
  return x > 0 ? 1 - tail : tail;
}

export const normalDensity = (x: number): number => Math.exp(-0.5 * x * x) / rootOfTwoPi;

const rootOfTwoPi = 2.5066282746310002;

const numerator = (z: number): number =>
  (((((3.52624965998911e-2 * z + 0.700383064443688) * z + 6.37396220353165) * z + 33.912866078383) * z +
    112.079291497871) *
    z +
    221.213596169931) *
    z +
  220.206867912376;

const denominator = (z: number): number =>
  ((((((8.83883476483184e-2 * z + 1.75566716318264) * z + 16.064177579207) * z + 86.7807322029461) * z +
    296.564248779674) *
    z +
    637.333633378831) *
    z +
    793.826512519948) *
    z +
  440.413735824752;

const farTail = (z: number, density: number): number =>
  density / (rootOfTwoPi * (z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))))));
