import type { Item } from './item.ts';
import type { Key } from './keys.ts';
import { seal, sealBytes, unseal } from './seal.ts';
import type { Table } from './table.ts';

/** The attributes of a page with this body; sealed where ids are hashed, for a body names customers. */
export const bodyFor = (table: Table, key: Key, body: Uint8Array): Item =>
  table.hashIds ? { body: seal(idKeyOf(table), key, body), sealed: true } : { body };

/** What `bodyFor` was given, whether or not the table hashes ids now. */
export function bodyOf(table: Table, { pk, sk, body, sealed }: Item): Uint8Array {
  const stored = body as Uint8Array;
  return sealed ? unseal(idKeyOf(table), { pk: String(pk), sk: String(sk) }, stored) : stored;
}

/** What sealing adds to an item: an attribute, its name and its value of one byte, beside the longer body. */
export const sealingBytes = ({ hashIds }: Table): number => (hashIds ? sealBytes + 'sealed'.length + 1 : 0);

export function idKeyOf({ idKey }: Table): string {
  if (idKey === undefined)
    throw new Error('pages with hashed ids need the key of the hashes, and there is none');
  return idKey;
}
