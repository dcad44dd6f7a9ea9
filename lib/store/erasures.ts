import * as z from 'zod/mini';
import { forEachConcurrently } from './concurrency.ts';
import type { Item } from './item.ts';
import {
  erasedKey,
  erasedPartition,
  erasingKey,
  erasingPartition,
  type Key,
  stillInKey,
  stillInPartition,
} from './keys.ts';
import { deleteItem, getItem, getItems, putItem, queryItems, type Table, updateItem } from './table.ts';

/**
 * Who was erased: the list that keeps them out of later runs. Ids stand in it as keyed hashes (`idHashOf`), so that the list itself
 * names nobody. As long as traces are being removed the hash also stands under ERASING, which readers of long lists ask.
 */
export interface Erasure {
  idHash: string;
  requestedAtMs: number;
  /** When the last trace was removed from what is stored; null until then. */
  erasedAtMs: number | null;
}

/** A file of a dataset's uploads that still held rows of an erased customer when a run read it. */
const stillInSchema = z.object({ file: z.string(), rows: z.number() });
export type StillIn = z.infer<typeof stillInSchema>;

export async function readErasure(table: Table, idHash: string): Promise<Erasure | null> {
  const item = await getItem(table, erasedKey(idHash));
  return item === null ? null : erasureOf(item);
}

export async function listErasures(table: Table): Promise<Erasure[]> {
  const erasures: Erasure[] = [];
  for await (const item of queryItems(table, ofPartition(erasedPartition))) erasures.push(erasureOf(item));
  return erasures;
}

/** Puts a customer on the list, or finds it there. Asked again after an error, it finishes what it had begun. */
export async function requestErasure(
  table: Table,
  { idHash, nowMs }: { idHash: string; nowMs: number },
): Promise<Erasure> {
  const absent = { expression: 'attribute_not_exists(#pk)' };
  const written = await putItem(table, { ...erasedKey(idHash), requestedAtMs: nowMs }, absent);
  const erasure: Erasure = written
    ? { idHash, requestedAtMs: nowMs, erasedAtMs: null }
    : ((await readErasure(table, idHash)) ?? { idHash, requestedAtMs: nowMs, erasedAtMs: null });
  if (erasure.erasedAtMs === null) await putItem(table, { ...erasingKey(idHash) });
  return erasure;
}

/** Later runs read the customer again; false where nobody had been erased under this hash. */
export async function liftErasure(table: Table, idHash: string): Promise<boolean> {
  await deleteItem(table, erasingKey(idHash));
  return deleteItem(table, erasedKey(idHash));
}

/** Nothing stored holds the customer any more. */
export async function endErasure(
  table: Table,
  { idHash, nowMs }: { idHash: string; nowMs: number },
): Promise<void> {
  await updateItem(table, erasedKey(idHash), {
    update: { expression: 'SET #erasedAtMs = :now', values: { now: nowMs } },
    // One that was lifted meanwhile stays lifted.
    condition: { expression: 'attribute_exists(#requestedAtMs)' },
  });
  await deleteItem(table, erasingKey(idHash));
}

/** The hashes whose traces may still be stored. */
export async function listErasing(table: Table): Promise<Set<string>> {
  const hashes = new Set<string>();
  for await (const { sk } of queryItems(table, ofPartition(erasingPartition))) hashes.add(String(sk));
  return hashes;
}

/** Those of the hashes that are on the list. */
export async function erasedOf(table: Table, hashes: readonly string[]): Promise<Set<string>> {
  const items = await getItems(
    table,
    [...new Set(hashes)].map((idHash) => erasedKey(idHash)),
  );
  return new Set(items.map(({ sk }) => String(sk)));
}

/** Says anew which files of a dataset hold whom of the erased, in place of what an earlier run said. */
export async function setStillIn(
  table: Table,
  { dataset, runId, found }: { dataset: string; runId: string; found: ReadonlyMap<string, StillIn[]> },
): Promise<void> {
  const gone: Key[] = [];
  for await (const { sk } of queryItems(table, ofPartition(stillInPartition(dataset))))
    if (!found.has(String(sk))) gone.push(stillInKey(dataset, String(sk)));
  await forEachConcurrently(gone, 8, async (key) => void (await deleteItem(table, key)));
  await forEachConcurrently(found, 8, async ([idHash, files]) => {
    await putItem(table, { ...stillInKey(dataset, idHash), runId, files: JSON.stringify(files) });
  });
}

/** By dataset; those whose last run found nobody of this hash are absent. */
export async function readStillIn(
  table: Table,
  { idHash, datasets }: { idHash: string; datasets: readonly string[] },
): Promise<{ dataset: string; runId: string; files: StillIn[] }[]> {
  const items = await getItems(
    table,
    datasets.map((dataset) => stillInKey(dataset, idHash)),
  );
  const byPartition = new Map(items.map((item) => [item.pk, item]));
  return datasets.flatMap((dataset) => {
    const item = byPartition.get(stillInPartition(dataset));
    if (item === undefined) return [];
    const files = z.array(stillInSchema).parse(JSON.parse(String(item.files)));
    return [{ dataset, runId: String(item.runId), files }];
  });
}

const erasureOf = ({ sk, requestedAtMs, erasedAtMs }: Item): Erasure => ({
  idHash: String(sk),
  requestedAtMs: Number(requestedAtMs),
  erasedAtMs: erasedAtMs === undefined ? null : Number(erasedAtMs),
});

const ofPartition = (partition: string) => ({
  keys: { expression: '#pk = :partition', values: { partition } },
});
