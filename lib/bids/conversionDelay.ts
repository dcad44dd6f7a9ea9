import type { ConversionDelay } from './bidModel.ts';

/** Clicks, and the conversions that came of them so far, by how many days ago the clicks were. */
export interface AgeProfile {
  clicks: Float64Array;
  conversions: Float64Array;
}

/** Share of a click's conversions that has come in after so many days (an exponential delay, as in Chapelle 2014). */
export const shareMatured = (delay: ConversionDelay | null, ageDays: number): number =>
  delay === null ? 1 : 1 - (1 - delay.immediate) * Math.exp(-ageDays / delay.scaleDays);

/**
 * Fitted by the Poisson likelihood of conversions by age, the conversion rate profiled out. Null where younger clicks do not
 * convert less than chance explains, or where the table is too short or too poor in conversions to tell.
 */
export function fitConversionDelay({ clicks, conversions }: AgeProfile): ConversionDelay | null {
  const days = clicks.length;
  const total = conversions.reduce((sum, value) => sum + value, 0);
  if (days < leastDays || total < leastConversions) return null;
  const none = profileLikelihood({ clicks, conversions }, null);
  let best: { delay: ConversionDelay | null; likelihood: number } = { delay: null, likelihood: none };
  let steps = { immediate: 0.1, scale: 1.5 };
  let centre = { immediate: 0.5, scaleDays: 3 };
  for (let round = 0; round < 6; round++) {
    for (let i = -5; i <= 5; i++)
      for (let j = -5; j <= 5; j++) {
        const immediate = Math.min(0.95, Math.max(0, centre.immediate + i * steps.immediate));
        const scaleDays = Math.min(longestScale, Math.max(0.3, centre.scaleDays * steps.scale ** j));
        const delay = { immediate, scaleDays };
        const likelihood = profileLikelihood({ clicks, conversions }, delay);
        if (likelihood > best.likelihood) best = { delay, likelihood };
      }
    if (best.delay === null) return null;
    centre = best.delay;
    steps = { immediate: steps.immediate / 3, scale: steps.scale ** (1 / 3) };
  }
  // two parameters must earn their keep, by the information criterion of Schwarz (1978)
  const dispersion = Math.max(1, dispersionOf({ clicks, conversions }, best.delay));
  return (2 * (best.likelihood - none)) / dispersion > 2 * Math.log(days) + 2 ? best.delay : null;
}

const leastDays = 14;
const leastConversions = 100;
/** A slower rise cannot be told from a season. */
const longestScale = 14;

function profileLikelihood({ clicks, conversions }: AgeProfile, delay: ConversionDelay | null): number {
  const rate = rateOf({ clicks, conversions }, delay);
  let value = 0;
  for (let age = 0; age < clicks.length; age++) {
    const expected = rate * (clicks[age] as number) * shareMatured(delay, age + 0.5);
    if (expected > 0) value += (conversions[age] as number) * Math.log(expected) - expected;
  }
  return value;
}

function rateOf({ clicks, conversions }: AgeProfile, delay: ConversionDelay | null): number {
  const matured = clicks.reduce((sum, value, age) => sum + value * shareMatured(delay, age + 0.5), 0);
  return conversions.reduce((sum, value) => sum + value, 0) / matured;
}

/** Pearson's: days differ by more than Poisson noise. */
function dispersionOf({ clicks, conversions }: AgeProfile, delay: ConversionDelay | null): number {
  const rate = rateOf({ clicks, conversions }, delay);
  let [sum, count] = [0, 0];
  for (let age = 0; age < clicks.length; age++) {
    const expected = rate * (clicks[age] as number) * shareMatured(delay, age + 0.5);
    if (expected < 1) continue;
    sum += ((conversions[age] as number) - expected) ** 2 / expected;
    count += 1;
  }
  return count > 3 ? sum / (count - 3) : 1;
}
