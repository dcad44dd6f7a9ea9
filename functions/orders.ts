import { ordersDataset } from '../lib/pipeline/history/learnHistory.ts';
import { lookAgain } from '../lib/pipeline/lookAgain.ts';
import { lookOptions } from './redrive.ts';
import { type InvocationContext, invocationWiring } from './wiring.ts';

/** Something changed below `orders/` or `events/`, or in the settings, or an hour has passed: look again. */
export const handler = (event?: unknown, context?: InvocationContext) =>
  lookAgain(invocationWiring(context), ordersDataset, lookOptions(event));
