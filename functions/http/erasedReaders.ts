import { erasedOf, listErasing } from '../../lib/store/erasures.ts';
import { idHashOf } from '../../lib/store/idHash.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';

/** Whether somebody was erased: from that moment on no answer tells anything of the customer, whatever is still stored. */
export async function isErased({ table, idKey }: ApiWiring, customerId: string): Promise<boolean> {
  const idHash = idHashOf(idKey, customerId);
  return (await erasedOf(table, [idHash])).size > 0;
}

/**
 * The entries of everybody else. Of the current run only those can be among them whose traces are being removed; a run that a cursor leads
 * to may have been superseded before that, and is no longer looked through.
 */
export async function withoutErased<Entry>(
  { table, idKey }: ApiWiring,
  { entries, isCurrentRun }: { entries: Entry[]; isCurrentRun: boolean },
): Promise<Entry[]> {
  const customers = entries.map(customerOf);
  if (customers.every((customerId) => customerId === null)) return entries;
  const hashes = customers.map((customerId) => idHashOf(idKey, customerId ?? ''));
  const erased = isCurrentRun ? await listErasing(table) : await erasedOf(table, hashes);
  return entries.filter((_, place) => !erased.has(hashes[place] as string));
}

/** Null for an entry that is about no customer, as a bid is. */
const customerOf = (entry: unknown): string | null =>
  typeof entry === 'object' && entry !== null && 'customerId' in entry ? String(entry.customerId) : null;
