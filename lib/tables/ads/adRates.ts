export interface AdRates {
  clickRate: number | null;
  conversionRate: number | null;
}

interface AdNumbers extends AdRates {
  impressions: number | null;
  clicks: number | null;
  conversions: number | null;
}

/** The rates that follow from the counts; where a count is missing, the rates as the table gives them. */
export const adRates = ({
  impressions,
  clicks,
  conversions,
  clickRate,
  conversionRate,
}: AdNumbers): AdRates => ({
  clickRate: impressions === null || clicks === null ? clickRate : ratio(clicks, impressions),
  conversionRate: clicks === null || conversions === null ? conversionRate : ratio(conversions, clicks),
});

/** A rate over nothing is no rate. */
const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** Whether a rate that the table gives is another one than its counts give, beyond rounding. */
export const deviates = (given: number | null, derived: number | null): boolean =>
  given !== null && derived !== null && Math.abs(given - derived) > 0.001 + 0.01 * derived;
