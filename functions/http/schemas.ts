import * as z from 'zod/mini';
import { challengeSchema } from '../../lib/models/challenge.ts';
import { purchaseReportSchema, reasonSchema } from '../../lib/models/purchaseReport.ts';
import {
  customerEntrySchema,
  customersManifestSchema,
  historyManifestSchema,
  modelManifestSchema,
  purchaseDriftSchema,
  scoreEntrySchema,
  scoresManifestSchema,
} from '../../lib/pipeline/results.ts';
import { segmentMemberSchema } from '../../lib/pipeline/valueResults.ts';
import { modelFactsSchema, modelSummarySchema } from '../../lib/store/models.ts';
import { runRecordSchema } from '../../lib/store/runs.ts';
import { segmentSummarySchema } from '../../lib/value/segments.ts';
import { ofRun, runIdSchema } from './ofRun.ts';
import { customerValueSchema, historySegmentsSchema } from './valueSchemas.ts';

/** What the API takes and gives. Types are inferred from here, and docs/openapi.json is generated from here. */

export const cursorSchema = z.optional(
  z.string().check(z.describe('Ask again with it for the next page; absent on the last one.')),
);

export const pageQuery = z.strictObject({
  limit: z._default(
    z.coerce
      .number('must be a whole number from 1 to 500')
      .check(
        z.int('must be a whole number from 1 to 500'),
        z.minimum(1),
        z.maximum(500),
        z.describe('How many entries at most.'),
      ),
    100,
  ),
  cursor: z.optional(
    z.string().check(z.maxLength(2000), z.describe('The cursor of the answer before, unchanged.')),
  ),
});

export const runsQuery = z.strictObject({
  ...pageQuery.shape,
  dataset: z.optional(
    z
      .string()
      .check(
        z.minLength(1),
        z.maxLength(500),
        z.describe(
          'Only the runs of this dataset: customers, training, ads, orders, orders/model, orders/scores, products or scoring/<file>.',
        ),
      ),
  ),
});

export const problemSchema = z.object({
  type: z.string().check(z.describe('What kind of problem, as a path; docs/api.md lists them.')),
  title: z.string(),
  status: z.int().check(z.minimum(400), z.maximum(599)),
  detail: z.string(),
  errors: z.optional(
    z.array(
      z.object({
        path: z.string().check(z.describe('Where, as `ads.0.clickRate`; empty for the whole.')),
        message: z.string(),
      }),
    ),
  ),
});

const publishedDataset = z.object({ ...ofRun, publishedAt: z.string() });
export const healthSchema = z.object({
  status: z.literal('ok'),
  codeVersion: z.string(),
  datasets: z
    .record(z.string(), publishedDataset)
    .check(
      z.describe(
        'What is published, by dataset: customers, training, ads, orders, orders/model, orders/scores, products, scoring/<file>.',
      ),
    ),
});

export const runSchema = runRecordSchema;

export const runSummarySchema = z.pick(runRecordSchema, {
  runId: true,
  dataset: true,
  status: true,
  progress: true,
  startedAt: true,
  finishedAt: true,
  asOf: true,
  modelRunId: true,
  counts: true,
  problems: true,
  rejects: true,
});

export const runListSchema = z.object({ runs: z.array(runSummarySchema), cursor: cursorSchema });

export const segmentsSchema = z.object({
  ...ofRun,
  customers: z
    .nullable(customersManifestSchema.shape.customers)
    .check(
      z.describe('Of the table below customers/, as are the next five; null and empty where there is none.'),
    ),
  currency: z.nullable(customersManifestSchema.shape.currency),
  scale: z.nullable(customersManifestSchema.shape.scale),
  method: z.nullable(customersManifestSchema.shape.method),
  edges: customersManifestSchema.shape.edges,
  segments: z.array(segmentSummarySchema),
  history: z
    .nullable(historySegmentsSchema)
    .check(
      z.describe('Tiers by expected spend, RFM groups and clusters of the order history; null without one.'),
    ),
});

export const segmentCustomersQuery = z.extend(pageQuery, {
  source: z.optional(
    z
      .enum(['customers', 'orders'])
      .check(
        z.describe(
          'Whose tier: of the summary table, or of the order history. Without it the table’s, where there is one.',
        ),
      ),
  ),
});

export const segmentCustomersSchema = z.object({
  ...ofRun,
  segment: z.string(),
  source: z.enum(['customers', 'orders']).check(z.describe('Which upload they are from.')),
  customers: z.union([z.array(customerEntrySchema), z.array(segmentMemberSchema)]),
  cursor: cursorSchema,
});

export const purchaseScoreSchema = z.object({
  from: z
    .enum(['orders', 'scoring'])
    .check(z.describe('Whose customers were scored: those of the order history, or of a file.')),
  file: z
    .nullable(z.string())
    .check(z.describe('The file below scoring/ that holds this customer; null for the order history.')),
  ...ofRun,
  modelRunId: scoresManifestSchema.shape.modelRunId,
  modelStatus: scoresManifestSchema.shape.modelStatus,
  horizonDays: scoresManifestSchema.shape.horizonDays.check(
    z.describe('The days that the probability is of.'),
  ),
  probability: scoreEntrySchema.shape.probability,
  decile: scoreEntrySchema.shape.decile.check(
    z.describe('1 holds the tenth that is most likely to buy; equal probabilities share a decile.'),
  ),
  reasons: z
    .array(reasonSchema)
    .check(z.describe('What moves the probability of this customer most, strongest first, at most three.')),
});

