import { lookAgain } from '../lib/pipeline/lookAgain.ts';
import { customersDataset } from '../lib/pipeline/segmentCustomers.ts';
import { lookOptions } from './redrive.ts';
import { type InvocationContext, invocationWiring } from './wiring.ts';

/** Something changed below `customers/`, or in the settings, or an hour has passed: look again. */
export const handler = (event?: unknown, context?: InvocationContext) =>
  lookAgain(invocationWiring(context), customersDataset, lookOptions(event));
