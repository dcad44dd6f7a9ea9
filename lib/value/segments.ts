import * as z from 'zod/mini';
import { compensatedSum } from '../math/sum.ts';
import type { CustomerRow } from '../tables/types.ts';
import { type Tier, tierLabels, tierSchema, tiersBestFirst } from './tier.ts';

export const segmentSummarySchema = z.object({
  segment: tierSchema,
  /** The tier's name in the table's language. */
  label: z.string(),
  customers: z.number(),
  shareOfCustomers: z.number(),
  /** Total spend, currency major units. */
  spend: z.number(),
  /** Null where the table's spend adds up to nothing, or to less. */
  shareOfSpend: z.nullable(z.number()),
  meanScore: z.nullable(z.number()),
});
export type SegmentSummary = z.infer<typeof segmentSummarySchema>;

export interface SegmentInputs {
  rows: readonly CustomerRow[];
  /** `scores[i]` and `tiers[i]` belong to `rows[i]`. */
  scores: Float64Array;
  tiers: readonly Tier[];
  language: 'en' | 'zh';
}

/** One line per tier, best first, an empty tier included; customers and money add up to the table. */
export function summarizeSegments({ rows, scores, tiers, language }: SegmentInputs): SegmentSummary[] {
  const tableSpend = compensatedSum(rows.map((row) => row.spend));
  return tiersBestFirst.map((segment) => {
    const members = rows.filter((_, index) => tiers[index] === segment);
    const spend = compensatedSum(members.map((row) => row.spend));
    return {
      segment,
      label: tierLabels[language][segment],
      customers: members.length,
      shareOfCustomers: rows.length === 0 ? 0 : members.length / rows.length,
      spend,
      shareOfSpend: tableSpend > 0 ? spend / tableSpend : null,
      meanScore: meanOf(scores.filter((_, index) => tiers[index] === segment)),
    };
  });
}

const meanOf = (scores: Float64Array): number | null =>
  scores.length === 0 ? null : compensatedSum(scores) / scores.length;
