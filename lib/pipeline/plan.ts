import { createHash } from 'node:crypto';
import type { StoredObject } from '../store/objects.ts';

/** One uploaded object that a run reads, as the listing showed it. */
export type RunInput = StoredObject;

export interface Plan {
  dataset: string;
  runId: string;
  inputs: RunInput[];
  /** Time of the newest input, ISO 8601; what the results speak of. Null without inputs. */
  asOf: string | null;
}

/**
 * A run is a function of the folder's listing, the settings, the code, the list of who was erased and, for scores, the model: `runId`
 * is their hash, so an event that comes twice, late or out of order plans the run that is already there.
 */
export function planRun(
  dataset: string,
  inputs: RunInput[],
  {
    erasedDigest,
    ...identity
  }: {
    settings: unknown;
    codeVersion: string;
    modelRunId: string | null;
    erasedDigest?: string | null;
    /** Two shops with the same files have runs of their own. */
    tenant?: string;
  },
): Plan {
  const listing = [...inputs].sort(byKey);
  const runId = createHash('sha256')
    .update(
      canonicalJson({
        dataset,
        inputs: listing.map(({ key, etag }) => [key, etag]),
        ...identity,
        ...(erasedDigest && { erasedDigest }),
      }),
    )
    .digest('hex')
    .slice(0, 20);
  const newest = listing
    .map(({ lastModified }) => lastModified)
    .sort()
    .at(-1);
  return { dataset, runId, inputs: listing, asOf: newest ?? null };
}

/** Why an object below a dataset's folder is not read; null for one that is. */
export function ignoredBecause(key: string): string | null {
  if (key.endsWith('/')) return 'a directory marker, not a file';
  if (!/\.csv(\.gz)?$/i.test(key)) return 'not a .csv or .csv.gz file; save it as CSV (UTF-8)';
  return null;
}

function byKey(one: RunInput, other: RunInput): number {
  return one.key < other.key ? -1 : Number(one.key > other.key);
}

/** JSON with the keys of every object in order, so that equal values have equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
