import * as z from 'zod/mini';

/** Which run an answer is read from; every answer about customers or bids carries it. */

export const runIdSchema = z
  .string()
  .check(
    z.regex(/^[0-9a-f]{20}$/),
    z.describe('The run that this answer is read from: a hash of its inputs, settings and code.'),
  );
const asOfSchema = z.string().check(z.describe('ISO 8601: the time of the newest input.'));

export const ofRun = { runId: runIdSchema, asOf: asOfSchema };
