/** Days ahead that are forecast and judged. */
export const horizonsDays = [7, 30, 90] as const;
