import type { MeasuredGroups } from './lift.ts';
import type { CampaignSettings } from './settings.ts';

/** Results of earlier campaigns, each with whom and how it contacted. */
export interface MeasuredCampaign extends MeasuredGroups {
  segment: string | null;
  tier: string | null;
  channel: string | null;
  offer: string | null;
}

export interface PlanOptions {
  settings: CampaignSettings;
  /** Share of an order's value that the shop keeps. */
  margin: number;
  /** Minor units in a unit of the currency. */
  minorUnits: number;
  seed: number;
  measured: readonly MeasuredCampaign[];
  /** By campaign, where its groups were drawn and taught whom it moves: each prospect's difference of log odds, contacted or not. */
  learned?: ReadonlyMap<string, Float64Array>;
}
