import { hazard } from './prices.ts';

/**
 * First price: the best bid is argmax (x - b) F(b), where x is what the event may cost at most. For log-normal prices
 * x = b + F(b)/f(b) = b (1 + sigma / hazard(z)) at the best b, which rises with b, so that a table of it is read backwards
 * (the first-order condition as in Vickrey 1961, with prices learnt as in Zhou et al. 2021).
 */
export interface ShadingTable {
  sigma: number;
  /** log x - mu at z = leastZ + index · stepZ. */
  logWorth: Float64Array;
}

export function shadingTable(sigma: number): ShadingTable {
  const logWorth = Float64Array.from({ length: points }, (_, index) => {
    const z = leastZ + index * stepZ;
    return sigma * z + Math.log1p(sigma / hazard(z));
  });
  return { sigma, logWorth };
}

/** The bid for an event worth `worth`, below it at any price. */
export function shadedBid({ sigma, logWorth }: ShadingTable, worth: number, mu: number): number {
  if (!(worth > 0)) return 0;
  const wanted = Math.log(worth) - mu;
  let [low, high] = [0, points - 1];
  // far below all prices any bid loses; far above them the least that wins all is enough
  if (wanted <= (logWorth[0] as number))
    return worth * Math.exp(mu + sigma * leastZ - mu - (logWorth[0] as number));
  if (wanted >= (logWorth[high] as number)) return Math.exp(mu + sigma * (leastZ + high * stepZ));
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((logWorth[middle] as number) <= wanted) low = middle;
    else high = middle;
  }
  const [below, above] = [logWorth[low] as number, logWorth[high] as number];
  return Math.exp(mu + sigma * (leastZ + (low + (wanted - below) / (above - below)) * stepZ));
}

const leastZ = -6;
const stepZ = 0.04;
const points = 251;
