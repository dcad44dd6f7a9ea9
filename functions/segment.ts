import { lookAgain } from '../lib/pipeline/lookAgain.ts';
import { customersDataset } from '../lib/pipeline/segmentCustomers.ts';
import { lookForEach } from './eachTenant.ts';
import { lookOptions } from './redrive.ts';
import type { InvocationContext } from './wiring/dataWiring.ts';

/** Something changed below `customers/`, or in the settings, or an hour has passed: look again. */
export const handler = (event?: unknown, context?: InvocationContext) =>
  lookForEach(event, context, (platform) => lookAgain(platform, customersDataset, lookOptions(event)));
