import { currencyOfWord } from '../cells/currencies.ts';
import type { MoneyLayout } from '../cells/moneyReader.ts';
import { normaliseHeader } from '../columns.ts';
import {
  columnsByAlias,
  columnsByName,
  hasColumn,
  missingColumn,
  moneyShift,
  profileOf,
  profilesOf,
} from '../namedColumns.ts';
import { TableRejected } from '../types.ts';
import { type OrderField, orderAliases, orderFields } from './fields.ts';
import { type OrderProfile, orderProfiles } from './profiles.ts';

/** How one file is read: by a profile, or by the names of its columns. */
export interface OrderLayout extends MoneyLayout {
  profile: OrderProfile | null;
  header: readonly string[];
  /** By field the index of its column; -1 where there is none. */
  at: Readonly<Record<OrderField, number>>;
  readAs: (string | null)[];
}

/** Which column holds what. What can be read in two ways is refused with the candidates. */
export function orderLayout(header: readonly string[], key: string): OrderLayout {
  const profile = profileOf(orderProfiles, header, key);
  return profile === null ? plainLayout(header, key) : profileLayout(profile, header, key);
}

/** Whether cells are column names of a known layout, or name a customer, a time and a value. */
export const isOrderHeader = (cells: readonly string[]): boolean =>
  profilesOf(orderProfiles, cells).length > 0 ||
  needed.every((fields) =>
    hasColumn(
      orderAliases.filter(({ field }) => (fields as readonly string[]).includes(field)),
      cells,
    ),
  );

const whoAndWhen: readonly OrderField[][] = [['customerId', 'email'], ['orderedAt']];
/** Of each of these, one column has to be there. */
const needed: readonly OrderField[][] = [...whoAndWhen, ['amount', 'unitPrice']];
const neededOfItems: readonly OrderField[][] = [
  ['orderId'],
  ['product', 'productName'],
  ['amount', 'unitPrice'],
];

/** Whether an item report has its orders' customers and times as well, so that it can be read alone. */
export const tellsOrders = ({ at }: Pick<OrderLayout, 'at'>): boolean =>
  whoAndWhen.every((fields) => fields.some((field) => at[field] >= 0));

function profileLayout(profile: OrderProfile, header: readonly string[], key: string): OrderLayout {
  const found = columnsByName(profile.columns, header);
  // One without the other serves nothing.
  if (profile.itemReport === true && !whoAndWhen.every((fields) => fields.some((field) => found.has(field))))
    for (const field of whoAndWhen.flat()) found.delete(field);
  for (const fields of profile.itemReport === true ? neededOfItems : needed) {
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
