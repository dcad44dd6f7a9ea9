import {
  type GroupedHistories,
  groupHistories,
  historyColumns,
  type PurchaseHistory,
} from '../../lib/models/btyd/purchaseHistory.ts';
import { type CdnowCustomer, calibrationEnds, holdoutEnds } from './cdnow.ts';

/** Histories up to the cutoff in weeks, as the papers count them, and what the holdout then held. */
export interface CdnowSplit {
  histories: PurchaseHistory[];
  groups: GroupedHistories;
  /** Mean dollars of repeat purchases; 0 where there are none. */
  repeatValue: number[];
  /** Mean dollars of all purchases, the first included. */
  meanValue: number[];
  heldOutPurchases: number[];
  heldOutDollars: number[];
}

export function splitCdnow(customers: readonly CdnowCustomer[], cutoff = calibrationEnds): CdnowSplit {
  const before = customers.map(({ days }) => days.filter((day) => day <= cutoff).length);
  const histories = customers.map(({ days }, index) => {
    const first = days[0] as number;
    const last = days[(before[index] as number) - 1] as number;
    return {
      frequency: (before[index] as number) - 1,
      recency: (last - first) / 7,
      age: (cutoff - first) / 7,
    };
  });
  const heldOut = customers.map(({ days, dollars }) =>
    dollars.filter((_, at) => (days[at] as number) > cutoff && (days[at] as number) <= holdoutEnds),
  );
  return {
    histories,
    groups: groupHistories(historyColumns(histories)),
    repeatValue: customers.map(({ dollars }, index) => meanOf(dollars.slice(1, before[index]))),
    meanValue: customers.map(({ dollars }, index) => meanOf(dollars.slice(0, before[index]))),
    heldOutPurchases: heldOut.map((dollars) => dollars.length),
    heldOutDollars: heldOut.map((dollars) => dollars.reduce((sum, value) => sum + value, 0)),
  };
}

const meanOf = (values: number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
