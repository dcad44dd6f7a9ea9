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

/** Of all auctions, those that no bid wins included. */
export const meanPrice = ({ mu, sigma }: LogNormalPrices): number => Math.exp(mu + 0.5 * sigma * sigma);

/** What an auction costs on average at this bid, those that are lost included: E[price; price ≤ bid]. */
export const costPerAuction = (prices: LogNormalPrices, bid: number): number =>
  bid > 0 ? meanPrice(prices) * normalCdf((Math.log(bid) - prices.mu) / prices.sigma - prices.sigma) : 0;

/** How far below their bid won auctions cost, at z = (log bid - mu) / sigma. */
export interface Discount {
  /** log(mean price paid / bid), and its derivative in z. */
  log: number;
  slope: number;
  /** Variance of the price of a won auction over its mean squared. */
  variation: number;
}

export function discountAt(z: number, sigma: number): Discount {
  const won = normalCdf(z);
  const first = normalCdf(z - sigma);
  const second = normalCdf(z - 2 * sigma);
  const grown = Math.exp(sigma * sigma);
  return {
    log: -sigma * z + 0.5 * sigma * sigma + Math.log(first / won),
    slope: normalDensity(z - sigma) / first - normalDensity(z) / won - sigma,
    variation: Math.max(1e-4, (grown * second * won) / (first * first) - 1),
  };
}

/** Density over distribution function. */
export const hazard = (z: number): number => normalDensity(z) / normalCdf(z);
