import { PlainColumn, type PlainType, type PlainValues, varint } from './plainColumn.ts';

/**
 * Rows as the simplest Parquet file there is, for DuckDB to read once: one group of rows, one page to a column, nothing compressed.
 * DuckDB reads it in its own threads; to append rows to a table took the caller's thread a multiple of the time.
 * Parquet's format is described at parquet.apache.org/docs/file-format; its headers are structures of Thrift's compact protocol.
 */
export class PlainParquet {
  readonly #names: readonly string[];
  readonly #types: readonly PlainType[];
  readonly #columns: readonly PlainColumn[];

  constructor(columns: Readonly<Record<string, PlainType>>) {
    this.#names = Object.keys(columns);
    this.#types = Object.values(columns);
    this.#columns = this.#types.map((type) => new PlainColumn(type));
  }

  get rows(): number {
    return this.#columns[0]?.rows ?? 0;
  }

  /** The first `length` values of every column, in the order of the columns. */
  add({ length, columns }: { length: number; columns: readonly PlainValues[] }): void {
    for (const [index, column] of this.#columns.entries()) column.add(columns[index] as PlainValues, length);
  }

  clear(): void {
    for (const column of this.#columns) column.clear();
  }

  /** The file, in parts that are to be written before more rows are added. */
  parts(): Uint8Array[] {
    const parts: Uint8Array[] = [magic];
    const chunks: number[][] = [];
    let offset = magic.length;
    for (const [index, column] of this.#columns.entries()) {
      const { levels, values } = column.page();
      const header = Uint8Array.from(pageHeader(this.rows, levels.length + values.length));
      const byteCount = header.length + levels.length + values.length;
      parts.push(header, levels, values);
      chunks.push(
        columnChunk({
          name: this.#names[index] as string,
          type: this.#types[index] as PlainType,
          ...{ rows: this.rows, offset, byteCount },
        }),
      );
      offset += byteCount;
    }
    const footer = Buffer.from(fileMetaData(this.#schema(), { rows: this.rows, chunks, byteCount: offset }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    return [...parts, footer, length, magic];
  }

  #schema(): number[][] {
    const root = struct({ 4: text('rows'), 5: int(this.#names.length) });
    const optional = 1;
    const utf8 = 0;
    return [
      root,
      ...this.#names.map((name, index) => {
        const type = this.#types[index] as PlainType;
        const fields = { 1: int(physicalTypes[type]), 3: int(optional), 4: text(name) };
        return struct(type === 'VARCHAR' ? { ...fields, 6: int(utf8) } : fields);
      }),
    ];
  }
}

const magic = Uint8Array.from(Buffer.from('PAR1'));

/** INT32, INT64, DOUBLE and BYTE_ARRAY of parquet.thrift. */
const physicalTypes: Record<PlainType, number> = { INTEGER: 1, BIGINT: 2, DOUBLE: 5, VARCHAR: 6 };
const [plain, rle, uncompressed, dataPage] = [0, 3, 0, 0];

function pageHeader(rows: number, byteCount: number): number[] {
  const data = struct({ 1: int(rows), 2: int(plain), 3: int(rle), 4: int(rle) });
  return struct({
    1: int(dataPage),
    2: int(byteCount),
    3: int(byteCount),
    5: { type: structType, bytes: data },
  });
}

function columnChunk({
  name,
  type,
  rows,
  offset,
  byteCount,
}: {
  name: string;
  type: PlainType;
  rows: number;
  offset: number;
  byteCount: number;
}): number[] {
  const metaData = struct({
    1: int(physicalTypes[type]),
    2: list(intType, [zigzag(plain), zigzag(rle)]),
    3: list(textType, [text(name).bytes]),
    4: int(uncompressed),
    ...{ 5: long(rows), 6: long(byteCount), 7: long(byteCount), 9: long(offset) },
  });
  return struct({ 2: long(offset), 3: { type: structType, bytes: metaData } });
}

function fileMetaData(
  schema: number[][],
  { rows, chunks, byteCount }: { rows: number; chunks: number[][]; byteCount: number },
): number[] {
  const group = struct({ 1: list(structType, chunks), 2: long(byteCount), 3: long(rows) });
  return struct({
    1: int(1),
    2: list(structType, schema),
    3: long(rows),
    4: list(structType, rows === 0 ? [] : [group]),
  });
}

/** A field of a structure in Thrift's compact protocol. */
interface Field {
  type: number;
  bytes: number[];
}

const [intType, longType, textType, listType, structType] = [5, 6, 8, 9, 12];

const zigzag = (value: number): number[] => varint(value * 2);
const int = (value: number): Field => ({ type: intType, bytes: zigzag(value) });
const long = (value: number): Field => ({ type: longType, bytes: zigzag(value) });

function text(value: string): Field {
  const bytes = [...Buffer.from(value)];
  return { type: textType, bytes: [...varint(bytes.length), ...bytes] };
}

function list(type: number, elements: number[][]): Field {
  const header =
    elements.length < 15 ? [(elements.length << 4) | type] : [0xf0 | type, ...varint(elements.length)];
  return { type: listType, bytes: [...header, ...elements.flat()] };
}

/** Fields by number, in ascending order, as objects have them. */
function struct(fields: Record<number, Field>): number[] {
  let last = 0;
  const bytes = Object.entries(fields).flatMap(([number, { type, bytes: value }]) => {
    const step = Number(number) - last;
    last = Number(number);
    return [(step << 4) | type, ...value];
  });
  return [...bytes, 0];
}
