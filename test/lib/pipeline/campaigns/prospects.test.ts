import { describe, expect, test } from 'vitest';
import { campaignSettings } from '../../../../lib/marketing/campaigns/settings.ts';
import { prospectsOf, recentContacts } from '../../../../lib/pipeline/campaigns/prospectsOf.ts';
import type { Buyers } from '../../../../lib/pipeline/campaigns/readBuyers.ts';
import type { UploadedCampaign } from '../../../../lib/pipeline/campaigns/readUploads.ts';
import type { CampaignOutcome } from '../../../../lib/tables/campaigns/readCampaignResults.ts';
import type { ContactRow } from '../../../../lib/tables/contacts/readContacts.ts';

const lastDay = Date.UTC(2026, 5, 30) / 86_400_000;

const campaign = (
  name: string,
  outcomes: Partial<CampaignOutcome>[],
  uploadedAt: string,
): UploadedCampaign => ({
  ...{ name, file: `campaigns/${name}.csv`, uploadedAt },
  outcomes: outcomes.map((outcome) => ({ treated: true, day: null, ...outcome }) as CampaignOutcome),
});

describe('the contact cap', () => {
  const contacts = recentContacts(
    [
      campaign(
        'june',
        [
          { customerId: 'twice', day: lastDay - 3 },
          { customerId: 'once', day: lastDay - 29 },
          { customerId: 'long ago', day: lastDay - 30 },
          { customerId: 'left out', treated: false, day: lastDay - 3 },
        ],
        '2026-07-01T08:00:00Z',
      ),
      campaign('no dates', [{ customerId: 'twice' }], '2026-06-20T23:00:00Z'),
      campaign('old file', [{ customerId: 'once' }], '2026-05-20T23:00:00Z'),
      campaign('after the history', [{ customerId: 'later', day: lastDay + 5 }], '2026-07-09T00:00:00Z'),
    ],
    { lastDay, contactDays: 30 },
  );

  test('counts contacts within so many days, by their date or else by the day of the file, and nobody who was left out', () => {
    expect(Object.fromEntries(contacts)).toEqual({ twice: 2, once: 1, later: 1 });
  });

  test('keeps from every channel who was contacted often enough, and who is to be called', () => {
    const customerIds = ['twice', 'once', 'never', 'called', 'unknown worth', 'no consent'];
    const columns = new Float64Array(customerIds.length).fill(0.2);
    const buyers = {
      ...{ customerIds, tiers: new Uint8Array(6), groups: new Uint8Array(6), probability: columns },
      orderValue: Float64Array.of(1, 1, 1, 1, Number.NaN, 1),
    } as unknown as Buyers;
    const agreed = { email: 'a@b.de', consentEmail: true, doNotContact: false } as ContactRow;
    const of = (maxContacts: number) =>
      Array.from(
        prospectsOf(
          buyers,
          { contacts: new Map(customerIds.slice(0, 5).map((customerId) => [customerId, agreed])) },
          { settings: campaignSettings.parse({ maxContacts }), contacted: contacts, called: new Set([3]) },
        ).reachable.email,
      );
    expect(of(2)).toEqual([0, 1, 1, 0, 0, 0]);
    expect(of(1)).toEqual([0, 0, 1, 0, 0, 0]);
    expect(of(3)).toEqual([1, 1, 1, 0, 0, 0]);
  });
});
