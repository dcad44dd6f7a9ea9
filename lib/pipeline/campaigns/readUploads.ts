import { type CampaignOutcome, readCampaignResults } from '../../tables/campaigns/readCampaignResults.ts';
import { type ContactRow, readContacts } from '../../tables/contacts/readContacts.ts';
import { withoutErased } from '../erased.ts';
import type { RunInput } from '../plan.ts';
import { settled, settleEachInput, sourceOf } from '../readInputs.ts';
import type { Run } from '../run.ts';
import { groupNamed, tierNamed } from './segmentNames.ts';

export const contactsPrefix = 'contacts/';
export const campaignsPrefix = 'campaigns/';

/** What a shop has uploaded of its customers' addresses, and of campaigns that have run. */
export interface CampaignUploads {
  contacts: Map<string, ContactRow>;
  campaigns: UploadedCampaign[];
}

export interface UploadedCampaign {
  /** The file's name without `.csv`. */
  name: string;
  file: string;
  /** When it was uploaded, for contacts without a date. */
  uploadedAt: string;
  /** One for each customer: the last of a file. */
  outcomes: CampaignOutcome[];
}

/** Files of a folder in the order of their names; of a customer the last row counts. */
export async function readUploads(run: Run): Promise<CampaignUploads> {
  const contacts = new Map<string, ContactRow>();
  const campaigns: UploadedCampaign[] = [];
  const { timeZone } = run.settings;
  let [contactRows, repeated] = [0, 0];
  await settleEachInput(ofUploads(run), async (input) => {
    if (input.key.startsWith(contactsPrefix)) {
      const reading = await readContacts(sourceOf(run, input));
      const rows = withoutErased(run, { file: input.key, rows: reading.rows, idOf });
      for (const row of rows) contacts.set(row.customerId, row);
      contactRows += rows.length;
      return settled(run, reading);
    }
    const reading = await readCampaignResults(sourceOf(run, input), { timeZone });
    const rows = withoutErased(run, { file: input.key, rows: reading.rows, idOf });
    const campaign = campaignOf(input, rows);
    repeated += rows.length - campaign.outcomes.length;
    campaigns.push(campaign);
    return settled(run, reading);
  });
  noteOnRepeats(run, { contacts: contactRows - contacts.size, outcomes: repeated });
  return { contacts, campaigns };
}

/** Objects of other runs are inputs too; they are not read as tables. */
const ofUploads = (run: Run): Run => {
  const inputs = run.plan.inputs.filter(({ key }) =>
    [contactsPrefix, campaignsPrefix].some((prefix) => key.startsWith(prefix)),
  );
  return { ...run, plan: { ...run.plan, inputs } };
};

const idOf = ({ customerId }: { customerId: string }): string => customerId;

function campaignOf({ key, lastModified }: RunInput, rows: CampaignOutcome[]): UploadedCampaign {
  const name = key.slice(campaignsPrefix.length).replace(/\.csv(\.gz)?$/i, '');
  const outcomes = new Map(
    rows.map((row) => [
      row.customerId,
      { ...row, segment: groupNamed(row.segment), tier: tierNamed(row.tier) },
    ]),
  );
  return { name, file: key, uploadedAt: lastModified, outcomes: [...outcomes.values()] };
}

function noteOnRepeats(run: Run, repeats: { contacts: number; outcomes: number }): void {
  const notes = [
    { count: repeats.contacts, of: 'contacts' },
    { count: repeats.outcomes, of: 'campaign results' },
  ]
    .filter(({ count }) => count > 0)
    .map(({ count, of }) => ({
      code: 'repeatedCustomer',
      message: `${count} rows of ${of} were replaced by a later row of the same customer (files in the order of their names)`,
      count,
    }));
  run.amend({ notes });
}
