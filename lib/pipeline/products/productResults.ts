import * as z from 'zod/mini';
import { recommenderNames } from '../../marketing/recommend/recommender.ts';
import { forecasterNames } from '../../marketing/stock/forecasters.ts';
import { stockStatuses } from '../../marketing/stock/reorder.ts';
import { inTwoLanguagesSchema } from '../../models/purchaseReport.ts';
import { lookupExtentSchema } from '../../store/lookupExtent.ts';

/** What a run over the sales of an order history publishes: recommendations and stock. */

/** The list of what is expected to be sold and when to order it; what has to be ordered first comes first. */
export const stockList = 'stock';

export const recommendationBasisSchema = z.enum(['model', 'segment', 'popular']);

export const recommendationEntrySchema = z.object({
  basis: recommendationBasisSchema,
  /** Product, and the purchase that speaks most for it; the best first. */
  items: z.array(z.tuple([z.string(), z.nullable(z.string())])),
});
export type RecommendationEntry = z.infer<typeof recommendationEntrySchema>;

/** What products/ and orders/ say of a product. */
export const productFactsSchema = z.object({
  name: z.nullable(z.string()),
  category: z.nullable(z.string()),
  price: z.nullable(z.number()),
  stock: z.nullable(z.number()),
});
export type ProductFacts = z.infer<typeof productFactsSchema>;

const unitQuantilesSchema = z.object({
  expected: z.number(),
  /** Units that are not passed with 50, 90 and 95 %. */
  p50: z.number(),
  p90: z.number(),
  p95: z.number(),
});

export const stockEntrySchema = z.object({
  product: z.string(),
  name: z.nullable(z.string()),
  category: z.nullable(z.string()),
  status: z.enum(stockStatuses),
  stock: z.nullable(z.number()),
  leadTimeDays: z.number(),
  /** Days that the stock is expected to last; null where it is not known, or nothing is expected to be sold. */
  coverDays: z.nullable(z.number()),
  /** ISO 8601; null where nothing needs to be ordered within a year. */
  reorderDay: z.nullable(z.string()),
  reorderUnits: z.number(),
  /** What these units cost, in units of the currency; null where products/ does not say what one costs. */
  reorderCost: z.nullable(z.number()),
  next7d: unitQuantilesSchema,
  next30d: unitQuantilesSchema,
  next90d: unitQuantilesSchema,
});
export type StockEntry = z.infer<typeof stockEntrySchema>;

export const recommendersReportSchema = z.object({
  /** By whom the published lists were made. */
  method: z.enum(recommenderNames),
  sentence: inTwoLanguagesSchema,
  /** Null where too few customers bought in the days held out. */
  comparison: z.nullable(
    z.object({
      heldOutDays: z.number(),
      customers: z.number(),
      products: z.number(),
      winner: z.enum(recommenderNames),
      baseline: z.enum(recommenderNames),
      rows: z.array(
        z.object({
          name: z.enum(recommenderNames),
          recallAt10: z.number(),
          ndcgAt10: z.number(),
          hitAt10: z.number(),
          coverage: z.number(),
        }),
      ),
    }),
  ),
});
export type RecommendersReport = z.infer<typeof recommendersReportSchema>;

export const forecastReportSchema = z.object({
  horizonDays: z.number(),
  method: z.enum(forecasterNames),
  sentence: inTwoLanguagesSchema,
  /** Null where the history does not hold three stretches of so many days. */
  backTest: z.nullable(
    z.object({
      /** How many past days were forecast from, and products on sale, summed over them. */
      cutoffs: z.number(),
      products: z.number(),
      rows: z.array(
        z.object({
          name: z.enum(forecasterNames),
          wape: z.number(),
          bias: z.number(),
          pinballP90: z.nullable(z.number()),
          coverageP90: z.nullable(z.number()),
        }),
      ),
    }),
  ),
});
export type ForecastReport = z.infer<typeof forecastReportSchema>;

export const productsManifestSchema = z.object({
  kind: z.literal('products'),
  ordersRunId: z.string(),
  /** The last day of the order history: tomorrow is the first day that is forecast. */
  lastDay: z.string(),
  currency: z.string(),
  customers: z.number(),
  products: z.number(),
  /** One lookup of recommendations per group of customers, as the order history has them. */
  lookups: z.array(lookupExtentSchema),
  facts: lookupExtentSchema,
  /** For whoever has bought nothing. */
  popular: recommendationEntrySchema,
  /** By RFM group, what its customers buy most now; absent where too few are known. */
  bySegment: z._default(z.record(z.string(), z.array(z.string())), {}),
  recommendations: recommendersReportSchema,
  stock: z.array(forecastReportSchema),
  /** Whether products/ says what is in stock. */
  knowsStock: z.boolean(),
});
export type ProductsManifest = z.infer<typeof productsManifestSchema>;
