import { createHash } from 'node:crypto';
import { groupBy } from '../../math/groupBy.ts';
import { writeList } from '../../store/pages.ts';
import type { Table } from '../../store/table.ts';

/** Name of the list of all bids, in the order of the ads. */
export const allBids = 'bids';

/** Name of the list of a campaign's bids: the same in every run. */
export const bidsOfCampaign = (campaign: string): string =>
  `bids-${createHash('sha256').update(campaign).digest('hex').slice(0, 16)}`;

/** Writes the entries as one list, and those of each campaign as one of their own. */
export async function writeBidLists<Entry>(
  table: Table,
  { runId, fence, entries }: { runId: string; fence: number; entries: readonly Entry[] },
  campaignOf: (entry: Entry) => string | null,
): Promise<{ pages: number; length: number }> {
  const campaigns = groupBy(entries, (entry) => campaignOf(entry) ?? '');
  campaigns.delete('');
  for (const [campaign, values] of campaigns)
    await writeList(table, { runId, fence, name: bidsOfCampaign(campaign), values });
  return writeList(table, { runId, fence, name: allBids, values: entries });
}
