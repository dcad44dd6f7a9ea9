import { acquireLease, type Lease, type Release, releaseLease, renewLease } from '../store/lease.ts';
import { putObject } from '../store/objects.ts';
import type { ExecutionEnd } from './executeRun.ts';
import type { Platform } from './platform.ts';
import type { Dataset } from './run.ts';
import { type LookOptions, runIfChanged } from './runIfChanged.ts';

const leaseMs = 60_000;
const renewEveryMs = 15_000;

/**
 * `busy`: another holder was told to look again; `settled`: what is published fits what is uploaded, or says why not; `handedOver`: time
 * is nearly over, and another invocation was asked to go on.
 */
export type LookAgainResult = 'busy' | 'settled' | 'handedOver';

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
    let end: ExecutionEnd;
    let release: Release;
    do {
      end = await runIfChanged(platform, dataset, { ...options, lease });
      release = await releaseLease(platform.table, lease);
    } while (release === 'dirty' && end !== 'handedOver');
    if (end !== 'handedOver') return 'settled';
    // The next invocation looks again anyhow. It is called once the lease is free, or it would leave at once.
    while (release === 'dirty') release = await releaseLease(platform.table, lease);
    await callAgain(platform, dataset.name);
    return 'handedOver';
  } catch (error) {
    // The caller's retry looks again anyhow, so a mark left by others needs no answer from here.
    while ((await releaseLease(platform.table, lease)) === 'dirty');
    throw error;
  } finally {
    stopRenewing();
  }
}

/** An object of its own for each dataset: its event wakes the function that looks at it. */
const callAgain = ({ objects, resultsBucket: bucket, clock }: Platform, dataset: string): Promise<void> =>
  putObject(objects, {
    ...{ bucket, key: `handovers/${dataset}.json`, contentType: 'application/json' },
    body: JSON.stringify({ dataset, handedOverAt: new Date(clock()).toISOString() }),
  });

// A renewal that fails costs nothing but the lease: publication checks the fence.
async function renew({ table, clock, log }: Platform, lease: Lease): Promise<void> {
  try {
    await renewLease(table, lease, { nowMs: clock(), ttlMs: leaseMs });
  } catch (error) {
    log('could not renew the lease', { dataset: lease.dataset, reason: String(error) });
  }
}
