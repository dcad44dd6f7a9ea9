/** The time of an invocation is nearly over: what is left of the run is for another one. Nothing failed. */
export class HandOver extends Error {
  override readonly name = 'HandOver';
  constructor() {
    super('the time of this invocation does not suffice for another unit of work');
  }
}

/** How an invocation spends its time. */
export interface Pace {
  /** Does a unit of work, or throws `HandOver` before it. Each invocation does at least one, so that a run always comes further. */
  unit<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Whether so much time has passed that what is done should not have to be done again. */
  isLong(): boolean;
}

/** For what must be stored, told and let go of at the end. */
const reserveMs = 60_000;
/** A unit may take so many times what the longest one has taken. */
const caution = 1.5;
const longMs = 120_000;

export function paceOf({
  clock,
  remainingMs,
}: {
  /** Milliseconds since 1970. */
  clock: () => number;
  /** Of the invocation. */
  remainingMs: () => number;
}): Pace {
  const startedMs = clock();
  let units = 0;
  let longestMs = 0;
  return {
    async unit(work) {
      if (units > 0 && remainingMs() < reserveMs + caution * longestMs) throw new HandOver();
      const fromMs = clock();
      const result = await work();
      units++;
      longestMs = Math.max(longestMs, clock() - fromMs);
      return result;
    },
    isLong: () => clock() - startedMs > longMs,
  };
}
