import type { FieldAliases } from './aliases.ts';
import { normaliseHeader } from './columns.ts';
import { shown } from './header.ts';
import { parseNumber } from './numbers.ts';
import { type TableNote, TableRejected } from './types.ts';

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

/** Whether one of the cells is a name of one of the fields. */
export function hasColumn(aliases: readonly FieldAliases[], cells: readonly string[]): boolean {
  const names = new Set(cells.map((cell) => normaliseHeader(cell).name));
  return aliases.some(({ names: exact, fallbacks }) =>
    [...exact, ...fallbacks].some((alias) => names.has(normaliseHeader(alias).name)),
  );
}

/** The columns of a profile: of the names of each field the first that the header has. */
export function columnsByName<Field extends string>(
  columns: Readonly<Partial<Record<Field, readonly string[]>>>,
  header: readonly string[],
): Map<Field, number> {
  const names = header.map(exactName);
  const found = new Map<Field, number>();
  for (const [field, candidates] of Object.entries(columns) as [Field, readonly string[]][]) {
    const index = candidates.map((name) => names.indexOf(exactName(name))).find((at) => at >= 0);
    if (index !== undefined) found.set(field, index);
  }
  return found;
}

/** The profile whose signature the header has, or null. A header that fits several is refused with their titles. */
export function profileOf<Profile extends { title: string; signature: readonly string[] }>(
  profiles: readonly Profile[],
  header: readonly string[],
  key: string,
): Profile | null {
  const fitting = profilesOf(profiles, header);
  if (fitting.length > 1) {
    const titles = fitting.map(({ title }) => title).join('; ');
    const message = `The column names fit several layouts: ${titles}. Delete the columns that only one of them has.`;
    throw new TableRejected(key, 'ambiguousLayout', message);
  }
  return fitting[0] ?? null;
}

/** The profiles whose signatures are all among the cells. */
export function profilesOf<Profile extends { signature: readonly string[] }>(
  profiles: readonly Profile[],
  cells: readonly string[],
): Profile[] {
  const names = new Set(cells.map(exactName));
  return profiles.filter(({ signature }) => signature.every((name) => names.has(exactName(name))));
}

/** How a file was recognised. */
export const layoutNote = (profile: { title: string } | null): TableNote => ({
  code: 'layout',
  message:
    profile === null
      ? 'The file was read by the names of its columns.'
      : `The file was recognised as an export of ${profile.title} and read by the rules of that layout.`,
});

export function missingColumn(
  key: string,
  header: readonly string[],
  wanted: readonly FieldAliases[],
): TableRejected {
  const names = wanted.map(
    ({ field, names, fallbacks }) => `${field} (understood: ${[...names, ...fallbacks].join(', ')})`,
  );
  if (header.some(isValue)) {
    const message = `The first line holds values, not column names. Put a line with names above it: ${names.join(' or ')}.`;
    return new TableRejected(key, 'noHeader', message);
  }
  const has = header.slice(0, 30).map((name) => `"${shown(name)}"`);
  return new TableRejected(
    key,
    'missingColumn',
    `No column was recognised as ${names.join(' or ')}. The file has ${has.join(', ')}. Rename the column.`,
  );
}

/** A number, an address or a date: no column is named so. */
export const isValue = (cell: string): boolean =>
  /^[^\s@]+@\S+$|^\d{4}-\d\d-\d\d|^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}/.test(cell) ||
  (cell !== '' && parseNumber(cell).kind === 'number');

function ambiguous(key: string, field: string, candidates: string[]): TableRejected {
  const list = candidates.map((name) => `"${shown(name)}"`).join(' and ');
  const message = `The columns ${list} can each be ${field}. Rename or delete those that are not, so that one is left.`;
  return new TableRejected(key, 'ambiguousColumn', message);
}

/** Unlike `normaliseHeader`, it keeps what stands in brackets, for in a profile `Quantity (- Refund)` is not `Quantity`. */
const exactName = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[\u200B-\u200D\u2060\uFEFF]/g, '')
    .replace(/[‘’]/g, "'")
    .toLowerCase()
    .replace(/[\s_\-.:/]+/g, '');

const shifts: [RegExp, number][] = [
  [/^(cents?|分)$/, -2],
  [/^(thousands?|k|千元|千)$/, 3],
  [/^(万元|万)$/, 4],
];

/** Powers of ten by which the money cells of a column with this unit are larger than the currency's unit. */
export const moneyShift = (unit: string | null): number =>
  shifts.find(([word]) => word.test(unit ?? ''))?.[1] ?? 0;
