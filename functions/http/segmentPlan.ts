import {
  campaignsManifestSchema,
  type PlannedCampaign,
  plannedCampaignSchema,
} from '../../lib/pipeline/campaigns/campaignResults.ts';
import { plannedList } from '../../lib/pipeline/campaigns/lists.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { readPublished } from './published.ts';
import { readWhole } from './publishedHistory.ts';

/** Of the campaigns planned to customers of a segment, the one that is to bring most, amounts in minor units; null where none is. */
export async function readSegmentPlan(wiring: ApiWiring, segment: string): Promise<PlannedCampaign | null> {
  const published = await readPublished(wiring, 'campaigns', campaignsManifestSchema);
  if (published === null || published.manifest.orders === null) return null;
  const stored = await readWhole(wiring, { runId: published.runId, name: plannedList });
  // the greatest expected profit comes first
  const plans = stored.map((entry) => plannedCampaignSchema.parse(entry));
  return plans.find((plan) => plan.segment === segment || plan.tier === segment) ?? null;
}
