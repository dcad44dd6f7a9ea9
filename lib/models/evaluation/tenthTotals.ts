import { deciles } from '../../math/deciles.ts';

/** A tenth of the rows by probability. */
export interface TenthTotal {
  /** 1 is the most likely tenth. */
  decile: number;
  rows: number;
  buyers: number;
  /** Sum of the probabilities. */
  said: number;
}

/** From the most likely tenth down; equal probabilities share one, so that some may have no rows and are left out. */
export function tenthTotals(y: Uint8Array, probabilities: Float64Array): TenthTotal[] {
  const totals = Array.from({ length: 10 }, (_, index) => ({
    decile: index + 1,
    rows: 0,
    buyers: 0,
    said: 0,
  }));
  const tenths = deciles(probabilities);
  for (let row = 0; row < y.length; row++) {
    const total = totals[(tenths[row] as number) - 1] as TenthTotal;
    total.rows += 1;
    total.buyers += y[row] as number;
    total.said += probabilities[row] as number;
  }
  return totals.filter(({ rows }) => rows > 0);
}
