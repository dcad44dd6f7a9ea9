import type * as z from 'zod/mini';
import type { bidAnswersSchema, bidListSchema, simulationSchema } from '../functions/http/bidSchemas.ts';
import type {
  actionsSchema,
  campaignsSchema,
  customerActionSchema,
} from '../functions/http/campaignSchemas.ts';
import type { fileListSchema, uploadSchema } from '../functions/http/fileSchemas.ts';
import type { recommendationsSchema, stockSchema } from '../functions/http/productSchemas.ts';
import type {
  customerSchema,
  healthSchema,
  modelListSchema,
  problemSchema,
  purchaseModelSchema,
  runListSchema,
  runSchema,
  segmentCustomersSchema,
  segmentsSchema,
} from '../functions/http/schemas.ts';
import type { cohortsSchema, migrationSchema, valueModelSchema } from '../functions/http/valueSchemas.ts';
import type { copySchema, explanationSchema, summarySchema } from '../functions/http/wordsSchemas.ts';
import type { qualityReportSchema } from '../lib/features/qualityReport.ts';
import type { RecommendersReport } from '../lib/pipeline/products/productResults.ts';

/** What the API answers, by the very schemas that it answers by. */

export type Health = z.infer<typeof healthSchema>;
export type Segments = z.infer<typeof segmentsSchema>;
export type HistorySegments = NonNullable<Segments['history']>;
export type Migration = z.infer<typeof migrationSchema>;
export type Cohorts = z.infer<typeof cohortsSchema>;
export type SegmentCustomers = z.infer<typeof segmentCustomersSchema>;
export type Customer = z.infer<typeof customerSchema>;
export type PurchaseModel = z.infer<typeof purchaseModelSchema>;
export type ModelList = z.infer<typeof modelListSchema>;
export type ValueModel = z.infer<typeof valueModelSchema>;
export type BidList = z.infer<typeof bidListSchema>;
export type PortfolioBids = Extract<BidList, { portfolio: unknown }>;
export type BidAnswers = z.infer<typeof bidAnswersSchema>;
export type Simulation = z.infer<typeof simulationSchema>;
export type RunList = z.infer<typeof runListSchema>;
export type RunSummary = RunList['runs'][number];
export type RunDetail = z.infer<typeof runSchema>;
export type Quality = z.infer<typeof qualityReportSchema>;
export type ProblemAnswer = z.infer<typeof problemSchema>;
export type UploadAnswer = z.infer<typeof uploadSchema>;
export type FileList = z.infer<typeof fileListSchema>;
export type Campaigns = z.infer<typeof campaignsSchema>;
export type PlannedCampaign = Campaigns['campaigns'][number];
export type CampaignResult = Campaigns['results'][number];
export type Actions = z.infer<typeof actionsSchema>;
export type CustomerAction = z.infer<typeof customerActionSchema>;
export type Recommendations = z.infer<typeof recommendationsSchema>;
export type Stock = z.infer<typeof stockSchema>;
/** Below `metrics` of a run of products. */
export type Recommenders = RecommendersReport;
export type Summary = z.infer<typeof summarySchema>;
export type Explanation = z.infer<typeof explanationSchema>;
export type Copy = z.infer<typeof copySchema>;
