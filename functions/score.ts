import { lookAgainAtScoring } from '../lib/pipeline/lookAgainAtScoring.ts';
import { lookOptions } from './redrive.ts';
import { type InvocationContext, invocationWiring } from './wiring.ts';

/** A file came or went below `scoring/`, a model or an order history was published, the settings changed, or an hour has passed: look again. */
export const handler = (event?: unknown, context?: InvocationContext) =>
  lookAgainAtScoring(invocationWiring(context), lookOptions(event));
