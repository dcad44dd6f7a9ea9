import type {
  BidList,
  Cohorts,
  Migration,
  PurchaseModel,
  Quality,
  Segments,
  ValueModel,
} from '../answers.ts';

/** What the API answers of what is published; null where there is nothing. */
export interface ReportAnswers {
  segments: Segments | null;
  migration: Migration | null;
  cohorts: Cohorts | null;
  valueModel: ValueModel | null;
  model: PurchaseModel | null;
  bids: BidList | null;
  quality: Quality | null;
}
