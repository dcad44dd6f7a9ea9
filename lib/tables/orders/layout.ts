import type { FieldAliases } from '../aliases.ts';
import { normaliseHeader } from '../columns.ts';
import { shown } from '../header.ts';
import { TableRejected } from '../types.ts';
import { currencyOfWord } from './currencies.ts';
import { type OrderField, orderAliases, orderFields } from './fields.ts';
import { type OrderProfile, orderProfiles } from './profiles.ts';

/** How one file is read: by a profile, or by the names of its columns. */
export interface OrderLayout {
  profile: OrderProfile | null;
  header: readonly string[];
  /** By field the index of its column; -1 where there is none. */
  at: Readonly<Record<OrderField, number>>;
  readAs: (string | null)[];
  /** Currency that the header of an amount states: `amount (CNY)`. */
  currency: string | null;
  /** Powers of ten by which money cells are larger than the currency's unit: -2 in `amount (cents)`. */
  moneyShift: number;
}

/** Which column holds what. What can be read in two ways is refused with the candidates. */
export function orderLayout(header: readonly string[], key: string): OrderLayout {
  const names = header.map(exactName);
  const profiles = orderProfiles.filter(({ signature }) =>
    signature.every((name) => names.includes(exactName(name))),
  );
  if (profiles.length > 1) {
    const titles = profiles.map(({ title }) => title).join('; ');
    const message = `The column names fit several layouts: ${titles}. Delete the columns that only one of them has.`;
    throw new TableRejected(key, 'ambiguousLayout', message);
  }
  const [profile] = profiles;
  return profile === undefined ? plainLayout(header, key) : profileLayout(profile, header, key);
}

/** Of each of these, one column has to be there. */
const needed: readonly OrderField[][] = [['customerId', 'email'], ['orderedAt'], ['amount', 'unitPrice']];

function profileLayout(profile: OrderProfile, header: readonly string[], key: string): OrderLayout {
  const names = header.map(exactName);
  const found = new Map<OrderField, number>();
  for (const [field, candidates] of Object.entries(profile.columns) as [OrderField, readonly string[]][]) {
    const index = candidates.map((name) => names.indexOf(exactName(name))).find((at) => at >= 0);
    if (index !== undefined) found.set(field, index);
  }
  for (const fields of needed) {
    if (fields.some((field) => found.has(field))) continue;
    const wanted = fields.flatMap((field) => profile.columns[field] ?? []).map((name) => `"${name}"`);
    const message = `The file is an export of ${profile.title} without ${wanted.join(' or ')}. Export it again with that column.`;
    throw new TableRejected(key, 'missingColumn', message);
  }
  return { profile, header, ...placesOf(found, header), currency: null, moneyShift: 0 };
}

function plainLayout(header: readonly string[], key: string): OrderLayout {
  const found = columnsByAlias(orderAliases, header, key) as Map<OrderField, number>;
  for (const fields of needed) requireOneOf(found, fields, { header, key });
  const unit = normaliseHeader(header[found.get('amount') ?? found.get('unitPrice') ?? -1] ?? '').unit;
  const currency = unit === null ? null : currencyOfWord(unit);
  return { profile: null, header, ...placesOf(found, header), currency, moneyShift: moneyShift(unit) };
}

/** The columns that hold the fields of a table of aliases. Two for one field are an error, for we do not guess. */
export function columnsByAlias(
  aliases: readonly FieldAliases[],
  header: readonly string[],
  key: string,
): Map<string, number> {
  const names = header.map((name) => normaliseHeader(name).name);
  const indices = (known: readonly string[]) => {
    const wanted = new Set(known.map((alias) => normaliseHeader(alias).name));
    return names.flatMap((name, index) => (wanted.has(name) ? [index] : []));
  };
  const found = new Map<string, number>();
  for (const { field, names: exact, fallbacks } of aliases) {
    const [first, ...others] = indices(exact);
    const [index, ...rivals] = first === undefined ? indices(fallbacks) : [first, ...others];
    if (index === undefined) continue;
    if (rivals.length > 0)
      throw ambiguous(
        key,
        field,
        [index, ...rivals].map((at) => header[at] ?? ''),
      );
    found.set(field, index);
  }
  return found;
}

function requireOneOf(
  found: ReadonlyMap<string, number>,
  fields: readonly OrderField[],
  { header, key }: { header: readonly string[]; key: string },
): void {
  if (fields.some((field) => found.has(field))) return;
  throw missingColumn(
    key,
    header,
    orderAliases.filter(({ field }) => (fields as readonly string[]).includes(field)),
  );
}

export function missingColumn(
  key: string,
  header: readonly string[],
  wanted: readonly FieldAliases[],
): TableRejected {
  const names = wanted.map(
    ({ field, names, fallbacks }) => `${field} (understood: ${[...names, ...fallbacks].join(', ')})`,
  );
  const has = header.slice(0, 30).map((name) => `"${shown(name)}"`);
  return new TableRejected(
    key,
    'missingColumn',
    `No column was recognised as ${names.join(' or ')}. The file has ${has.join(', ')}. Rename the column.`,
  );
}

function ambiguous(key: string, field: string, candidates: string[]): TableRejected {
  const list = candidates.map((name) => `"${shown(name)}"`).join(' and ');
  const message = `The columns ${list} can each be ${field}. Rename or delete those that are not, so that one is left.`;
  return new TableRejected(key, 'ambiguousColumn', message);
}

function placesOf(
  found: ReadonlyMap<OrderField, number>,
  header: readonly string[],
): Pick<OrderLayout, 'at' | 'readAs'> {
  const fields = Object.keys(orderFields) as OrderField[];
  const at = Object.fromEntries(fields.map((field) => [field, found.get(field) ?? -1]));
  const readAs = header.map((_, index) => {
    const names = fields.filter((field) => found.get(field) === index);
    return names.length === 0 ? null : names.join(', ');
  });
  return { at: at as Record<OrderField, number>, readAs };
}

const shifts: [RegExp, number][] = [
  [/^(cents?|分)$/, -2],
  [/^(thousands?|k|千元|千)$/, 3],
  [/^(万元|万)$/, 4],
];
const moneyShift = (unit: string | null): number => shifts.find(([word]) => word.test(unit ?? ''))?.[1] ?? 0;

/** Unlike `normaliseHeader`, it keeps what stands in brackets, for in a profile `Quantity (- Refund)` is not `Quantity`. */
const exactName = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[\u200B-\u200D\u2060\uFEFF]/g, '')
    .toLowerCase()
    .replace(/[\s_\-.:/]+/g, '');
