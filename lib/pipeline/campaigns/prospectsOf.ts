import type { Prospects } from '../../marketing/campaigns/prospects.ts';
import { type CampaignSettings, channelNames } from '../../marketing/campaigns/settings.ts';
import { mayApproach } from '../../marketing/consent.ts';
import type { Buyers } from './readBuyers.ts';
import type { CampaignUploads, UploadedCampaign } from './readUploads.ts';

const daySeconds = 86_400;

/** Of each buyer: how many campaigns contacted them in the last days before the history's end, or after it. */
export function recentContacts(
  campaigns: readonly UploadedCampaign[],
  { lastDay, contactDays }: { lastDay: number; contactDays: number },
): Map<string, number> {
  const contacts = new Map<string, number>();
  for (const { outcomes, uploadedAt } of campaigns) {
    const uploadDay = Math.floor(Date.parse(uploadedAt) / 1000 / daySeconds);
    for (const { customerId, treated, day } of outcomes)
      if (treated && (day ?? uploadDay) > lastDay - contactDays)
        contacts.set(customerId, (contacts.get(customerId) ?? 0) + 1);
  }
  return contacts;
}

/** Buyers of whom it is known how probably and for how much they order, and by what each may be reached. */
export function prospectsOf(
  buyers: Buyers,
  { contacts }: Pick<CampaignUploads, 'contacts'>,
  {
    settings,
    contacted,
    called,
  }: {
    settings: CampaignSettings;
    contacted: ReadonlyMap<string, number>;
    /** Places of those who are to be called, whom a campaign must not reach as well. */
    called: ReadonlySet<number>;
  },
): Prospects {
  const { customerIds, probability, orderValue } = buyers;
  const isOpen = Uint8Array.from(customerIds, (customerId, at) => {
    const isKnown = !Number.isNaN(probability[at] as number) && !Number.isNaN(orderValue[at] as number);
    const isBelowCap = (contacted.get(customerId) ?? 0) < settings.maxContacts;
    return Number(isKnown && isBelowCap && !called.has(at));
  });
  const reachable = Object.fromEntries(
    channelNames.map((channel) => [
      channel,
      Uint8Array.from(customerIds, (customerId, at) =>
        Number(isOpen[at] === 1 && mayApproach(contacts.get(customerId), channel)),
      ),
    ]),
  ) as unknown as Prospects['reachable'];
  return { customerIds, tiers: buyers.tiers, groups: buyers.groups, probability, orderValue, reachable };
}
