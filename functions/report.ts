import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lookForEach } from './eachTenant.ts';
import { writeReports } from './report/writeReports.ts';
import { wiringOfTenant } from './wiring/apiWiring.ts';
import type { InvocationContext } from './wiring/dataWiring.ts';

/** A run was published, the settings changed, or an hour has passed: write what the reports lack. */
export const handler = (event?: unknown, context?: InvocationContext) =>
  lookForEach(event, context, (platform) =>
    writeReports(platform, wiringOfTenant(platform.table.tenant), rendering),
  );

/** This bundle's own bytes: charts and words are in it, which the version of `lib/` and `functions/` does not cover. */
const rendering = createHash('sha256')
  .update(readFileSync(fileURLToPath(import.meta.url)))
  .digest('hex');
