import { createHash } from 'node:crypto';
import { type Erasure, listErasures } from '../store/erasures.ts';
import { idHashOf } from '../store/idHash.ts';
import type { Platform } from './platform.ts';
import type { Run } from './run.ts';

/** Customers whose erasure was asked for, as a run knows them. */
export interface Erased {
  /** Changes whenever the list does, and is part of a run's identity; null while nobody is on it. */
  digest: string | null;
  /** The hash under which an id is on the list; null for everybody else. */
  hashOf: (customerId: string) => string | null;
}

/** Written to the results bucket whenever the list changes, for its event: all who read customers look again. */
export const erasuresKey = 'erasures.json';

export const nobodyErased: Erased = { digest: null, hashOf: () => null };

export async function readErased(platform: Pick<Platform, 'table' | 'idKey'>): Promise<Erased> {
  return erasedAmong(await listErasures(platform.table), platform.idKey);
}

export function erasedAmong(erasures: readonly Erasure[], idKey: string): Erased {
  if (erasures.length === 0) return nobodyErased;
  const hashes = new Set(erasures.map(({ idHash }) => idHash));
  const digest = createHash('sha256')
    .update([...hashes].sort().join())
    .digest('hex')
    .slice(0, 20);
  return {
    digest,
    hashOf: (customerId) => {
      const idHash = idHashOf(idKey, customerId);
      return hashes.has(idHash) ? idHash : null;
    },
  };
}

/** The rows of everybody else; says in the run which of the uploads still hold the erased. */
export function withoutErased<Row>(
  run: Pick<Run, 'erased' | 'foundErased'>,
  { file, rows, idOf }: { file: string; rows: Row[]; idOf: (row: Row) => string },
): Row[] {
  if (run.erased.digest === null) return rows;
  return rows.filter((row) => {
    const idHash = run.erased.hashOf(idOf(row));
    if (idHash !== null) run.foundErased({ file, idHash, rows: 1 });
    return idHash === null;
  });
}

/** Places of the rows of everybody else; null where that is all of them. `fileOf` tells which upload a row is from. */
export function rowsWithoutErased(
  run: Pick<Run, 'erased' | 'foundErased'>,
  { ids, fileOf }: { ids: readonly string[]; fileOf: (row: number) => string },
): Uint32Array | null {
  const kept = keptPlaces(run.erased, ids, (row, idHash) =>
    run.foundErased({ file: fileOf(row), idHash, rows: 1 }),
  );
  return kept.length === ids.length ? null : kept;
}

/** Places of the ids that are not on the list. */
export function keptPlaces(
  { digest, hashOf }: Erased,
  ids: readonly string[],
  onErased: (place: number, idHash: string) => void = () => {},
): Uint32Array {
  const places = Uint32Array.from(ids.keys());
  if (digest === null) return places;
  return places.filter((place) => {
    const idHash = hashOf(ids[place] as string);
    if (idHash !== null) onErased(place, idHash);
    return idHash === null;
  });
}
