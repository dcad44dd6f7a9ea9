import * as z from 'zod/mini';
import { inTwoLanguagesSchema } from '../../lib/models/purchaseReport.ts';
import { historyManifestSchema } from '../../lib/pipeline/results.ts';
import {
  cohortSchema,
  migrationReportSchema,
  segmentsReportSchema,
  valueEntrySchema,
  valueManifestSchema,
  valueModelReportSchema,
} from '../../lib/pipeline/valueResults.ts';
import { ofRun } from './ofRun.ts';

/** What the API says of the value of an order history's customers. Amounts are in units of the currency. */

const ofHistory = {
  ...ofRun,
  lastDay: historyManifestSchema.shape.lastDay.check(z.describe('The last day of the history that is read.')),
  currency: historyManifestSchema.shape.currency.check(
    z.describe('Of all amounts here, which are in its units.'),
  ),
};

export const customerValueSchema = z.object({
  ...ofHistory,
  model: z
    .nullable(z.string())
    .check(z.describe('The model that figures are of; null where none could be fitted. GET /models/value.')),
  ...z.omit(valueEntrySchema, { customerId: true }).shape,
  reasons: z
    .array(z.object({ code: z.string(), text: inTwoLanguagesSchema }))
    .check(z.describe('Why the customer is in this tier, in words.')),
});

export const historySegmentsSchema = z.object({
  ...ofHistory,
  ...segmentsReportSchema.shape,
});

export const migrationSchema = z.object({
  ...ofHistory,
  migration: z
    .nullable(migrationReportSchema)
    .check(z.describe('Null where no run came before that customers could be compared with.')),
});

export const cohortsSchema = z.object({
  ...ofHistory,
  lastMonth: valueManifestSchema.shape.cohorts.shape.lastMonth,
  lastMonthIsOver: valueManifestSchema.shape.cohorts.shape.lastMonthIsOver.check(
    z.describe('Of a month that is not over, figures are low.'),
  ),
  cohorts: z.array(cohortSchema),
});

export const valueModelSchema = z.object({
  ...ofHistory,
  basis: segmentsReportSchema.shape.basis.check(
    z.describe('What customers are ranked by: expectedSpend, or historicSpend without a model.'),
  ),
  ...valueModelReportSchema.shape,
});
