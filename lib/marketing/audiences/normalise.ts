import { createHash } from 'node:crypto';
import { type CountryCode, getCountries, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** SHA-256 of the UTF-8 text, as small hexadecimal digits. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Small letters without blanks; null for what is no address. */
export function normaliseEmail(email: string): string | null {
  const text = email.normalize('NFKC').replace(/\s+/g, '').toLowerCase();
  return /^[^@,;<>"]+@[^@,;<>"]+\.[^@.,;<>"]+$/.test(text) ? text : null;
}

/** As Google matches: for gmail.com and googlemail.com, whose addresses are the same with and without points, those go. */
export function googleEmail(email: string): string | null {
  const text = normaliseEmail(email);
  if (text === null) return null;
  const [local = '', domain = ''] = text.split('@');
  return domain === 'gmail.com' || domain === 'googlemail.com'
    ? `${local.replace(/\./g, '')}@${domain}`
    : text;
}

/** E.164, such as +491511234567; null for what is no possible number. `country` is what a number without country code is of. */
export function e164(phone: string, country: string | null): string | null {
  const parsed = parsePhoneNumberFromString(phone.normalize('NFKC'), {
    ...(country !== null && isPhoneCountry(country) && { defaultCountry: country }),
    extract: false,
  });
  return parsed?.isPossible() === true ? parsed.number : null;
}

const phoneCountries = new Set<string>(getCountries());
const isPhoneCountry = (code: string): code is CountryCode => phoneCountries.has(code);

/** ISO code of two capital letters, from the code or from the name in English or Chinese; null where it is none. */
export function countryCode(country: string): string | null {
  const text = country.normalize('NFKC').trim();
  const code = text.toUpperCase();
  if (/^[A-Z]{2}$/.test(code)) return phoneCountries.has(code) ? code : code === 'UK' ? 'GB' : null;
  return codesByName().get(text.toLowerCase()) ?? null;
}

let known: Map<string, string> | null = null;

function codesByName(): Map<string, string> {
  known ??= new Map(
    ['en', 'zh'].flatMap((language) => {
      const names = new Intl.DisplayNames([language], { type: 'region' });
      return [...phoneCountries]
        .filter((code) => /^[A-Z]{2}$/.test(code))
        .map((code) => [names.of(code)?.toLowerCase() ?? code, code] as const);
    }),
  );
  return known;
}

/** Small letters without blanks around them; null where nothing is left. */
export function normaliseName(name: string): string | null {
  const text = name.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();
  return text === '' ? null : text;
}

/** As Meta matches names: without punctuation too. */
export function metaName(name: string): string | null {
  const text = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\p{P}\p{S}\s]+/gu, '');
  return text === '' ? null : text;
}

/** As Meta matches: small letters without blanks and hyphens, of the USA the first five digits. */
export function metaPostalCode(code: string, country: string | null): string | null {
  const text = code
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s-]+/g, '');
  if (text === '') return null;
  return country === 'US' ? text.slice(0, 5) : text;
}
