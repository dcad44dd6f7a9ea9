/** Forecasts of demand that comes in some periods and not in others; each per period. */

const sizeSmoothing = 0.2;
const intervalSmoothing = 0.2;
const chanceSmoothing = 0.1;

/**
 * Croston's method as corrected by A. A. Syntetos and J. E. Boylan, "The accuracy of intermittent demand estimates" (International
 * Journal of Forecasting 21, 2005), equation 3: smoothed size over smoothed interval, times 1 - α / 2. 0 where nothing was ever sold.
 */
export function syntetosBoylan(demand: Float64Array): number {
  let [size, interval, since] = [Number.NaN, Number.NaN, 0];
  for (const units of demand) {
    since++;
    if (units <= 0) continue;
    size = Number.isNaN(size) ? units : size + sizeSmoothing * (units - size);
    interval = Number.isNaN(interval) ? since : interval + intervalSmoothing * (since - interval);
    since = 0;
  }
  return Number.isNaN(size) ? 0 : (1 - intervalSmoothing / 2) * (size / interval);
}

/**
 * R. H. Teunter, A. A. Syntetos and M. Z. Babai, "Intermittent demand: Linking forecasting to inventory obsolescence" (European Journal
 * of Operational Research 214, 2011), equation 5: smoothed chance of any demand, brought up to date in every period, times smoothed
 * size; so what is no longer sold fades.
 */
export function teunterSyntetosBabai(demand: Float64Array): number {
  const first = demand.findIndex((units) => units > 0);
  if (first < 0) return 0;
  // The share of the first periods with demand is where the chance starts: one sale in the first period alone is no certainty.
  const early = demand.subarray(first, first + startPeriods);
  let chance =
    early.reduce((sum, units) => sum + Number(units > 0), 0) / Math.max(early.length, startPeriods / 2);
  let size = demand[first] as number;
  for (const units of demand.subarray(first + 1)) {
    chance += chanceSmoothing * (Number(units > 0) - chance);
    if (units > 0) size += sizeSmoothing * (units - size);
  }
  return chance * size;
}

const startPeriods = 8;
