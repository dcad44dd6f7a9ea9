import type { RfmScores } from './rfm.ts';

/** One field of the board of recency by frequency scores. Money as it came in. */
export interface RfmCell {
  /** 1 to 5 each, 5 best. */
  r: number;
  f: number;
  customers: number;
  historic: number;
  /** Null where there is no forecast. */
  next12m: number | null;
}

/** All 25 fields, empty ones included, the best recency and frequency first; customers and money add up to the whole. */
export function rfmCells(
  { r, f }: Pick<RfmScores, 'r' | 'f'>,
  { spend, expected }: { spend: Float64Array; expected: Float64Array | null },
): RfmCell[] {
  const cells = Array.from({ length: 25 }, (_, cell) => ({
    r: 5 - Math.floor(cell / 5),
    f: 5 - (cell % 5),
    customers: 0,
    historic: 0,
    next12m: expected && 0,
  }));
  for (let buyer = 0; buyer < spend.length; buyer++) {
    const cell = cells[5 * (5 - (r[buyer] as number)) + 5 - (f[buyer] as number)] as RfmCell;
    cell.customers += 1;
    cell.historic += spend[buyer] as number;
    if (cell.next12m !== null) cell.next12m += expected?.[buyer] as number;
  }
  return cells;
}

/** Customers with so many purchase days whose last is so long ago, and how likely they are to be active still. */
export interface AliveCell {
  purchaseDaysFrom: number;
  /** Null is without end. */
  purchaseDaysTo: number | null;
  daysSinceFrom: number;
  daysSinceTo: number | null;
  customers: number;
  /** Mean over them; null for nobody. */
  pAlive: number | null;
}

const purchaseDaysFrom = [1, 2, 3, 4, 6, 11];
const daysSinceFrom = [0, 8, 31, 91, 181, 366];

/** Every pairing, empty ones included. */
export function aliveCells({
  purchaseDays,
  daysSinceLast,
  pAlive,
}: {
  purchaseDays: Float64Array;
  daysSinceLast: Float64Array;
  pAlive: Float64Array;
}): AliveCell[] {
  const sums = purchaseDaysFrom.map(() => daysSinceFrom.map(() => ({ customers: 0, alive: 0 })));
  for (let buyer = 0; buyer < pAlive.length; buyer++) {
    const often = placeOf(purchaseDaysFrom, purchaseDays[buyer] as number);
    const sum = sums[often]?.[placeOf(daysSinceFrom, daysSinceLast[buyer] as number)];
    if (sum === undefined) throw new RangeError(`aliveCells: buyer ${buyer} has less than one purchase day`);
    sum.customers += 1;
    sum.alive += pAlive[buyer] as number;
  }
  return sums.flatMap((row, often) =>
    row.map(({ customers, alive }, ago) => ({
      purchaseDaysFrom: purchaseDaysFrom[often] as number,
      purchaseDaysTo: beforeNext(purchaseDaysFrom, often),
      daysSinceFrom: daysSinceFrom[ago] as number,
      daysSinceTo: beforeNext(daysSinceFrom, ago),
      customers,
      pAlive: customers === 0 ? null : alive / customers,
    })),
  );
}

const placeOf = (from: readonly number[], value: number): number => from.findLastIndex((one) => one <= value);

const beforeNext = (from: readonly number[], place: number): number | null => {
  const next = from[place + 1];
  return next === undefined ? null : next - 1;
};
