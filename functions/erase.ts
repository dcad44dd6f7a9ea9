import { eraseStored } from '../lib/pipeline/erasure/eraseStored.ts';
import { lookForEach } from './eachTenant.ts';
import type { InvocationContext } from './wiring/dataWiring.ts';

/** Somebody was put on the list of the erased, or an hour has passed: take out of what is stored whoever is still in it. */
export const handler = (event?: unknown, context?: InvocationContext) =>
  lookForEach(event, context, eraseStored);
