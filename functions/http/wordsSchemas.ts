import * as z from 'zod/mini';
import { channelSchema, goalSchema } from '../../lib/copywriter/campaign.ts';
import { languageSchema, writerNameSchema } from '../../lib/copywriter/settings.ts';
import { ofRun } from './ofRun.ts';

/** What the routes take and give that answer in words. */

const language = z.optional(
  languageSchema.check(z.describe('That of the settings (words.language) by default.')),
);

export const summaryQuery = z.strictObject({ language });

export const explanationQuery = z.strictObject({
  language,
  source: z.optional(
    z.enum(['customers', 'orders']).check(z.describe('Whose tier, as in GET /segments/{segment}/customers.')),
  ),
});

const name = z.string().check(z.minLength(1), z.maxLength(200));

const offerSchema = z
  .strictObject({
    percentOff: z.optional(z.number().check(z.gt(0), z.lte(100))),
    amountOff: z.optional(
      z.number().check(z.gt(0), z.lte(1e9), z.describe('In units of the currency of the settings.')),
    ),
    freeDelivery: z.optional(z.literal(true)),
    lastDay: z.optional(
      z.iso.date('must be a day as 2026-12-24').check(z.describe('The last day on which it holds.')),
    ),
  })
  .check(
    z.refine(
      ({ percentOff, amountOff, freeDelivery }) =>
        [percentOff, amountOff, freeDelivery].filter((kind) => kind !== undefined).length === 1,
      'must have exactly one of percentOff, amountOff and freeDelivery',
    ),
  );

export const copyRequestSchema = z
  .strictObject({
    channel: z._default(channelSchema, 'email'),
    language,
    goal: z.optional(goalSchema.check(z.describe('That which suits the segment by default.'))),
    offer: z.optional(offerSchema.check(z.describe('Every variant states it as it is.'))),
    offerOfPlan: z.optional(
      z
        .literal(true)
        .check(z.describe('Takes the offer of the planned campaign to the segment that is to bring most.')),
    ),
    shopName: z.optional(name),
    products: z.optional(
      z.array(name).check(z.maxLength(5), z.describe('Names of products to be mentioned.')),
    ),
    recommendedProducts: z.optional(
      z
        .int()
        .check(
          z.minimum(1),
          z.maximum(5),
          z.describe('Mentions as many products of those that are recommended to the segment.'),
        ),
    ),
  })
  .check(
    z.refine(({ offer, offerOfPlan }) => offer === undefined || offerOfPlan === undefined, {
      error: 'must not be given beside offerOfPlan',
      path: ['offer'],
    }),
    z.refine(
      ({ products, recommendedProducts }) => products === undefined || recommendedProducts === undefined,
      { error: 'must not be given beside recommendedProducts', path: ['products'] },
    ),
  );
export type CopyRequest = z.infer<typeof copyRequestSchema>;

const writtenBy = {
  language: languageSchema,
  writer: writerNameSchema.check(z.describe('Who wrote this.')),
  model: z.nullable(z.string()),
  cached: z.boolean().check(z.describe('Whether it was written before, for the same facts.')),
  reason: z
    .nullable(z.object({ code: z.string(), message: z.string() }))
    .check(
      z.describe('Why the template wrote although the settings name another writer; null where they do not.'),
    ),
  facts: z
    .array(z.object({ meaning: z.string(), text: z.string() }))
    .check(z.describe('Every figure and name that the writer could use, as computed or given.')),
};

export const summarySchema = z.object({
  ...ofRun,
  dataset: z.string(),
  ...writtenBy,
  headline: z.string(),
  text: z.string(),
});

export const explanationSchema = z.object({
  ...ofRun,
  segment: z.string(),
  source: z.enum(['customers', 'orders']),
  ...writtenBy,
  text: z.string(),
});

export const copySchema = z.object({
  ...ofRun,
  segment: z.string(),
  source: z.enum(['customers', 'orders']),
  customers: z.number().check(z.describe('How many the segment holds.')),
  channel: channelSchema,
  goal: goalSchema,
  ...writtenBy,
  withheldNames: z
    .number()
    .check(
      z.describe('Names of the request that read like anything but a name; they are neither told nor used.'),
    ),
  variants: z
    .array(
      z.object({
        subject: z.nullable(z.string()),
        body: z.string(),
        callToAction: z.string(),
      }),
    )
    .check(z.describe('Two, to be tried against each other.')),
});
