import { type CampaignResult, measureCampaign } from '../../marketing/campaigns/measureCampaign.ts';
import type { MeasuredCampaign } from '../../marketing/campaigns/planOptions.ts';
import type { CampaignSettings } from '../../marketing/campaigns/settings.ts';
import { groupBy } from '../../math/groupBy.ts';
import { covariateFields } from '../../tables/campaigns/fields.ts';
import type { CampaignOutcome } from '../../tables/campaigns/readCampaignResults.ts';
import type { UploadedCampaign } from './readUploads.ts';

export interface MeasuredUpload extends CampaignResult {
  name: string;
}

/** What each uploaded campaign brought. */
export const measureUploads = (
  campaigns: readonly UploadedCampaign[],
  options: { settings: CampaignSettings; minorUnits: number; seed: number },
): MeasuredUpload[] =>
  campaigns.map(({ name, outcomes }) => {
    const { settings, minorUnits, seed } = options;
    const customers = outcomes.map((outcome) => ({ ...outcome, revenue: outcome.revenue * minorUnits }));
    const result = measureCampaign(customers, {
      covariates: covariateFields,
      cost: costOf(outcomes, options),
      significance: settings.significance,
      seed,
    });
    return { name, ...result };
  });

/** What was measured of each way to approach each segment, as far as the files tell how they did; for plans to come. */
export function measuredApproaches(campaigns: readonly UploadedCampaign[]): MeasuredCampaign[] {
  return campaigns
    .flatMap(({ name, outcomes }) => {
      const parts = groupBy(outcomes, ({ segment, tier, channel, offer }) =>
        JSON.stringify([segment, tier, channel, offer]),
      );
      return [...parts.values()].map((part) => {
        const { segment, tier, channel, offer } = part[0] as CampaignOutcome;
        const [treated, control] = [true, false].map((arm) => part.filter((of) => of.treated === arm)) as [
          CampaignOutcome[],
          CampaignOutcome[],
        ];
        const buyers = (of: readonly CampaignOutcome[]): number =>
          of.filter(({ converted }) => converted).length;
        return {
          ...{ campaign: name, segment, tier, channel, offer },
          ...{ treated: treated.length, treatedBuyers: buyers(treated) },
          ...{ control: control.length, controlBuyers: buyers(control) },
        };
      });
    })
    .filter(({ treated, control }) => treated > 0 && control > 0);
}

/** As the file tells it, or by the settings' costs of channel and offer; null where neither does. Minor units. */
function costOf(
  outcomes: readonly CampaignOutcome[],
  { settings, minorUnits }: { settings: CampaignSettings; minorUnits: number },
): number | null {
  const told = outcomes.filter(({ cost }) => cost !== null);
  if (told.length > 0) return told.reduce((sum, { cost }) => sum + (cost ?? 0), 0) * minorUnits;
  let total = 0;
  for (const { treated, channel, offer, revenue } of outcomes) {
    if (!treated) continue;
    const contact = settings.channels.find((of) => of.channel === channel)?.contactCost;
    const discount = settings.offers.find((of) => of.offer === offer)?.discount;
    if (contact === undefined || discount === undefined) return null;
    // what was paid is what is left after the discount
    total += contact + (Math.max(0, revenue) * discount) / (1 - discount);
  }
  return total * minorUnits;
}
