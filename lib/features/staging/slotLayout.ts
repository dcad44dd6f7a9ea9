import { newLayout } from '../../math/memoryLayout.ts';
import type { CanonicalColumns } from '../canonicalColumns.ts';

/** Where the values of a column are in memory. Text as its place in the arena and its length, -1 for null. */
export type SlotColumn = { name: string; type: CanonicalColumns[string]; nothing: number | null } & (
  | { kind: 'text'; startsAt: number; lengthsAt: number }
  | { kind: 'whole' | 'double' | 'integer'; valuesAt: number }
);

/** Memory for rows that become one file. */
export interface SlotLayout {
  columns: readonly SlotColumn[];
  /** A byte for each row. */
  bucketsAt: number;
  arenaAt: number;
  end: number;
}

/** Memory of what writes a slot's rows, the kernel's own at the end of it. */
export interface DeskLayout {
  /** Constants of MD5, each four times, and the blocks that it works on. */
  md5At: number;
  blockAt: number;
  /** Four bytes for each bucket: where its rows end, how far they are dealt out, and where its texts begin. */
  endsAt: number;
  cursorsAt: number;
  textsAt: number;
  /** Four bytes for each row. */
  lengthsAt: number;
  /** Of one column, all values, or all bytes of its texts. */
  valuesAt: number;
  outAt: number;
  kernelAt: number;
  end: number;
}

/** Rows of a file: as many as take some 100 MB while they are gathered. */
export const rowsOfFile = 1 << 19;
/** Of all their text, and of the cells between. */
export const arenaBytes = 64 << 20;

// a text may come again in rows that are too few for a dictionary
export const pageBytes = 2 * arenaBytes + 16 * rowsOfFile;
export const outBytes = 2 * arenaBytes + 128 * rowsOfFile;

/** Texts are read four bytes at a time. */
const behindText = 8;

/** A slot for rows of the columns, from `at` on. */
export function slotLayout(columns: CanonicalColumns, at: number): SlotLayout {
  const layout = newLayout();
  layout.take(at);
  const placed = Object.entries(columns).map(([name, type]): SlotColumn => {
    // the reader says -1 where the hour is not known
    const named = { name, type, nothing: name === 'ordered_hour' ? -1 : null };
    if (type === 'VARCHAR')
      return {
        ...named,
        kind: 'text',
        startsAt: layout.take(4 * rowsOfFile),
        lengthsAt: layout.take(4 * rowsOfFile),
      };
    const kind = kinds[type];
    return { ...named, kind, valuesAt: layout.take((kind === 'integer' ? 4 : 8) * rowsOfFile) };
  });
  const [bucketsAt, arenaAt] = [layout.take(rowsOfFile), layout.take(arenaBytes + behindText)];
  return { columns: placed, bucketsAt, arenaAt, end: layout.bytes };
}

const kinds = { BIGINT: 'whole', DOUBLE: 'double', INTEGER: 'integer', SMALLINT: 'integer' } as const;

/** A desk from `at` on. */
export function deskLayout(at: number): DeskLayout {
  const layout = newLayout();
  layout.take(at);
  return {
    md5At: layout.take(1_024),
    blockAt: layout.take(336),
    endsAt: layout.take(1_024),
    cursorsAt: layout.take(1_024),
    textsAt: layout.take(1_024),
    lengthsAt: layout.take(4 * rowsOfFile),
    valuesAt: layout.take(2 * arenaBytes + 8 * rowsOfFile),
    outAt: layout.take(outBytes),
    // what the kernel lays out for itself: two pages, and thirteen bytes for each row beside its tables
    kernelAt: layout.take(2 * pageBytes + pageBytes / 128 + 13 * rowsOfFile + (1 << 20)),
    end: layout.bytes,
  };
}
