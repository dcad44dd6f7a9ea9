import type { AnnounceMoves } from '../lib/pipeline/campaigns/announceMoves.ts';
import { campaignsDataset } from '../lib/pipeline/campaigns/campaignsDataset.ts';
import { lookAgain } from '../lib/pipeline/lookAgain.ts';
import { sendEvents } from '../lib/store/events.ts';
import { lookOptions } from './redrive.ts';
import { eventsWiring, type InvocationContext, invocationWiring } from './wiring.ts';

/** Something changed below `contacts/` or `campaigns/`, in the published order history or in the settings, or an hour has passed: look again. */
export const handler = (event?: unknown, context?: InvocationContext) =>
  lookAgain(invocationWiring(context), campaignsDataset(announceMoves), lookOptions(event));

const announceMoves: AnnounceMoves = (moves) =>
  sendEvents(eventsWiring(), { source: 'valuecast', detailType: 'Customer Segment Changed', details: moves });
