import type { DuckDb } from '../../features/duckdb.ts';
import { dayOf } from '../../tables/cells/calendar.ts';
import { rejectRun } from '../rejection.ts';
import type { Settings } from '../settings.ts';

/** What of an order history is read, in days since 1970-01-01. */
export interface HistorySpan {
  /** Of the first sale. */
  firstDay: number;
  /** The last day that features read: the declared one, or that of the last sale. */
  lastDay: number;
  /** The last day before those by which models are judged. */
  holdoutDay: number;
}

export async function spanOf(
  db: DuckDb,
  { settings, groups, newestAt }: { settings: Settings; groups: number; newestAt: number },
): Promise<HistorySpan> {
  const { lastDay: declared, holdoutDays } = settings.orders;
  const sales = await saleDays(db, { groups, newestAt });
  const lastDay = declared === null ? sales.last : dayOf(declared);
  const firstDay = Math.min(sales.first, lastDay);
  const heldOut = holdoutDays ?? Math.min(longestHoldoutDays, Math.floor((lastDay - firstDay) / 3));
  return { firstDay, lastDay, holdoutDay: Math.max(firstDay, lastDay - heldOut) };
}

const longestHoldoutDays = 182;

async function saleDays(
  db: DuckDb,
  { groups, newestAt }: { groups: number; newestAt: number },
): Promise<{ first: number; last: number }> {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let group = 0; group < groups; group++) {
    const [row] = await db.rows(
      `SELECT MIN(ordered_day) AS first_day, MAX(ordered_day) AS last_day FROM orders_${group}
       WHERE customer_id IS NOT NULL AND status = 'sale' AND ordered_at <= ${newestAt}`,
    );
    if (typeof row?.first_day === 'number') first = Math.min(first, row.first_day);
    if (typeof row?.last_day === 'number') last = Math.max(last, row.last_day);
  }
  if (last < first)
    rejectRun(
      'noSales',
      'orders/ holds no sale of a known customer before now, so there is nothing to learn',
    );
  return { first, last };
}