export const historySchema = z.object({
  ...ofRun,
  lastDay: historyManifestSchema.shape.lastDay.check(z.describe('The last day that the features read.')),
  currency: historyManifestSchema.shape.currency.check(z.describe('Amounts are in its minor units.')),
  features: z
    .record(z.string(), z.nullable(z.union([z.number(), z.string()])))
    .check(z.describe('By name; docs/features.md has their meaning and units.')),
  orders: z
    .array(
      z.object({
        day: z.string(),
        amount: z
          .number()
          .check(z.describe('Of all orders of the day less what was returned, in units of the currency.')),
      }),
    )
    .check(z.describe('The last 60 days with an order, the oldest first.')),
});

export const customerSchema = z.object({
  customerId: z.string(),
  ...ofRun,
  segment: z
    .nullable(z.omit(customerEntrySchema, { customerId: true }))
    .check(z.describe('Null when no table below customers/ holds this customer.')),
  history: z
    .nullable(historySchema)
    .check(z.describe('Null when no order below orders/ is this customer’s.')),
  value: z
    .nullable(customerValueSchema)
    .check(z.describe('What the customer is worth; null when no order below orders/ is this customer’s.')),
  scores: z.array(purchaseScoreSchema).check(z.describe('Newest first.')),
});

export const erasureSchema = z.object({
  state: z
    .enum(['erasing', 'erased'])
    .check(
      z.describe(
        'No answer tells of the customer in either; `erased` once nothing stored holds the customer, half an hour to an hour and a half later.',
      ),
    ),
  requestedAt: z.string().check(z.describe('ISO 8601: when it was first asked for.')),
  erasedAt: z.nullable(z.string()),
  uploads: z
    .array(z.object({ dataset: z.string(), file: z.string(), rows: z.number(), runId: runIdSchema }))
    .check(
      z.describe(
        'Files in the uploads bucket that held rows of the customer when the run read them; empty as long as no run has since.',
      ),
    ),
});

export const liftedSchema = z.object({
  lifted: z.boolean().check(z.describe('Whether the customer was on the list.')),
});

const modelFromSchema = z
  .enum(['training', 'orders'])
  .check(z.describe('What the model was fitted to: the table below training/, or the order history.'));

export const modelQuery = z.strictObject({
  from: z.optional(
    modelFromSchema.check(z.describe('Of which model; by default that of training/, else that of orders/.')),
  ),
});

export const purchaseModelSchema = z.object({
  ...ofRun,
  from: modelFromSchema,
  publishedAt: z.string(),
  canGoBackTo: z
    .array(runIdSchema)
    .check(z.describe('Earlier models that POST /models/purchase/rollback can bring back, newest first.')),
  ...z.omit(modelManifestSchema, { kind: true }).shape,
  report: purchaseReportSchema.check(
    z.describe('All that was compared, on rows that no fit has seen; docs/models.md says how to read it.'),
  ),
  challenger: z
    .nullable(
      z.object({
        runId: runIdSchema,
        asOf: z.string(),
        trainedAt: z.string(),
        ...modelSummarySchema.shape,
        challenge: challengeSchema,
      }),
    )
    .check(
      z.describe(
        'The newest model, where this one did better on rows that neither had seen, or where there was too little to tell, and therefore stays.',
      ),
    ),
  drift: z
    .nullable(purchaseDriftSchema)
    .check(
      z.describe(
        'Of an order history: what was last said of customers whose days are over by now, by decile, and what they did.',
      ),
    ),
});

export const modelsQuery = z.strictObject({ ...pageQuery.shape, from: z.optional(modelFromSchema) });

export const modelListSchema = z.object({
  models: z.array(
    z.object({
      ...z.omit(modelFactsSchema, { dataset: true, manifest: true, summary: true }).shape,
      from: modelFromSchema,
      state: z
        .enum(['inUse', 'kept', 'passedOver', 'challenger', 'gone'])
        .check(
          z.describe(
            'kept can be gone back to; passedOver was rolled back over; challenger was not better than the model in use, and never published; gone was superseded, or withdrawn with its data.',
          ),
        ),
      ...modelSummarySchema.shape,
    }),
  ),
  cursor: cursorSchema,
});

export const rollbackRequestSchema = z.strictObject({
  over: runIdSchema.check(
    z.describe('The model in use that is to give way, as GET /models/purchase names it.'),
  ),
  to: z.optional(
    runIdSchema.check(z.describe('One of its canGoBackTo; the newest of them when this is left out.')),
  ),
});

export const rollbackSchema = z.object({
  ...ofRun,
  from: modelFromSchema,
  publishedAt: z.string(),
  passedOver: z
    .array(runIdSchema)
    .check(z.describe('Not published again while uploads, settings and code stay as they are.')),
});

export const openApiSchema = z.looseObject({ openapi: z.string() });
