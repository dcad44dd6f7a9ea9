import { expireRun } from '../store/expiry.ts';
import type { Pointer } from '../store/pointer.ts';
import type { Platform } from './platform.ts';

/** A reader that is paging through a retired run may finish what it is reading. */
const graceSeconds = 24 * 3600;

/** The runs that stay readable behind a new one, newest first, and those whose time has come. */
export function divideRuns(
  superseded: Pointer | null,
  { runId, keepRuns }: { runId: string; keepRuns: number },
): { kept: string[]; retired: string[] } {
  const earlier = superseded === null ? [] : [superseded.runId, ...superseded.previousRuns];
  const others = earlier.filter((id) => id !== runId);
  return { kept: others.slice(0, keepRuns), retired: others.slice(keepRuns) };
}

/** Lets the pages of retired runs expire; their records stay. */
export async function retireRuns(
  { table, clock }: Platform,
  retired: string[],
  fence: number,
): Promise<void> {
  const expiresAtSeconds = Math.floor(clock() / 1000) + graceSeconds;
  for (const runId of retired) await expireRun(table, { runId, expiresAtSeconds, fence });
}
