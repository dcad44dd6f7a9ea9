import { normalQuantile } from '../../math/normalQuantile.ts';
import { errorsOfSize, type PastErrors, type ProductForecast, usualError } from './spread.ts';

/** Units of a product over some days: expected, and what is not passed with 50, 90 and 95 %. */
export interface UnitQuantiles {
  expected: number;
  p50: number;
  p90: number;
  p95: number;
}

/**
 * Units that may be sold, from the fewest to the most: the forecast, off by what all products may be off by together and by what
 * forecasts of its size were off by beside that, drawn again and again. Draws are a lattice of both (Niederreiter 1992, section 5.1, by
 * the golden ratio), so that few of them are enough, and the same forecast always has the same.
 */
export function simulateUnits(
  forecast: ProductForecast,
  errors: PastErrors,
  { draws = 1000 }: { draws?: number } = {},
): Float64Array {
  const units = new Float64Array(draws);
  if (forecast.mean <= 0) return units;
  const { lotRatio } = forecast;
  const own = errorsOfSize(errors, forecast);
  const levels = standardLevels(draws);
  for (let draw = 0; draw < draws; draw++) {
    const mean = forecast.mean * Math.exp(errors.levelSd * (levels[draw] as number));
    const error = own[Math.floor(((draw * goldenRatio) % 1) * own.length)] as number;
    units[draw] = Math.max(0, Math.ceil(mean + error * usualError({ mean, lotRatio })));
  }
  return units.sort();
}

const goldenRatio = (Math.sqrt(5) - 1) / 2;

const knownLevels = new Map<number, Float64Array>();

/** Normal quantiles at equal steps. */
function standardLevels(draws: number): Float64Array {
  const known = knownLevels.get(draws);
  if (known !== undefined) return known;
  const levels = Float64Array.from({ length: draws }, (_, draw) => normalQuantile((draw + 0.5) / draws));
  knownLevels.set(draws, levels);
  return levels;
}

/** Few enough to judge every forecast of a back-test. */
const judgingDraws = 89;

/** Units that are not passed with `probability`, if errors are as they were; whole ones, and 0 for what is not expected at all. */
export function unitsAt(errors: PastErrors, probability: number, forecast: ProductForecast): number {
  if (forecast.mean <= 0) return 0;
  const units = simulateUnits(forecast, errors, { draws: judgingDraws });
  return units[Math.ceil(probability * judgingDraws) - 1] as number;
}
