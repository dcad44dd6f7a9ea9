import { listObjects } from '../../store/objects.ts';
import { readPointer } from '../../store/pointer.ts';
import type { RunInput } from '../plan.ts';
import type { Platform } from '../platform.ts';
import { type HistoryManifest, historyManifestSchema } from '../results.ts';

/** The order history that is published: what a purchase model is fitted to, and whom it scores. */
export interface OrdersInUse {
  runId: string;
  asOf: string;
  manifest: HistoryManifest;
}

export async function readOrdersInUse({ table }: Platform): Promise<OrdersInUse | null> {
  const pointer = await readPointer(table, 'orders');
  if (pointer === null) return null;
  const { runId, asOf, manifest } = pointer;
  return { runId, asOf, manifest: historyManifestSchema.parse(manifest) };
}

/**
 * Objects of that run as another run's inputs. They are of its time, and named by the run instead of by their bytes: it is the run that
 * says what is in them.
 */
export async function inputsFrom(
  { objects, resultsBucket: bucket }: Platform,
  { runId, asOf }: Pick<OrdersInUse, 'runId' | 'asOf'>,
  keys: readonly string[],
): Promise<RunInput[]> {
  const listing = await listObjects(objects, { bucket, prefix: `runs/${runId}/` });
  const found = listing.filter(({ key }) => keys.includes(key));
  if (found.length < keys.length)
    throw new Error(`run ${runId} is published, and ${keys.length - found.length} of its objects are gone`);
  return found.map(({ key, sizeBytes }) => ({ key, etag: runId, sizeBytes, lastModified: asOf }));
}
