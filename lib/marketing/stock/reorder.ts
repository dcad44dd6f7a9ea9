import type { StockSettings } from './settings.ts';

/** `unknown`: products/ does not say what is there. `noDemand`: nothing is expected to be sold. */
export const stockStatuses = ['orderNow', 'orderLater', 'enough', 'noDemand', 'unknown'] as const;
export type StockStatus = (typeof stockStatuses)[number];

export interface Reorder {
  status: StockStatus;
  stock: number | null;
  leadTimeDays: number;
  /** Days that the stock is expected to last. */
  coverDays: number | null;
  /** Days since 1970-01-01; null where nothing needs to be ordered within a year. */
  reorderDay: number | null;
  /** Units to order then; 0 where nothing is to be ordered. */
  reorderUnits: number;
}

const longestDays = 365;

/**
 * When to order, and how much: as soon as the stock is down to what the lead time may take, as much as lasts for `orderForDays` beyond it,
 * both with the service level (an order-up-to level with a reorder point: Silver, Pyke and Thomas 2017, chapter 6).
 */
export function planReorder({
  stock,
  leadTimeDays: known,
  meanOf,
  simulate,
  settings,
  lastDay,
}: {
  stock: number | null;
  leadTimeDays: number | null;
  meanOf: (days: number) => number;
  /** Units that may be sold in so many days, from the fewest to the most. */
  simulate: (days: number) => Float64Array;
  settings: StockSettings;
  lastDay: number;
}): Reorder {
  const leadTimeDays = Math.ceil(known ?? settings.leadTimeDays);
  const untilDays = leadTimeDays + settings.orderForDays;
  const perDay = meanOf(untilDays) / untilDays;
  const facts = { stock, leadTimeDays };
  if (stock === null)
    return { ...facts, status: 'unknown', coverDays: null, reorderDay: null, reorderUnits: 0 };
  if (perDay <= 0)
    return { ...facts, status: 'noDemand', coverDays: null, reorderDay: null, reorderUnits: 0 };
  const enoughFor = (days: number): number => {
    const units = days === 0 ? new Float64Array(1) : simulate(days);
    return units[Math.ceil(settings.serviceLevel * units.length) - 1] ?? 0;
  };
  const reorderPoint = enoughFor(leadTimeDays);
  const upTo = Math.max(reorderPoint, enoughFor(untilDays));
  const coverDays = Math.max(0, stock) / perDay;
  const waitDays = Math.floor((stock - reorderPoint) / perDay);
  if (waitDays > longestDays)
    return { ...facts, status: 'enough', coverDays, reorderDay: null, reorderUnits: 0 };
  const atOrder = waitDays <= 0 ? stock : reorderPoint;
  const reorderUnits = Math.max(0, Math.ceil(upTo - atOrder));
  if (reorderUnits === 0) return { ...facts, status: 'enough', coverDays, reorderDay: null, reorderUnits };
  return {
    ...facts,
    status: waitDays <= 0 ? 'orderNow' : 'orderLater',
    coverDays,
    reorderDay: lastDay + Math.max(0, waitDays),
    reorderUnits,
  };
}
