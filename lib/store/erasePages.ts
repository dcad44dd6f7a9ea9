import type { Item } from './item.ts';
import { runPartition } from './keys.ts';
import { compress, decompress, type Entry } from './packing.ts';
import { bodyFor, bodyOf } from './pageBody.ts';
import { queryItems, type Table, updateItem } from './table.ts';

/**
 * Takes the erased out of all pages of a run. In a lookup their entries are gone; in a list null stands in their place, so that who reads
 * on from a cursor misses nobody. Answers whether nobody else changed a page meanwhile, which would have to be looked at again.
 */
export async function erasePages(
  table: Table,
  { runId, isErased }: { runId: string; isErased: (customerId: string) => boolean },
): Promise<boolean> {
  let isWhole = true;
  const pages = queryItems(table, {
    keys: { expression: '#pk = :run', values: { run: runPartition(runId) } },
    only: ['pk', 'sk', 'body', 'sealed'],
  });
  for await (const page of pages) {
    const left = withoutErased(table, page, isErased);
    if (left === null) continue;
    const key = { pk: String(page.pk), sk: String(page.sk) };
    const { body } = bodyFor({ ...table, hashIds: page.sealed === true }, key, left);
    const written = await updateItem(table, key, {
      update: { expression: 'SET #body = :new', values: { new: body as Uint8Array } },
      condition: { expression: '#body = :old', values: { old: page.body as Uint8Array } },
    });
    isWhole &&= written !== null;
  }
  return isWhole;
}

/** Null for a page that holds nobody of them. */
function withoutErased(
  table: Table,
  page: Item,
  isErased: (customerId: string) => boolean,
): Uint8Array | null {
  if (page.body === undefined) return null;
  const values = decompress(bodyOf(table, page)) as unknown[];
  const left = String(page.sk).startsWith('LOOKUP#')
    ? (values as Entry[]).filter(([id]) => !isErased(id))
    : values.map((value) => (isErased(customerOf(value)) ? null : value));
  const isSame = left.length === values.length && left.every((value, at) => value === values[at]);
  return isSame ? null : compress(JSON.stringify(left));
}

const customerOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'customerId' in value ? String(value.customerId) : '';
