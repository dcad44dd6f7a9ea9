import type { CanonicalColumns } from '../canonicalColumns.ts';
import { CompactWriter } from './compactProtocol.ts';

export interface FileColumn {
  name: string;
  type: CanonicalColumns[string];
}

/** Of a row group, the pages of one column: a dictionary's, if it has one, and one of data. */
export interface ColumnChunk {
  /** In the file. */
  offset: number;
  bytes: number;
  /** Of the dictionary's page; 0 where there is none. */
  dictionaryBytes: number;
  /** Of all pages before compression. */
  plainBytes: number;
  nulls: number;
  /** Of the data: a number of parquet.thrift. */
  encoding: number;
  /** Of whole numbers of 32 bits, by which groups of rows are skipped. */
  range: { least: number; greatest: number } | null;
}

export interface RowGroup {
  rows: number;
  /** In the order of the columns. */
  chunks: readonly ColumnChunk[];
}

export const magic = /* @__PURE__ */ Uint8Array.from(Buffer.from('PAR1'));

/** The end of a Parquet file, from its metadata on: structures of parquet.thrift, with the numbers that it gives fields and values. */
export function footer(columns: readonly FileColumn[], groups: readonly RowGroup[]): Buffer {
  const writer = new CompactWriter().enter();
  const paths = columns.map(({ name }) => Buffer.from(name));
  writer.integer(1, version).structs(2, columns.length + 1);
  writer.enter().binary(4, Buffer.from('rows')).integer(5, columns.length).end();
  for (const [index, { type }] of columns.entries())
    writeSchema(writer, { type, path: paths[index] as Buffer });
  writer.long(
    3,
    groups.reduce((sum, { rows }) => sum + rows, 0),
  );
  writer.structs(4, groups.length);
  for (const { rows, chunks } of groups) {
    writer.enter().structs(1, chunks.length);
    for (const [index, chunk] of chunks.entries()) {
      const { type } = columns[index] as FileColumn;
      writeChunk(writer, chunk, { type, path: paths[index] as Buffer, rows });
    }
    writer.long(
      2,
      chunks.reduce((sum, { plainBytes }) => sum + plainBytes, 0),
    );
    writer.long(3, rows).end();
  }
  const metadata = writer.end().bytes();
  const length = Buffer.alloc(4);
  length.writeUInt32LE(metadata.length);
  return Buffer.concat([metadata, length, magic]);
}

const version = 2;
const optional = 1;
const codecs = { lz4Raw: 7 };
const encodings = { plain: 0, rle: 3 };

/** INT32, INT64, DOUBLE and BYTE_ARRAY. */
const physicalTypes = { INTEGER: 1, SMALLINT: 1, BIGINT: 2, DOUBLE: 5, VARCHAR: 6 };
/** UTF8 and INT_16. */
const convertedTypes: Partial<Record<FileColumn['type'], number>> = { VARCHAR: 0, SMALLINT: 16 };

function writeSchema(
  writer: CompactWriter,
  { type, path }: { type: FileColumn['type']; path: Buffer },
): void {
  writer.enter().integer(1, physicalTypes[type]).integer(3, optional).binary(4, path);
  const converted = convertedTypes[type];
  if (converted !== undefined) writer.integer(6, converted);
  writer.end();
}

function writeChunk(
  writer: CompactWriter,
  { offset, bytes, dictionaryBytes, plainBytes, nulls, encoding, range }: ColumnChunk,
  { type, path, rows }: { type: FileColumn['type']; path: Buffer; rows: number },
): void {
  writer.enter().long(2, offset).struct(3);
  writer.integer(1, physicalTypes[type]).integers(2, [encodings.plain, encodings.rle, encoding]);
  writer.binaries(3, [path]).integer(4, codecs.lz4Raw).long(5, rows).long(6, plainBytes).long(7, bytes);
  writer.long(9, offset + dictionaryBytes);
  if (dictionaryBytes > 0) writer.long(11, offset);
  if (range !== null) {
    writer.struct(12).long(3, nulls).binary(5, int32(range.greatest)).binary(6, int32(range.least)).end();
  }
  writer.end().end();
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
