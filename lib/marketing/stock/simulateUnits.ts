import { type RandomGenerator, uniformBelow } from '../../math/random.ts';
import { errorsOfSize, type PastErrors, type ProductForecast, usualError } from './spread.ts';

/** Units of a product over some days: expected, and what is not passed with 50, 90 and 95 %. */
export interface UnitQuantiles {
  expected: number;
  p50: number;
  p90: number;
  p95: number;
}

const draws = 1000;

/** Units that may be sold, from the fewest to the most: the forecast, off by what forecasts of its size were off by, drawn again and again. */
export function simulateUnits(
  forecast: ProductForecast,
  { errors, generator }: { errors: PastErrors; generator: RandomGenerator },
): Float64Array {
  const units = new Float64Array(draws);
  if (forecast.mean <= 0) return units;
  const own = errorsOfSize(errors, forecast);
  const scale = usualError(forecast);
  for (let draw = 0; draw < draws; draw++) {
    const error = own[uniformBelow(generator, own.length)] as number;
    units[draw] = Math.max(0, Math.ceil(forecast.mean + error * scale));
  }
  return units.sort();
}
