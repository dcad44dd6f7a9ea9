import * as z from 'zod/mini';
import { driftSettings } from '../../features/driftSettings.ts';
import { rfmMapSchema } from '../../value/rfmGroups.ts';
import { valueTierSettings } from '../../value/settings.ts';

/** The part of settings.json that says how orders are read. */
export const orderSettings = z.strictObject({
  /** Units of the shop's currency for one of another: without a rate, an amount in that currency refuses its file. */
  rates: z._default(z.record(z.string().check(z.regex(/^[A-Z]{3}$/)), z.number().check(z.gt(0))), {}),
  /** The last day that features read; null takes the last day with a sale. */
  lastDay: z._default(z.nullable(z.iso.date()), null),
  /** Products that are no goods (postage, fees), in place of the usual list; null keeps that. */
  nonProducts: z._default(z.nullable(z.array(z.string())), null),
  /** Share of an order's value that the shop keeps. */
  margin: z._default(z.number().check(z.gt(0), z.lte(1)), 1),
  /** Money a year from now is worth 1 / (1 + this) of money today. */
  annualDiscountRate: z._default(z.number().check(z.gte(0), z.lte(10)), 0.1),
  /** Days at the end of the history that models are judged by; null takes a third of it, half a year at most. */
  holdoutDays: z._default(z.nullable(z.int().check(z.gte(28), z.lte(730))), null),
  tiers: z.prefault(valueTierSettings, {}),
  /** Which RFM cells make up each group, in place of the usual map; null keeps that. */
  rfmGroups: z._default(z.nullable(rfmMapSchema), null),
  drift: z._default(driftSettings, driftSettings.parse({})),
});
