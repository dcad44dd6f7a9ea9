import { textOf } from '../cells/texts.ts';
import type { FoundColumn } from '../columns.ts';
import type { OpenedTable } from '../gate.ts';
import { headerTest } from '../headerTest.ts';
import { RowIdentity } from '../identity.ts';
import { columnsByAlias, missingColumn } from '../namedColumns.ts';
import { type RowFault, type RowTaker, readRows } from '../readRows.ts';
import type { GateRow } from '../recordReader.ts';
import type { ReadTable, TableNote, TableSource } from '../types.ts';
import { readConsent } from './consent.ts';
import { type ConsentField, type ContactField, consentFields, contactAliases } from './fields.ts';

/** How one customer can be reached, and what they have agreed to: whatever is not a clear yes is a no. */
export interface ContactRow extends Record<ConsentField, boolean> {
  customerId: string;
  email: string | null;
  phone: string | null;
  firstName: string | null;
  lastName: string | null;
  /** As it stood in the file. */
  country: string | null;
  postalCode: string | null;
  /** Whatever else they have agreed to. */
  doNotContact: boolean;
}

/** One row per customer with addresses and consents; later rows take the place of earlier ones of the same customer. */
export async function readContacts(source: TableSource): Promise<ReadTable<ContactRow>> {
  const { taker, rejected, report } = await readRows(source, (table) => new ContactTaker(table), {
    isHeader: isContactsHeader,
  });
  return { rows: taker.rows, rejected, report };
}

/** Whether cells name a customer, and an address or a consent. */
export const isContactsHeader = headerTest(
  contactAliases,
  (fields) => fields.size > 1 && fields.has('customerId'),
);

class ContactTaker implements RowTaker {
  readonly rows: ContactRow[] = [];
  readonly readAs: (string | null)[];
  readonly #identity: RowIdentity;
  readonly #columns: Map<string, number>;
  readonly #unknownWords = new Map<ConsentField, number>();

  constructor({ key, header }: OpenedTable) {
    this.#columns = columnsByAlias(contactAliases, header, key);
    const index = this.#columns.get('customerId');
    const wanted = contactAliases.filter(({ field }) => field === 'customerId');
    if (index === undefined) throw missingColumn(key, header, wanted);
    const column: FoundColumn = { index, header: header[index] ?? '', factor: 1 };
    this.#identity = new RowIdentity(key, column);
    this.readAs = header.map((_, at) => [...this.#columns].find(([, place]) => place === at)?.[0] ?? null);
  }

  take(row: GateRow): RowFault | null {
    const customerId = this.#identity.idOf(row);
    if (typeof customerId !== 'string') return customerId;
    const consentAds = this.#consent(row, 'consentAds');
    this.rows.push({
      customerId,
      email: this.#text(row, 'email'),
      phone: this.#text(row, 'phone'),
      firstName: this.#text(row, 'firstName'),
      lastName: this.#text(row, 'lastName'),
      country: this.#text(row, 'country'),
      postalCode: this.#text(row, 'postalCode'),
      doNotContact: this.#isSuppressed(row),
      consentEmail: this.#consent(row, 'consentEmail'),
      consentSms: this.#consent(row, 'consentSms'),
      consentPhone: this.#consent(row, 'consentPhone'),
      consentAds,
      consentAdPersonalization: this.#columns.has('consentAdPersonalization')
        ? consentAds && this.#consent(row, 'consentAdPersonalization')
        : consentAds,
    });
    return null;
  }

  #text(row: GateRow, field: ContactField): string | null {
    const index = this.#columns.get(field);
    return index === undefined ? null : textOf(row.cells[index] ?? '');
  }

  /** On the safe side: a word that is not known keeps the customer out. */
  #isSuppressed(row: GateRow): boolean {
    const cell = this.#text(row, 'doNotContact');
    return cell !== null && readConsent(cell) !== 'no';
  }

  #consent(row: GateRow, field: ConsentField): boolean {
    const index = this.#columns.get(field);
    if (index === undefined) return false;
    const word = readConsent(row.cells[index] ?? '');
    if (word === 'unknown') this.#unknownWords.set(field, (this.#unknownWords.get(field) ?? 0) + 1);
    return word === 'yes';
  }

  notes(): TableNote[] {
    const absent = consentFields
      .filter((field) => field !== 'consentAdPersonalization' && !this.#columns.has(field))
      .map((field) => ({
        code: 'absentConsent',
        message: `There is no column for ${field}; nobody of this file has agreed to it.`,
      }));
    const unknown = [...this.#unknownWords].map(([field, count]) => ({
      code: 'unknownConsent',
      message: `Cells of ${field} hold a word that is neither a known yes nor a known no; they count as no.`,
      count,
    }));
    return [...this.#identity.notes(), ...absent, ...unknown];
  }
}
