import * as z from 'zod/mini';
import {
  callEntrySchema,
  campaignsManifestSchema,
  measuredCampaignSchema,
  nextActionSchema,
  notPlannedSchema,
  plannedCampaignSchema,
} from '../../lib/pipeline/campaigns/campaignResults.ts';
import { ofRun } from './ofRun.ts';
import { cursorSchema, pageQuery } from './schemas.ts';

/** What the API says of campaigns, calls and the next thing to do about a customer. Amounts are in units of the currency. */

const ofCampaigns = {
  ...ofRun,
  lastDay: z
    .nullable(z.string())
    .check(z.describe('The last day of the order history; null as long as none is published.')),
  currency: campaignsManifestSchema.shape.currency.check(
    z.describe('Of all amounts here, which are in its units.'),
  ),
};

export const campaignsSchema = z.object({
  ...ofCampaigns,
  probability: campaignsManifestSchema.shape.probability.check(
    z.describe('The model that says who orders without a campaign, and within how many days.'),
  ),
  budget: campaignsManifestSchema.shape.budget.check(z.describe('Null without one in the settings.')),
  unspent: campaignsManifestSchema.shape.unspent.check(
    z.describe('Budgets of all campaigns and this make up the budget exactly.'),
  ),
  next: campaignsManifestSchema.shape.next.check(
    z.describe(
      'Which campaign the next unit of money would go to, and what it would bring; null where nothing more pays for itself.',
    ),
  ),
  campaigns: z.array(plannedCampaignSchema).check(z.describe('The greatest expected profit first.')),
  notPlanned: z.array(notPlannedSchema),
  results: z
    .array(measuredCampaignSchema)
    .check(z.describe('Of the files below campaigns/, in their order.')),
  audiences: campaignsManifestSchema.shape.audiences,
});

export const campaignSchema = z.object({
  ...ofCampaigns,
  plan: z
    .nullable(plannedCampaignSchema)
    .check(z.describe('Null where no campaign of this name is planned now.')),
  result: z
    .nullable(measuredCampaignSchema)
    .check(z.describe('Null where no file of this name is uploaded.')),
});

export const actionsQuery = z.strictObject({
  ...pageQuery.shape,
  kind: z._default(z.enum(['call']).check(z.describe('Which list: customers to call.')), 'call'),
});

export const actionsSchema = z.object({
  ...ofCampaigns,
  kind: z.literal('call'),
  comparedWith: campaignsManifestSchema.shape.calls.shape.comparedWith.check(
    z.describe('The earlier run that customers are compared with; null where none is known.'),
  ),
  calls: z.array(callEntrySchema).check(z.describe('The most value at stake first.')),
  cursor: cursorSchema,
});

export const customerActionSchema = z.object({
  customerId: z.string(),
  ...ofCampaigns,
  ...nextActionSchema.shape,
});
