import { normalCdf, normalDensity } from '../math/normalCdf.ts';
import type { Prices } from './bidModel.ts';

/**
 * The highest competing price of an auction is log-normal (as fitted to search auctions by Lahaie and McAfee 2011, and to
 * display exchanges by Cui et al. 2011): a bid wins what is priced below it, and pays that price where the second price rules.
 */
export type LogNormalPrices = Pick<Prices, 'mu' | 'sigma'>;

/** Share of the auctions that the bid wins. */
export const shareWon = ({ mu, sigma }: LogNormalPrices, bid: number): number =>
  bid > 0 ? normalCdf((Math.log(bid) - mu) / sigma) : 0;

/** What an auction costs on average at this bid, those that are lost included: E[price; price ≤ bid]. */
export const costPerAuction = ({ mu, sigma }: LogNormalPrices, bid: number): number =>
  bid > 0 ? Math.exp(mu + 0.5 * sigma * sigma) * normalCdf((Math.log(bid) - mu) / sigma - sigma) : 0;

/** log(price paid / bid) at z = (log bid - mu) / sigma: how far below their bid won auctions cost. */
export const logDiscount = (z: number, sigma: number): number =>
  -sigma * z + 0.5 * sigma * sigma + Math.log(normalCdf(z - sigma) / normalCdf(z));

/** Its derivative in z. */
export const logDiscountSlope = (z: number, sigma: number): number => hazard(z - sigma) - hazard(z) - sigma;

/** Variance of the price of a won auction over its mean squared. */
export function squaredVariation(z: number, sigma: number): number {
  const won = normalCdf(z);
  const first = normalCdf(z - sigma) / won;
  const second = normalCdf(z - 2 * sigma) / won;
  return Math.max(1e-4, (Math.exp(sigma * sigma) * second) / (first * first) - 1);
}

/** Density over distribution function. */
export const hazard = (z: number): number => normalDensity(z) / normalCdf(z);
