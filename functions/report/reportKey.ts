/** Of a run's report, in the results bucket. */
export const reportKey = (runId: string): string => `reports/${runId}.html`;
