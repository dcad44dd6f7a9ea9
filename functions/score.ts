import { lookAgainAtScoring } from '../lib/pipeline/lookAgainAtScoring.ts';
import { lookForEach } from './eachTenant.ts';
import { lookOptions } from './redrive.ts';
import type { InvocationContext } from './wiring/dataWiring.ts';

/** A file came or went below `scoring/`, a model or an order history was published, the settings changed, or an hour has passed: look again. */
export const handler = (event?: unknown, context?: InvocationContext) =>
  lookForEach(event, context, (platform) => lookAgainAtScoring(platform, lookOptions(event)));
