/** The list that holds a segment's buyers, the most valuable first. */
export const memberList = (segment: string): string => `value-segment-${segment}`;
