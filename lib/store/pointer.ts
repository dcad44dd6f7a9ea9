import * as z from 'zod/mini';
import type { Item } from './item.ts';
import { datasetKey, datasetsPartition } from './keys.ts';
import { getItem, queryItems, type Table, updateItem } from './table.ts';

const pointerSchema = z.object({
  dataset: z.string(),
  runId: z.string(),
  /** 1, 2, 3 …: how often this dataset has been published or withdrawn; it never goes back. */
  sequence: z.number(),
  /** Fence of the lease under which it was published. */
  fence: z.number(),
  asOf: z.string(),
  publishedAt: z.string(),
  /** What a reader needs to find its way in the run; the pipeline knows its shape. */
  manifest: z.record(z.string(), z.unknown()),
  /** Superseded runs that stay readable, newest first. */
  previousRuns: z.array(z.string()),
  /** Runs that somebody rolled back over: they are not published again while nothing they depend on changes. */
  passedOver: z.array(z.string()),
  /** Names in the results bucket under which its files can be found as long as it is current. */
  lastingFiles: z.array(z.string()),
});

/** Which run readers see. */
export type Pointer = z.infer<typeof pointerSchema>;

/** Somebody has taken the lease since: what this holder still wants to write is refused. */
export class FencedOut extends Error {
  override readonly name = 'FencedOut';
  constructor(what: string, fence: number) {
    super(`${what} is refused: fence ${fence} is no longer the newest of its dataset`);
  }
}

/** Null where nothing is published, or no longer. */
export async function readPointer(table: Table, dataset: string): Promise<Pointer | null> {
  const item = await getItem(table, datasetKey(dataset));
  return item === null ? null : parsePointer(item);
}

/** Everything published whose dataset begins with `prefix`, by name. */
export async function listPointers(table: Table, prefix = ''): Promise<Pointer[]> {
  const pointers: Pointer[] = [];
  const below = prefix === '' ? '' : ' AND begins_with(#sk, :prefix)';
  const values = { partition: datasetsPartition, ...(prefix !== '' && { prefix }) };
  for await (const item of queryItems(table, { keys: { expression: `#pk = :partition${below}`, values } })) {
    const pointer = parsePointer(item);
    if (pointer !== null) pointers.push(pointer);
  }
  return pointers;
}

/**
 * Lets readers see a run, with one write: all of it or nothing. Publishing again what is published already under this fence, as a
 * repeated request does, changes nothing. Throws `FencedOut` when a newer lease has been taken.
 */
export async function publishPointer(
  table: Table,
  published: Omit<Pointer, 'sequence' | 'passedOver'>,
): Promise<Pointer> {
  const { dataset, runId, fence, asOf, publishedAt, manifest, previousRuns, lastingFiles } = published;
  const item = await updateItem(table, datasetKey(dataset), {
    update: {
      expression:
        'SET #runId = :runId, #fence = :fence, #publishedFence = :fence, #asOf = :asOf, #publishedAt = :publishedAt, ' +
        '#manifest = :manifest, #previousRuns = :previousRuns, #lastingFiles = :lastingFiles, ' +
        '#sequence = if_not_exists(#sequence, :none) + :one ' +
        'REMOVE #passedOver',
      values: {
        runId,
        fence,
        asOf,
        publishedAt,
        manifest: JSON.stringify(manifest),
        previousRuns: JSON.stringify(previousRuns),
        lastingFiles: JSON.stringify(lastingFiles),
        none: 0,
        one: 1,
      },
    },
    condition: {
      expression:
        '(attribute_not_exists(#fence) OR #fence <= :fence) AND ' +
        '(attribute_not_exists(#runId) OR #runId <> :runId OR #publishedFence <> :fence)',
    },
  });
  const pointer = item === null ? await readPointer(table, dataset) : parsePointer(item);
  if (pointer?.runId === runId && pointer.fence === fence) return pointer;
  throw new FencedOut(`run ${runId} of ${dataset}`, fence);
}

/**
 * Lets readers see an earlier run again, with one write, on the condition that they see `from` now and that nobody works on the dataset.
 * The fence grows, so that whoever worked on it before can publish nothing any more. Null where the condition does not hold.
 */
export async function rollBackPointer(
  table: Table,
  { from, to, nowMs }: { from: Pointer; to: Pick<Pointer, 'runId' | 'asOf' | 'manifest'>; nowMs: number },
): Promise<Pointer | null> {
  const others = [from.runId, ...from.previousRuns].filter((runId) => runId !== to.runId);
  const passedOver = [from.runId, ...from.passedOver].filter((runId) => runId !== to.runId);
  const item = await updateItem(table, datasetKey(from.dataset), {
    update: {
      expression:
        'SET #runId = :to, #fence = #fence + :one, #publishedFence = #fence + :one, #asOf = :asOf, #publishedAt = :publishedAt, ' +
        '#manifest = :manifest, #previousRuns = :previousRuns, #passedOver = :passedOver, #sequence = #sequence + :one',
      values: {
        to: to.runId,
        one: 1,
        asOf: to.asOf,
        publishedAt: new Date(nowMs).toISOString(),
        manifest: JSON.stringify(to.manifest),
        previousRuns: JSON.stringify(others),
        passedOver: JSON.stringify(passedOver),
      },
    },
    condition: {
      expression:
        '#runId = :from AND #sequence = :sequence AND (attribute_not_exists(#leaseUntilMs) OR #leaseUntilMs <= :now)',
      values: { from: from.runId, sequence: from.sequence, now: nowMs },
    },
  });
  return item === null ? null : parsePointer(item);
}

/** Readers see nothing of this dataset from now on. Fence and sequence stay, for whoever publishes next. */
export async function withdrawPointer(
  table: Table,
  { dataset, fence }: { dataset: string; fence: number },
): Promise<void> {
  const withdrawn = await updateItem(table, datasetKey(dataset), {
    update: {
      expression:
        'SET #fence = :fence, #sequence = #sequence + :one REMOVE #runId, #publishedFence, #asOf, #publishedAt, #manifest, #previousRuns, #passedOver, #lastingFiles',
      values: { fence, one: 1 },
    },
    condition: { expression: '#fence <= :fence AND attribute_exists(#runId)' },
  });
  if (withdrawn !== null) return;
  const item = await getItem(table, datasetKey(dataset));
  if (Number(item?.fence ?? 0) > fence) throw new FencedOut(`the withdrawal of ${dataset}`, fence);
}

/** An item without a run holds a lease alone. */
export function parsePointer({
  sk,
  publishedFence,
  manifest,
  previousRuns,
  passedOver,
  lastingFiles,
  ...item
}: Item): Pointer | null {
  if (item.runId === undefined) return null;
  return pointerSchema.parse({
    ...item,
    dataset: sk,
    fence: publishedFence,
    manifest: JSON.parse(String(manifest)),
    previousRuns: JSON.parse(String(previousRuns)),
    passedOver: passedOver === undefined ? [] : JSON.parse(String(passedOver)),
    lastingFiles: lastingFiles === undefined ? [] : JSON.parse(String(lastingFiles)),
  });
}
