import { ordersDataset } from '../lib/pipeline/history/learnHistory.ts';
import { lookAgain } from '../lib/pipeline/lookAgain.ts';
import { lookForEach } from './eachTenant.ts';
import { lookOptions } from './redrive.ts';
import type { InvocationContext } from './wiring/dataWiring.ts';

/** Something changed below `orders/` or `events/`, or in the settings, or an hour has passed: look again. */
export const handler = (event?: unknown, context?: InvocationContext) =>
  lookForEach(event, context, (platform) => lookAgain(platform, ordersDataset, lookOptions(event)));
