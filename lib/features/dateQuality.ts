import { isoDay } from '../tables/cells/calendar.ts';
import type { DuckDb } from './duckdb.ts';
import type { DateQuality } from './qualityReport.ts';

const listedGaps = 10;

/** Days of sales, from the table `quality_days`. */
export async function dateQuality(db: DuckDb): Promise<DateQuality> {
  const { values } = await db.columns(
    'SELECT ordered_day FROM quality_days WHERE sale_lines > 0 AND ordered_day IS NOT NULL ORDER BY ordered_day',
  );
  return datesOf((values[0] ?? []).map(Number));
}

/** Of ascending days since 1970-01-01. */
export function datesOf(days: readonly number[]): DateQuality {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined)
    return { firstDay: null, lastDay: null, daysWithOrders: 0, daysWithoutOrders: 0, gaps: [] };
  const gaps = days.slice(1).flatMap((day, index) => {
    const from = (days[index] as number) + 1;
    return day > from ? [{ from, days: day - from }] : [];
  });
  gaps.sort((a, b) => b.days - a.days || a.from - b.from);
  return {
    firstDay: isoDay(first),
    lastDay: isoDay(last),
    daysWithOrders: days.length,
    daysWithoutOrders: last - first + 1 - days.length,
    gaps: gaps
      .slice(0, listedGaps)
      .map(({ from, days: length }) => ({ from: isoDay(from), to: isoDay(from + length - 1), days: length })),
  };
}
