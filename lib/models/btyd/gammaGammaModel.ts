/** Fader and Hardie (2013): what an order of a customer is worth varies about a mean that varies among customers. */
export interface GammaGammaModel {
  kind: 'gammaGamma';
  /** Shape of a customer's order values. */
  p: number;
  /** Shape and scale of the distribution of 1 / (their mean / p) among customers. */
  q: number;
  v: number;
  logLikelihood: number;
  /** How many customers it was fitted to. */
  customers: number;
  iterations: number;
}

/** How many orders of a customer were averaged, and their average value. */
export interface OrderValues {
  orders: number;
  meanValue: number;
}

/** What the next order is expected to be worth (equation 5): the customer's own mean, drawn towards everybody's. */
export function expectedOrderValue(
  { p, q, v }: Pick<GammaGammaModel, 'p' | 'q' | 'v'>,
  { orders, meanValue }: OrderValues,
): number {
  if (orders > 0 && !(meanValue > 0 && Number.isFinite(meanValue)))
    throw new RangeError(
      `expectedOrderValue: a mean value of ${meanValue} over ${orders} orders is not above 0`,
    );
  if (!(p * orders + q > 1))
    throw new RangeError(
      `expectedOrderValue: with p ${p}, q ${q} and ${orders} orders the expectation is infinite`,
    );
  const spend = orders === 0 ? 0 : orders * meanValue;
  return (p * (v + spend)) / (p * orders + q - 1);
}
