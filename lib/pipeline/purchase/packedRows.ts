import type { PurchaseRows } from '../../models/purchaseRows.ts';
import type { FeatureColumn } from '../../tables/types.ts';

/** Rows as another thread can take them over without a copy: numbers with NaN for what is missing, words as places in a list. */
export interface PackedRows {
  ids: string[];
  columns: ({ name: string } & (
    | { kind: 'numeric' | 'boolean'; values: Float64Array }
    | { kind: 'categorical'; words: string[]; places: Int32Array }
  ))[];
  labels: Uint8Array;
  cutoffs: { days: string[]; places: Int32Array } | null;
}

/** Neither the rows nor what they hold is changed; `buffers` may be transferred. */
export function packRows(rows: PurchaseRows): { packed: PackedRows; buffers: ArrayBuffer[] } {
  const packed: PackedRows = {
    ids: rows.ids,
    columns: rows.columns.map(packColumn),
    labels: rows.labels,
    cutoffs: null,
  };
  if (rows.cutoffs !== undefined) {
    const { words, places } = packWords(rows.cutoffs);
    packed.cutoffs = { days: words, places };
  }
  const arrays = packed.columns.map((column) => ('values' in column ? column.values : column.places));
  return { packed, buffers: arrays.map(({ buffer }) => buffer as ArrayBuffer) };
}

export function unpackRows({ ids, columns, labels, cutoffs }: PackedRows): PurchaseRows {
  return {
    ids,
    columns: columns.map((column): FeatureColumn => {
      const { name } = column;
      return column.kind === 'categorical'
        ? { name, kind: 'categorical', values: unpackWords(column) }
        : {
            name,
            kind: column.kind,
            values: Array.from(column.values, (value) => (Number.isNaN(value) ? null : value)),
          };
    }),
    labels,
    ...(cutoffs !== null && {
      cutoffs: unpackWords({ words: cutoffs.days, places: cutoffs.places }) as string[],
    }),
  };
}

function packColumn(column: FeatureColumn): PackedRows['columns'][number] {
  const { name } = column;
  if (column.kind === 'categorical') return { name, kind: 'categorical', ...packWords(column.values) };
  return {
    name,
    kind: column.kind,
    values: Float64Array.from(column.values, (value) => value ?? Number.NaN),
  };
}

const noWord = -1;

function packWords(values: readonly (string | null)[]): { words: string[]; places: Int32Array } {
  const places = new Map<string, number>();
  const placeOf = (word: string): number => {
    const known = places.get(word);
    if (known !== undefined) return known;
    places.set(word, places.size);
    return places.size - 1;
  };
  const packed = Int32Array.from(values, (value) => (value === null ? noWord : placeOf(value)));
  return { words: [...places.keys()], places: packed };
}

const unpackWords = ({ words, places }: { words: string[]; places: Int32Array }): (string | null)[] =>
  Array.from(places, (place) => words[place] ?? null);
