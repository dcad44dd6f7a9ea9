import * as z from 'zod/mini';
import { type RfmGroup, rfmGroupNames, rfmGroupSchema } from '../../value/rfmGroups.ts';
import { type Tier, tierSchema, tiersBestFirst } from '../../value/tier.ts';

const money = z.number().check(z.gte(0), z.lte(1e12));
const share = z.number().check(z.gt(0), z.lt(1));
/** Of the odds to order: .1 makes them 1.1 times as high, which with a small probability is 10 % more orders. */
const lift = z.number().check(z.gt(-1), z.lte(10));
const name = z
  .string()
  .check(z.regex(/^[a-z0-9][a-z0-9-]{0,29}$/, 'must be small letters, digits and hyphens'));

export const channelNames = ['email', 'sms', 'phone'] as const;
export const channelSchema = z.enum(channelNames);
export type Channel = z.infer<typeof channelSchema>;

const channelSettings = z.strictObject({
  channel: channelSchema,
  /** Of one contact, in units of the currency. */
  contactCost: money,
  assumedLift: lift,
});

const offerSettings = z.strictObject({
  offer: name,
  /** Share of an order's value that the offer takes off it. */
  discount: z.number().check(z.gte(0), z.lt(1)),
  assumedLift: lift,
});

const limitSettings = z
  .strictObject({
    segment: rfmGroupSchema,
    /** Null is every tier of the segment, each for itself. */
    tier: z._default(z.nullable(tierSchema), null),
    /** Units of the currency. */
    min: z._default(money, 0),
    max: z._default(z.nullable(money), null),
  })
  .check(z.refine(({ min, max }) => max === null || min <= max, { error: 'min must not be above max' }));

export type BudgetLimit = z.infer<typeof limitSettings>;

/** The limit of a segment's tier: one that names the tier goes before one for all tiers. Null where there is none. */
export function limitFor(
  limits: readonly BudgetLimit[],
  { segment, tier }: { segment: RfmGroup; tier: Tier },
): BudgetLimit | null {
  const own = limits.filter((limit) => limit.segment === segment && (limit.tier ?? tier) === tier);
  return own.find((limit) => limit.tier !== null) ?? own[0] ?? null;
}

/** Of all segments and tiers together, in units of the currency. */
const minimaOf = (limits: readonly BudgetLimit[]): number =>
  rfmGroupNames
    .flatMap((segment) => tiersBestFirst.map((tier) => limitFor(limits, { segment, tier })?.min ?? 0))
    .reduce((sum, min) => sum + min, 0);

const unique = (names: readonly string[]): boolean => new Set(names).size === names.length;

/** The part of settings.json that says how campaigns are planned and judged. */
export const campaignSettings = z
  .strictObject({
    /** Units of the currency for one round of campaigns; null spends on everybody from whom more is expected than they cost. */
    budget: z._default(z.nullable(money), null),
    limits: z._default(z.array(limitSettings), []),
    channels: z._default(
      z.array(channelSettings).check(
        z.minLength(1),
        z.refine((all) => unique(all.map(({ channel }) => channel)), {
          error: 'a channel must not come twice',
        }),
      ),
      [{ channel: 'email', contactCost: 0.01, assumedLift: 0.05 }],
    ),
    offers: z._default(
      z.array(offerSettings).check(
        z.minLength(1),
        z.refine((all) => unique(all.map(({ offer }) => offer)), { error: 'an offer must not come twice' }),
      ),
      [
        { offer: 'none', discount: 0, assumedLift: 0 },
        { offer: 'ten', discount: 0.1, assumedLift: 0.15 },
      ],
    ),
    /** Standard deviation of the logarithm of an assumed lift: .1 is about 10 % up or down. */
    liftUncertainty: z._default(z.number().check(z.gt(0), z.lte(2)), 0.1),
    /** How often a customer may be contacted in `contactDays` days, by all campaigns together. */
    maxContacts: z._default(z.int().check(z.gte(1), z.lte(100)), 2),
    contactDays: z._default(z.int().check(z.gte(1), z.lte(365)), 30),
    /** A campaign with fewer customers is not planned. */
    minCustomers: z._default(z.int().check(z.gte(2), z.lte(1_000_000)), 20),
    significance: z._default(share, 0.05),
    power: z._default(z.number().check(z.gte(0.5), z.lt(1)), 0.8),
    /** Shares of a campaign's customers that are left out of it, for comparison. */
    minControlShare: z._default(z.number().check(z.gt(0), z.lte(0.5)), 0.1),
    maxControlShare: z._default(z.number().check(z.gt(0), z.lte(0.5)), 0.5),
  })
  .check(
    z.refine(({ budget, limits }) => budget === null || minimaOf(limits) <= budget, {
      error: 'the minima of all segments and tiers together must not be above the budget',
      path: ['limits'],
    }),
    z.refine(({ minControlShare, maxControlShare }) => minControlShare <= maxControlShare, {
      error: 'must not be below minControlShare',
      path: ['maxControlShare'],
    }),
  );
export type CampaignSettings = z.infer<typeof campaignSettings>;

const segmentSchema = z.union([
  tierSchema,
  rfmGroupSchema,
  z.string().check(z.regex(/^cluster-[1-9]$/, 'must be a tier, an RFM group or a cluster such as cluster-1')),
]);

/** Which customers make up an audience. */
export const audienceSchema = z.strictObject({
  name,
  /** Everyone, where it is null. */
  segment: z._default(z.nullable(segmentSchema), null),
  tier: z._default(z.nullable(tierSchema), null),
  /** Bounds on the expected spend of twelve months, in units of the currency, and on the probability to be active. */
  minExpectedSpend: z._default(z.nullable(money), null),
  maxExpectedSpend: z._default(z.nullable(money), null),
  minProbabilityActive: z._default(z.nullable(z.number().check(z.gte(0), z.lte(1))), null),
  maxProbabilityActive: z._default(z.nullable(z.number().check(z.gte(0), z.lte(1))), null),
});
export type Audience = z.infer<typeof audienceSchema>;

/** The part of settings.json that says which audience files are written. */
export const audienceSettings = z._default(
  z.nullable(
    z.array(audienceSchema).check(
      z.maxLength(200),
      z.refine((all) => unique(all.map(({ name: of }) => of)), { error: 'a name must not come twice' }),
    ),
  ),
  null,
);

/** The part of settings.json that says who is to be called. */
export const callSettings = z.strictObject({
  /** Customers on the list at most. */
  limit: z._default(z.int().check(z.gte(1), z.lte(100_000)), 200),
  /** The list compares with the newest run that lies at least so many days back, or else the oldest known. */
  compareDays: z._default(z.int().check(z.gte(1), z.lte(365)), 30),
});
export type CallSettings = z.infer<typeof callSettings>;
