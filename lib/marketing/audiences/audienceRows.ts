import type { ContactRow } from '../../tables/contacts/readContacts.ts';
import type { Cell } from '../../tables/csv.ts';
import { mayApproach } from '../consent.ts';
import { googleRow, metaRow, metaValue } from './platformRows.ts';

/** What each platform matches a customer by; null where the customer may not be made known to it, or it would find nobody. */
export interface KnownContact {
  google: Cell[] | null;
  meta: Cell[] | null;
  mayPersonalise: boolean;
}

export interface AudienceRows {
  google: Cell[][];
  googleWithoutPersonalization: Cell[][];
  meta: Cell[][];
  /** With the value of each at the end. */
  metaValued: Cell[][];
}

/** Of each customer, in their order; null for who may not be made known to any platform. Hashed once, however many audiences follow. */
export const knownContacts = (
  customerIds: readonly string[],
  contacts: ReadonlyMap<string, ContactRow>,
): (KnownContact | null)[] =>
  customerIds.map((customerId) => {
    const contact = contacts.get(customerId);
    if (!mayApproach(contact, 'ads')) return null;
    const mayPersonalise = mayApproach(contact, 'adPersonalization');
    return { google: googleRow(contact), meta: mayPersonalise ? metaRow(contact) : null, mayPersonalise };
  });

/** Rows of an audience's files. `members` are places of customers; `worth` is in minor units, NaN where it is not known. */
export function audienceRows(
  members: Iterable<number>,
  {
    known,
    worth,
    minorDigits,
  }: { known: readonly (KnownContact | null)[]; worth: Float64Array; minorDigits: number },
): AudienceRows {
  const rows: AudienceRows = { google: [], googleWithoutPersonalization: [], meta: [], metaValued: [] };
  for (const customer of members) {
    const contact = known[customer] ?? null;
    if (contact === null) continue;
    const { google, meta, mayPersonalise } = contact;
    if (google !== null) (mayPersonalise ? rows.google : rows.googleWithoutPersonalization).push(google);
    if (meta === null) continue;
    rows.meta.push(meta);
    const value = worth[customer] as number;
    if (!Number.isNaN(value)) rows.metaValued.push([...meta, metaValue(value, minorDigits)]);
  }
  return rows;
}
