import type { DecileReport } from '../purchaseReport.ts';
import { tenthTotals } from './tenthTotals.ts';

/** What a contact costs and what a purchase leaves, in the shop's currency. */
export interface ContactEconomics {
  contactCost: number;
  purchaseMargin: number;
}

/** Who buys, tenth by tenth from the most likely, and what contacting them brings; equal probabilities share a decile. */
export function decileReport(
  y: Uint8Array,
  probabilities: Float64Array,
  { economics }: { economics: ContactEconomics | null },
): DecileReport[] {
  const totals = tenthTotals(y, probabilities);
  const buyers = totals.reduce((sum, total) => sum + total.buyers, 0);
  const share = buyers / y.length;
  let [rowsSoFar, buyersSoFar] = [0, 0];
  return totals.map((total) => {
    rowsSoFar += total.rows;
    buyersSoFar += total.buyers;
    return {
      decile: total.decile,
      rows: total.rows,
      buyers: total.buyers,
      meanProbability: total.said / total.rows,
      rate: total.buyers / total.rows,
      // without a buyer nobody is more likely than another
      lift: buyers === 0 ? 1 : total.buyers / total.rows / share,
      capture: buyers === 0 ? rowsSoFar / y.length : buyersSoFar / buyers,
      cumulativeLift: buyers === 0 ? 1 : buyersSoFar / rowsSoFar / share,
      cumulativeRate: buyersSoFar / rowsSoFar,
      expectedProfit: economics && profitOf(total.said, total.rows, economics),
      realisedProfit: economics && profitOf(total.buyers, total.rows, economics),
    };
  });
}

/** Of contacting so many customers, of whom so many buy because of it. */
export const profitOf = (
  buyers: number,
  contacted: number,
  { contactCost, purchaseMargin }: ContactEconomics,
): number => buyers * purchaseMargin - contacted * contactCost;
