import * as z from 'zod/mini';
import { shift } from './drift.ts';

/** How far a table of labels or of ads may move from the one before it, and still be learnt from at once. */
export const tableShiftSettings = z.strictObject({
  /**
   * Change of the number of rows, as a share of the larger number. A folder that doubles passes; one that loses two thirds, or has an export
   * in it three times, does not.
   */
  maxRowShift: z._default(z.number().check(z.gt(0), z.lte(1)), 0.6),
  /** Likewise of a rate, such as the share of buyers, where it is beyond what chance makes of so many rows. */
  maxRateShift: z._default(z.number().check(z.gt(0), z.lte(1)), 0.5),
  /** The held run whose change is right. It names one run, so that it cannot let through what comes later. */
  acceptShift: z._default(z.nullable(z.string()), null),
});
export type TableShiftSettings = z.infer<typeof tableShiftSettings>;

const rateSchema = z.object({ count: z.number(), of: z.number() });

/** What is compared of a table: its rows, and its rates by name. */
export const tableFactsSchema = z.object({
  rows: z.number(),
  rates: z.record(z.string(), rateSchema),
});
export type TableFacts = z.infer<typeof tableFactsSchema>;

export interface ExceededShift {
  /** `rows`, or the name of a rate. */
  measure: string;
  before: number;
  now: number;
  limit: number;
}

/** What moved beyond its limit. Nothing does where either table is too small to say. */
export function exceededShifts(
  before: TableFacts,
  now: TableFacts,
  { maxRowShift, maxRateShift }: TableShiftSettings,
): ExceededShift[] {
  if (Math.min(before.rows, now.rows) === 0 || Math.max(before.rows, now.rows) < comparableRows) return [];
  const rows = { measure: 'rows', before: before.rows, now: now.rows, limit: maxRowShift };
  const rates = Object.entries(now.rates).flatMap(([measure, rate]) => {
    const earlier = before.rates[measure];
    if (earlier === undefined || !isBeyondChance(earlier, rate)) return [];
    return [{ measure, before: shareOf(earlier), now: shareOf(rate), limit: maxRateShift }];
  });
  return [rows, ...rates].filter((one) => Math.abs(shift(one.before, one.now)) > one.limit);
}

/** Below, every new file moves everything, which tells nothing. */
const comparableRows = 1000;

type Rate = z.infer<typeof rateSchema>;

const shareOf = ({ count, of }: Rate): number => (of === 0 ? 0 : count / of);

/** Standard errors of a difference of two shares under one share for both; by chance it is beyond four of them once in 16,000 times. */
const standardErrors = 4;

function isBeyondChance(one: Rate, other: Rate): boolean {
  if (one.of === 0 || other.of === 0) return false;
  const pooled = Math.min(1, (one.count + other.count) / (one.of + other.of));
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / one.of + 1 / other.of));
  return Math.abs(shareOf(one) - shareOf(other)) > standardErrors * deviation;
}
