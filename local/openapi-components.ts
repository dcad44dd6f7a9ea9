import * as z from 'zod/mini';
import * as bids from '../functions/http/bidSchemas.ts';
import * as campaigns from '../functions/http/campaignSchemas.ts';
import * as files from '../functions/http/fileSchemas.ts';
import * as products from '../functions/http/productSchemas.ts';
import * as shapes from '../functions/http/schemas.ts';
import * as values from '../functions/http/valueSchemas.ts';
import * as words from '../functions/http/wordsSchemas.ts';
import { bidPortfolioSchema, bidRowSchema, curvePointSchema } from '../lib/bids/answer.ts';
import { qualityReportSchema } from '../lib/features/qualityReport.ts';
import { purchaseMetricsSchema } from '../lib/models/metrics.ts';
import { purchaseReportSchema, reasonSchema } from '../lib/models/purchaseReport.ts';
import {
  callEntrySchema,
  measuredCampaignSchema,
  plannedCampaignSchema,
} from '../lib/pipeline/campaigns/campaignResults.ts';
import { forecastReportSchema, stockEntrySchema } from '../lib/pipeline/products/productResults.ts';
import { bidEntrySchema, customerEntrySchema, linearBidEntrySchema } from '../lib/pipeline/results.ts';
import { historySegmentSchema, segmentMemberSchema } from '../lib/pipeline/valueResults.ts';
import { segmentSummarySchema } from '../lib/value/segments.ts';

type Json = Record<string, unknown>;

/** The schemas that have a name in the document. */
const named: Record<string, z.ZodMiniType> = {
  Problem: shapes.problemSchema,
  Health: shapes.healthSchema,
  RunList: shapes.runListSchema,
  Run: shapes.runSchema,
  RunSummary: shapes.runSummarySchema,
  QualityReport: qualityReportSchema,
  Customer: shapes.customerSchema,
  PurchaseScore: shapes.purchaseScoreSchema,
  CustomerValue: values.customerValueSchema,
  Segments: shapes.segmentsSchema,
  HistorySegments: values.historySegmentsSchema,
  HistorySegment: historySegmentSchema,
  SegmentSummary: segmentSummarySchema,
  SegmentCustomers: shapes.segmentCustomersSchema,
  SegmentCustomer: customerEntrySchema,
  SegmentMember: segmentMemberSchema,
  Migration: values.migrationSchema,
  Cohorts: values.cohortsSchema,
  ValueModel: values.valueModelSchema,
  Recommendations: products.recommendationsSchema,
  Stock: products.stockSchema,
  StockProduct: stockEntrySchema,
  StockForecast: forecastReportSchema,
  PurchaseModel: shapes.purchaseModelSchema,
  PurchaseMetrics: purchaseMetricsSchema,
  ModelList: shapes.modelListSchema,
  RollbackRequest: shapes.rollbackRequestSchema,
  Rollback: shapes.rollbackSchema,
  Erasure: shapes.erasureSchema,
  LiftedErasure: shapes.liftedSchema,
  UploadRequest: files.uploadRequestSchema,
  Upload: files.uploadSchema,
  FileList: files.fileListSchema,
  File: files.fileSchema,
  PurchaseReport: purchaseReportSchema,
  Reason: reasonSchema,
  BidList: bids.bidListSchema,
  ListedBid: bidEntrySchema,
  LinearBid: linearBidEntrySchema,
  BidRequest: bids.bidRequestSchema,
  AdWithRates: bids.adWithRatesSchema,
  AdWithCounts: bids.adWithCountsSchema,
  BidAnswers: bids.bidAnswersSchema,
  Bid: bidRowSchema,
  BidPortfolio: bidPortfolioSchema,
  BidCurvePoint: curvePointSchema,
  BidSimulationRequest: bids.simulationRequestSchema,
  BidSimulation: bids.simulationSchema,
  RunInWords: words.summarySchema,
  SegmentInWords: words.explanationSchema,
  CopyRequest: words.copyRequestSchema,
  Copy: words.copySchema,
  Campaigns: campaigns.campaignsSchema,
  Campaign: campaigns.campaignSchema,
  PlannedCampaign: plannedCampaignSchema,
  MeasuredCampaign: measuredCampaignSchema,
  Actions: campaigns.actionsSchema,
  Call: callEntrySchema,
  CustomerAction: campaigns.customerActionSchema,
  OpenApi: shapes.openApiSchema,
};

export const openApiComponents = { schemas: jsonSchemas(), refTo };

function jsonSchemas(): Record<string, Json> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $id: _, $schema: __, ...schema }]) => [id, schema]),
  );
}

function refTo(schema: z.ZodMiniType): Json {
  const entry = Object.entries(named).find(([, candidate]) => candidate === schema);
  if (!entry) throw new Error('openApiComponents lacks a name for a schema that a route uses');
  return { $ref: `#/components/schemas/${entry[0]}` };
}
