import { acquireLease, type Lease, releaseLease, renewLease } from '../store/lease.ts';
import type { Platform } from './platform.ts';
import type { Dataset } from './run.ts';
import { type LookOptions, runIfChanged } from './runIfChanged.ts';

const leaseMs = 60_000;
const renewEveryMs = 15_000;

/** `busy`: another holder was told to look again; `settled`: what is published fits what is uploaded, or says why not. */
export type LookAgainResult = 'busy' | 'settled';

/**
 * Brings a dataset's published state in line with its uploads, whatever event asked for it. One holder at a time: whoever finds the
 * lease held marks it dirty and leaves, and the holder looks again before it lets go.
 *
 * Throws what a run failed with, after the failure stands in the run record, so that the caller's retries apply.
 */
export async function lookAgain(
  platform: Platform,
  dataset: Dataset,
  options: LookOptions = {},
): Promise<LookAgainResult> {
  const lease = await acquireLease(platform.table, {
    dataset: dataset.name,
    owner: platform.newOwner(),
    nowMs: platform.clock(),
    ttlMs: leaseMs,
  });
  if (lease === null) return 'busy';
  const stopRenewing = platform.every(renewEveryMs, () => void renew(platform, lease));
  try {
    do await runIfChanged(platform, dataset, { ...options, lease });
    while ((await releaseLease(platform.table, lease)) === 'dirty');
    return 'settled';
  } catch (error) {
    // The caller's retry looks again anyhow, so a mark left by others needs no answer from here.
    while ((await releaseLease(platform.table, lease)) === 'dirty');
    throw error;
  } finally {
    stopRenewing();
  }
}

// A renewal that fails costs nothing but the lease: publication checks the fence.
async function renew({ table, clock, log }: Platform, lease: Lease): Promise<void> {
  try {
    await renewLease(table, lease, { nowMs: clock(), ttlMs: leaseMs });
  } catch (error) {
    log('could not renew the lease', { dataset: lease.dataset, reason: String(error) });
  }
}
