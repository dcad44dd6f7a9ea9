import { writeReports } from './report/writeReports.ts';
import { apiWiring, dataWiring } from './wiring.ts';

/** A run was published, the settings changed, or an hour has passed: write what the reports lack. */
export const handler = (): Promise<void> => writeReports(dataWiring(), apiWiring());
