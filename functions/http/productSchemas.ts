import * as z from 'zod/mini';
import {
  forecastReportSchema,
  productFactsSchema,
  recommendationBasisSchema,
  recommendersReportSchema,
  stockEntrySchema,
} from '../../lib/pipeline/products/productResults.ts';
import { ofRun } from './ofRun.ts';
import { cursorSchema } from './schemas.ts';

/** What the API tells of products: recommendations and stock. */

const productSchema = z.object({ product: z.string(), ...productFactsSchema.shape });

export const recommendationsSchema = z.object({
  ...ofRun,
  customerId: z.string(),
  lastDay: z.string().check(z.describe('ISO 8601: the last day of the order history.')),
  currency: z.string(),
  basis: recommendationBasisSchema.check(
    z.describe(
      '`model`: by what the customer bought. `segment`: by what customers of the same RFM group buy. `popular`: by what all buy.',
    ),
  ),
  method: recommendersReportSchema.shape.method.check(
    z.describe('The recommender that foretold held-out days best.'),
  ),
  sentence: recommendersReportSchema.shape.sentence,
  items: z
    .array(
      z.extend(productSchema, {
        because: z
          .nullable(z.pick(productSchema, { product: true, name: true }))
          .check(
            z.describe('The purchase that speaks most for it; the product itself where it is bought again.'),
          ),
      }),
    )
    .check(z.describe('The best first.')),
});

export const stockSchema = z.object({
  ...ofRun,
  lastDay: z.string().check(z.describe('ISO 8601: forecasts begin with the day after it.')),
  currency: z.string(),
  knowsStock: z
    .boolean()
    .check(z.describe('Whether products/ says what is in stock; else there is nothing to order by.')),
  forecasts: z
    .array(forecastReportSchema)
    .check(z.describe('By which method each horizon is forecast, and how it and others did on days past.')),
  products: z
    .array(stockEntrySchema)
    .check(z.describe('What has to be ordered first comes first, then what is expected to be sold most.')),
  cursor: cursorSchema,
});
