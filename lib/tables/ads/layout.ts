import type { MoneyLayout } from '../cells/moneyReader.ts';
import { normaliseHeader } from '../columns.ts';
import { columnsByAlias, columnsByName, missingColumn, profileOf } from '../namedColumns.ts';
import { TableRejected } from '../types.ts';
import { unitFactor } from '../units.ts';
import { type AdField, adAliases, adFields, countFields, moneyFields, rateFields } from './fields.ts';
import { moneyHeader } from './header.ts';
import { type AdProfile, adProfiles } from './profiles.ts';

/** How one file is read: by a profile, or by the names of its columns. */
export interface AdLayout extends MoneyLayout {
  profile: AdProfile | null;
  header: readonly string[];
  /** By field the index of its column; -1 where there is none. */
  at: Readonly<Record<AdField, number>>;
  readAs: (string | null)[];
  /** By money field the powers of ten by which its cells are larger than the currency's unit. */
  shifts: Readonly<Record<(typeof moneyFields)[number], number>>;
  /** What the cells of a rate are multiplied by: .01 below `CTR (%)`. */
  rateFactors: Readonly<Record<(typeof rateFields)[number], number>>;
}

/** Which column holds what. What can be read in two ways is refused with the candidates. */
export function adLayout(header: readonly string[], key: string): AdLayout {
  const bare = header.map((name) => moneyHeader(name).name);
  const profile = profileOf(bareProfiles, bare, key);
  const found =
    profile === null
      ? (columnsByAlias(adAliases, bare, key) as Map<AdField, number>)
      : columnsByName(profile.columns, bare);
  if (profile === null) requirePlain(found, header, key);
  else requireOfProfile(found, profile, key);
  return { profile, header, ...placesOf(found, header), ...moneyOf(found, header, key) };
}

/** Whether the cells of a line are column names of an ads table: two of them at least name figures. */
export const isAdsHeader = (cells: readonly string[]): boolean => {
  const names = new Set(cells.map((cell) => normaliseHeader(moneyHeader(cell).name).name));
  let known = 0;
  for (const name of names) if (figureNames.has(name)) known++;
  return known >= 2;
};

/** The profiles with the names that `moneyHeader` leaves of theirs. */
const bareProfiles = adProfiles.map((profile) => ({
  ...profile,
  signature: profile.signature.map(bareName),
  columns: Object.fromEntries(
    Object.entries(profile.columns).map(([field, names]) => [field, names.map(bareName)]),
  ) as AdProfile['columns'],
}));

function bareName(name: string): string {
  return moneyHeader(name).name;
}

const figures: readonly AdField[] = [...countFields, ...rateFields, 'spend', 'revenue'];
const figureNames = new Set(
  [
    ...bareProfiles.flatMap(({ columns }) => figures.flatMap((field) => columns[field] ?? [])),
    ...adAliases
      .filter(({ field }) => figures.includes(field as AdField))
      .flatMap(({ names, fallbacks }) => [...names, ...fallbacks]),
  ].map((name) => normaliseHeader(bareName(name)).name),
);

function requireOfProfile(found: ReadonlyMap<AdField, number>, profile: AdProfile, key: string): void {
  for (const field of ['clicks', 'conversions', 'spend'] as const) {
    if (found.has(field)) continue;
    const wanted = (profile.columns[field] ?? []).map((name) => `"${name}"`).join(' or ');
    const message = `The file is an export of ${profile.title} without ${wanted}. Export it again with that column.`;
    throw new TableRejected(key, 'missingColumn', message);
  }
}

/** Spend, and what came of it: counts, or the rates themselves. */
function requirePlain(found: ReadonlyMap<AdField, number>, header: readonly string[], key: string): void {
  const lacks = (...fields: AdField[]) => fields.filter((field) => !found.has(field));
  const withoutCounts = lacks('clicks', 'conversions');
  const withoutRates = [
    ...(lacks('impressions', 'clicks').length > 0 ? lacks('clickRate') : []),
    ...(withoutCounts.length > 0 ? lacks('conversionRate') : []),
  ];
  const missing = [
    ...lacks('spend'),
    ...(withoutCounts.length > 0 && withoutRates.length > 0 ? [...withoutRates, ...withoutCounts] : []),
  ];
  if (missing.length === 0) return;
  const wanted = adAliases.filter(({ field }) => missing.includes(field as AdField));
  wanted.sort((a, b) => missing.indexOf(a.field as AdField) - missing.indexOf(b.field as AdField));
  throw missingColumn(key, header, wanted);
}

function placesOf(
  found: ReadonlyMap<AdField, number>,
  header: readonly string[],
): Pick<AdLayout, 'at' | 'readAs' | 'rateFactors'> {
  const fields = Object.keys(adFields) as AdField[];
  const at = Object.fromEntries(fields.map((field) => [field, found.get(field) ?? -1]));
  const readAs = header.map((_, index) => fields.find((field) => found.get(field) === index) ?? null);
  const factorOf = (field: AdField) =>
    unitFactor(field, normaliseHeader(header[found.get(field) ?? -1] ?? '').unit);
  const rateFactors = { clickRate: factorOf('clickRate'), conversionRate: factorOf('conversionRate') };
  return { at: at as Record<AdField, number>, readAs, rateFactors };
}

function moneyOf(
  found: ReadonlyMap<AdField, number>,
  header: readonly string[],
  key: string,
): Pick<AdLayout, 'currency' | 'moneyShift' | 'shifts'> {
  const columns = moneyFields.map((field) => {
    const index = found.get(field);
    return { field, ...moneyHeader(index === undefined ? '' : (header[index] ?? '')) };
  });
  const currencies = [...new Set(columns.flatMap(({ currency }) => currency ?? []))];
  if (currencies.length > 1) {
    const message = `The column names state several currencies (${currencies.join(', ')}). Leave one.`;
    throw new TableRejected(key, 'severalCurrencies', message);
  }
  const shifts = Object.fromEntries(columns.map(({ field, shift }) => [field, shift]));
  return { currency: currencies[0] ?? null, moneyShift: 0, shifts: shifts as AdLayout['shifts'] };
}
