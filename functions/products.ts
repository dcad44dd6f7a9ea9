import { lookAgain } from '../lib/pipeline/lookAgain.ts';
import { productsDataset } from '../lib/pipeline/products/productsDataset.ts';
import { lookForEach } from './eachTenant.ts';
import { lookOptions } from './redrive.ts';
import type { InvocationContext } from './wiring/dataWiring.ts';

/** An order history was published, something changed below `products/`, or in the settings, or an hour has passed: look again. */
export const handler = (event?: unknown, context?: InvocationContext) =>
  lookForEach(event, context, (platform) => lookAgain(platform, productsDataset, lookOptions(event)));
