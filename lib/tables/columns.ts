import { aliases, type FieldAliases } from './aliases.ts';
import { shown } from './header.ts';
import { parseNumber } from './numbers.ts';
import { type TableKind, TableRejected } from './types.ts';
import { unitFactor } from './units.ts';

export interface FoundColumn {
  index: number;
  header: string;
  /** What the unit in the header multiplies a cell by; 1 where there is none. */
  factor: number;
}

export interface FoundColumns {
  fields: Map<string, FoundColumn>;
  /** Columns under a general name that another column has made superfluous. */
  passedOver: Set<number>;
}

/** Which column holds which field of the table. Two columns for one field are an error, for we do not guess. */
export function findColumns(kind: TableKind, header: readonly string[], key: string): FoundColumns {
  const names = header.map(normaliseHeader);
  const fields = new Map<string, FoundColumn>();
  const passedOver = new Set<number>();
  for (const { field, names: known, fallbacks } of aliases[kind]) {
    const exact = indicesOf(names, known);
    const general = indicesOf(names, fallbacks);
    const candidates = exact.length > 0 ? exact : general;
    if (exact.length > 0) for (const index of general) passedOver.add(index);
    const [index] = candidates;
    if (index === undefined) continue;
    if (candidates.length > 1)
      throw ambiguousColumn(
        key,
        field,
        candidates.map((at) => header[at] ?? ''),
      );
    const unit = names[index]?.unit ?? null;
    fields.set(field, { index, header: header[index] ?? '', factor: unitFactor(field, unit) });
  }
  return { fields, passedOver };
}

/** Throws, naming every understood name, unless the fields are all there. */
export function requireColumns(
  { kind, header, key }: { kind: TableKind; header: readonly string[]; key: string },
  missing: readonly string[],
): void {
  if (missing.length === 0) return;
  const wanted = aliases[kind].filter(({ field }) => missing.includes(field)).map(describe);
  const found = header.map((name) => `"${shown(name)}"`).slice(0, 30);
  if (header.some(looksLikeNumber) && findColumns(kind, header, key).fields.size === 0) {
    const message = `The first line holds numbers, not column names. Put a line with names above it: ${wanted.join('; ')}.`;
    throw new TableRejected(key, 'noHeader', message);
  }
  throw new TableRejected(
    key,
    'missingColumn',
    `No column was recognised as ${wanted.join('; nor as ')}. The file has ${found.join(', ')}. Rename the column.`,
  );
}

/** `浏览时长（小时）` is `浏览时长` with the unit `小时`; `Customer_ID` is `customerid`. */
export function normaliseHeader(header: string): { name: string; unit: string | null } {
  const text = header
    .normalize('NFKC')
    .replace(/[\u200B-\u200D\u2060\uFEFF]/g, '')
    .trim()
    .toLowerCase();
  const bracketed = /^(.*\S)\s*[([]([^()[\]]*)[)\]]$/.exec(text);
  const percent = /^(.*\S)\s*%$/.exec(text);
  const name = bracketed?.[1] ?? percent?.[1] ?? text;
  const unit = bracketed?.[2]?.trim() ?? (percent === null ? null : '%');
  return { name: name.replace(/[\s_\-.:/]+/g, ''), unit };
}

function indicesOf(names: { name: string }[], known: readonly string[]): number[] {
  const wanted = new Set(known.map((alias) => normaliseHeader(alias).name));
  return names.flatMap(({ name }, index) => (wanted.has(name) ? [index] : []));
}

function ambiguousColumn(key: string, field: string, candidates: string[]): TableRejected {
  const list = candidates.map((name) => `"${shown(name)}"`).join(' and ');
  return new TableRejected(
    key,
    'ambiguousColumn',
    `The columns ${list} can each be ${field}. Rename or delete those that are not, so that one is left.`,
  );
}

const describe = ({ field, names, fallbacks }: FieldAliases): string =>
  `${field} (understood: ${[...names, ...fallbacks].join(', ')})`;

const looksLikeNumber = (name: string): boolean => name !== '' && parseNumber(name).kind === 'number';
