import type { DuckDb } from '../../features/duckdb.ts';
import { rejectRun } from '../rejection.ts';
import type { Settings } from '../settings.ts';

/** The last day that features read, in days since 1970-01-01: the declared one, or that of the last sale before `newestAt`. */
export async function lastDayOf(
  db: DuckDb,
  { settings, groups, newestAt }: { settings: Settings; groups: number; newestAt: number },
): Promise<number> {
  const declared = settings.orders.lastDay;
  return declared === null ? lastSaleDay(db, { groups, newestAt }) : Date.parse(declared) / dayMs;
}

export const isoDay = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

const dayMs = 86_400_000;

async function lastSaleDay(
  db: DuckDb,
  { groups, newestAt }: { groups: number; newestAt: number },
): Promise<number> {
  let last: number | null = null;
  for (let group = 0; group < groups; group++) {
    const [row] = await db.rows(
      `SELECT MAX(ordered_day) AS last_day FROM orders_${group}
       WHERE customer_id IS NOT NULL AND status = 'sale' AND ordered_at <= ${newestAt}`,
    );
    const day = row?.last_day;
    if (typeof day === 'number') last = Math.max(last ?? day, day);
  }
  return (
    last ??
    rejectRun('noSales', 'orders/ holds no sale of a known customer before now, so there is nothing to learn')
  );
}
