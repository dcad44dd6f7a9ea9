import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeReports } from './report/writeReports.ts';
import { apiWiring, dataWiring } from './wiring.ts';

/** A run was published, the settings changed, or an hour has passed: write what the reports lack. */
export const handler = (): Promise<void> => writeReports(dataWiring(), apiWiring(), rendering);

/** This bundle's own bytes: charts and words are in it, which the version of `lib/` and `functions/` does not cover. */
const rendering = createHash('sha256')
  .update(readFileSync(fileURLToPath(import.meta.url)))
  .digest('hex');
