import { lookAgain } from '../lib/pipeline/lookAgain.ts';
import { productsDataset } from '../lib/pipeline/products/productsDataset.ts';
import { lookOptions } from './redrive.ts';
import { type InvocationContext, invocationWiring } from './wiring.ts';

/** An order history was published, something changed below `products/`, or in the settings, or an hour has passed: look again. */
export const handler = (event?: unknown, context?: InvocationContext) =>
  lookAgain(invocationWiring(context), productsDataset, lookOptions(event));
