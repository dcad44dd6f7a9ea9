/** What can be said of a campaign once it has run. */
export const verdicts = ['raised', 'lowered', 'noMeasurableEffect', 'noControl'] as const;
export type Verdict = (typeof verdicts)[number];
