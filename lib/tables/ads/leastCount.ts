/** Attribution gives fractions of a conversion. What is smaller than this, and not 0, counts nothing, and no revenue can be divided by it. */
export const leastCount = 1e-6;
