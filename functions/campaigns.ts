import type { AnnounceMoves } from '../lib/pipeline/campaigns/announceMoves.ts';
import { campaignsDataset } from '../lib/pipeline/campaigns/campaignsDataset.ts';
import { lookAgain } from '../lib/pipeline/lookAgain.ts';
import { sendEvents } from '../lib/store/events.ts';
import { lookForEach } from './eachTenant.ts';
import { lookOptions } from './redrive.ts';
import { eventsWiring, type InvocationContext } from './wiring/dataWiring.ts';

/** Something changed below `contacts/` or `campaigns/`, in the published order history or in the settings, or an hour has passed: look again. */
export const handler = (event?: unknown, context?: InvocationContext) =>
  lookForEach(event, context, (platform) =>
    lookAgain(platform, campaignsDataset(announceTo(platform.table.tenant)), lookOptions(event)),
  );

/** Where there are several shops, each event says of which it is. */
const announceTo =
  (tenant: string | undefined): AnnounceMoves =>
  (moves) => {
    const details = tenant === undefined ? moves : Array.from(moves, (move) => ({ tenant, ...move }));
    return sendEvents(eventsWiring(), {
      source: 'valuecast',
      detailType: 'Customer Segment Changed',
      details,
    });
  };
