import { datasetKey } from './keys.ts';
import { type Table, updateItem } from './table.ts';

/** The right to work on a dataset. `fence` grows with every lease, so that what an overtaken holder writes can be refused. */
export interface Lease {
  dataset: string;
  owner: string;
  fence: number;
}

/**
 * Takes the lease for `ttlMs`; null when another holds it, who is then told (`dirty`) to look again before letting go.
 * `owner` is unique to the caller: who asks twice under one name, as a repeated request does, gets the lease both times.
 */
export async function acquireLease(
  table: Table,
  { dataset, owner, nowMs, ttlMs }: { dataset: string; owner: string; nowMs: number; ttlMs: number },
): Promise<Lease | null> {
  for (;;) {
    const taken = await updateItem(table, datasetKey(dataset), {
      update: {
        expression:
          'SET #fence = if_not_exists(#fence, :none) + :one, #leaseOwner = :owner, #leaseUntilMs = :until, #dirty = :clean',
        values: { none: 0, one: 1, owner, until: nowMs + ttlMs, clean: false },
      },
      condition: {
        expression: 'attribute_not_exists(#leaseUntilMs) OR #leaseUntilMs <= :now OR #leaseOwner = :owner',
        values: { now: nowMs },
      },
    });
    if (taken !== null) return { dataset, owner, fence: Number(taken.fence) };
    if (await markDirty(table, dataset, nowMs)) return null;
    // The holder let go between the two requests, so there is nobody who would see the mark.
  }
}

/** Holds the lease until `nowMs + ttlMs`; false when it was let go or another has taken it since. */
export async function renewLease(
  table: Table,
  { dataset, fence }: Lease,
  { nowMs, ttlMs }: { nowMs: number; ttlMs: number },
): Promise<boolean> {
  const renewed = await updateItem(table, datasetKey(dataset), {
    update: { expression: 'SET #leaseUntilMs = :until', values: { until: nowMs + ttlMs } },
    // A renewal that overtakes nothing but comes after the release must not bring the lease back.
    condition: { expression: '#fence = :fence AND attribute_exists(#leaseOwner)', values: { fence } },
  });
  return renewed !== null;
}

export type Release = 'released' | 'dirty' | 'lost';

/**
 * Lets go. `dirty`: somebody asked for another look meanwhile; the mark is cleared and the lease kept, for the holder to look again
 * and then release. `lost`: another has taken the lease, which is left alone.
 */
export async function releaseLease(table: Table, { dataset, fence }: Lease): Promise<Release> {
  const key = datasetKey(dataset);
  const released = await updateItem(table, key, {
    update: { expression: 'REMOVE #leaseOwner, #leaseUntilMs' },
    condition: { expression: '#fence = :fence AND #dirty = :clean', values: { fence, clean: false } },
  });
  if (released !== null) return 'released';
  // No condition on the mark: a repeated request finds it cleared already, and must still say `dirty`.
  const kept = await updateItem(table, key, {
    update: { expression: 'SET #dirty = :clean', values: { clean: false } },
    condition: { expression: '#fence = :fence', values: { fence } },
  });
  return kept === null ? 'lost' : 'dirty';
}

async function markDirty(table: Table, dataset: string, nowMs: number): Promise<boolean> {
  const marked = await updateItem(table, datasetKey(dataset), {
    update: { expression: 'SET #dirty = :dirty', values: { dirty: true } },
    condition: {
      expression: 'attribute_exists(#leaseOwner) AND #leaseUntilMs > :now',
      values: { now: nowMs },
    },
  });
  return marked !== null;
}
