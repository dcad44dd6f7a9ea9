import type { ContactRow } from '../../tables/contacts/readContacts.ts';
import type { Cell } from '../../tables/csv.ts';
import {
  countryCode,
  e164,
  googleEmail,
  metaName,
  metaPostalCode,
  normaliseEmail,
  normaliseName,
  sha256,
} from './normalise.ts';

/** Rows of the files that ad platforms take. What tells who somebody is stands in them as SHA-256 alone. */

/** Google Customer Match (support.google.com/google-ads/answer/7476159): country and postal code are not hashed. */
export const googleHeader = ['Email', 'Phone', 'First Name', 'Last Name', 'Country', 'Zip'];

/** Null where nothing is known that Google matches by: an address, a number, or a full name with country and postal code. */
export function googleRow(contact: ContactRow): Cell[] | null {
  const country = contact.country === null ? null : countryCode(contact.country);
  const email = contact.email === null ? null : googleEmail(contact.email);
  const phone = contact.phone === null ? null : e164(contact.phone, country);
  const [first, last] = [contact.firstName, contact.lastName].map((name) =>
    name === null ? null : normaliseName(name),
  ) as [string | null, string | null];
  const { postalCode } = contact;
  const hasName = first !== null && last !== null && country !== null && postalCode !== null;
  if (email === null && phone === null && !hasName) return null;
  const name = hasName ? [sha256(first), sha256(last), country, postalCode.trim()] : ['', '', '', ''];
  return [hashed(email), hashed(phone), ...name];
}

/** Meta custom audiences (developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences): all but the value is hashed. */
export const metaHeader = ['email', 'phone', 'fn', 'ln', 'zip', 'country'];

/** What Meta takes in one file. */
export const metaRowsPerFile = 10_000;

/** Null where neither an address nor a number is known, nor a full name with country and postal code. */
export function metaRow(contact: ContactRow): Cell[] | null {
  const country = contact.country === null ? null : countryCode(contact.country);
  const email = contact.email === null ? null : normaliseEmail(contact.email);
  const phone = contact.phone === null ? null : e164(contact.phone, country);
  const first = contact.firstName === null ? null : metaName(contact.firstName);
  const last = contact.lastName === null ? null : metaName(contact.lastName);
  const postalCode = contact.postalCode === null ? null : metaPostalCode(contact.postalCode, country);
  const hasName = first !== null && last !== null && country !== null && postalCode !== null;
  if (email === null && phone === null && !hasName) return null;
  // digits alone, with the country's
  const digits = phone === null ? null : phone.replace(/\D/g, '');
  return [email, digits, first, last, postalCode, country?.toLowerCase() ?? null].map(hashed);
}

/** What a customer is worth, for a lookalike audience by value: never below 0, in units of the currency. */
export const metaValue = (minor: number, minorDigits: number): string =>
  (Math.max(0, minor) / 10 ** minorDigits).toFixed(minorDigits);

const hashed = (text: string | null): string => (text === null ? '' : sha256(text));

/** `<name>.csv`, or `<name>-1.csv`, `<name>-2.csv` … where a file holds only so many rows; none for nobody. */
export function partsOf<Row>(
  name: string,
  rows: readonly Row[],
  { perFile }: { perFile?: number | undefined } = {},
): { file: string; rows: Row[] }[] {
  if (perFile === undefined) return rows.length === 0 ? [] : [{ file: `${name}.csv`, rows: [...rows] }];
  const count = Math.ceil(rows.length / perFile);
  return Array.from({ length: count }, (_, part) => ({
    file: `${name}-${part + 1}.csv`,
    rows: rows.slice(part * perFile, (part + 1) * perFile),
  }));
}
