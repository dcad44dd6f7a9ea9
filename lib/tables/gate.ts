import { fileBytes } from './bytes.ts';
import { type CommonTaker, withoutCommonRows } from './commonRows.ts';
import { type Dialect, detectDialect, hasTrailingDelimiters } from './dialect.ts';
import { type Decoding, decoded, EncodingMismatch, sniffEncoding } from './encoding.ts';
import { weighEncodings } from './encodingEvidence.ts';
import { checkHeader, languageOf } from './header.ts';
import { type HeaderTest, headerBelowPreamble, type Preamble } from './preamble.ts';
import { type GateRow, limits, RecordReader } from './recordReader.ts';
import { type RejectedRow, TableRejected, type TableSource } from './types.ts';

/** A file whose header has been read. Rows come as the bytes do; counts are complete when the rows are. */
export interface OpenedTable {
  key: string;
  header: string[];
  delimiter: string;
  decoding: Decoding;
  language: 'en' | 'zh';
  /** Lines above the column names that are no part of the table. */
  preamble: Preamble | null;
  /** Every row ends with a delimiter more than the names; the header has a column without a name for it. */
  trailingDelimiters: boolean;
  /** The rows of the file, but for those that `common` takes. Asked once. */
  batches(common: CommonTaker | null): AsyncIterable<GateBatch>;
  tally: GateTally;
}

export interface GateBatch {
  rows: GateRow[];
  rejected: RejectedRow[];
}

export interface GateTally {
  bytes: number;
  rowsIn: number;
  /** The physical line of the last row that was common; 0 before the first. */
  commonLine: number;
  blankRows: number;
  cutRaws: number;
  suspectRows: number;
  suspectLine: number;
}

/** As much text as header and dialect are taken from, whatever the size of the chunks. */
const headCharacters = 4 * limits.rawCharacters;

/** How a kind of table is known, where there is more to it than a first line of names. */
export interface GateOptions {
  /** With it, column names are found below a preamble too. */
  isHeader?: HeaderTest | undefined;
}

/**
 * Reads an upload: unzips, decodes, finds delimiter and header, and hands rows on. `read` begins anew, with a fresh
 * `OpenedTable`, when the bytes turn out not to be in the encoding that was tried, so it must keep nothing from before.
 */
export async function throughGate<Result>(
  source: TableSource,
  read: (table: OpenedTable) => Promise<Result>,
  { isHeader }: GateOptions = {},
): Promise<Result> {
  const readAs = (decoding: Decoding | null) => readOnce(source, { decoding, isHeader }, read);
  try {
    return await readAs(null);
  } catch (error) {
    if (!(error instanceof EncodingMismatch)) throw error;
  }
  const decoding = await encodingByEvidence(source);
  try {
    return await readAs(decoding);
  } catch (error) {
    if (!(error instanceof EncodingMismatch)) throw error;
  }
  // GB18030 up to a place beyond the part that was weighed: the rows with broken bytes are set aside.
  return readAs({ ...decoding, damaged: true });
}

async function encodingByEvidence(source: TableSource): Promise<Decoding> {
  const bytes = fileBytes(source, { bytes: 0 });
  const first = await bytes.next();
  await bytes.return();
  const { encoding, bomBytes } = sniffEncoding(first.value ?? new Uint8Array());
  if (encoding !== 'utf-8' || bomBytes > 0) return { encoding, damaged: true };
  return weighEncodings(fileBytes(source, { bytes: 0 }));
}

async function readOnce<Result>(
  source: TableSource,
  given: GateOptions & { decoding: Decoding | null },
  read: (table: OpenedTable) => Promise<Result>,
): Promise<Result> {
  const tally = {
    bytes: 0,
    rowsIn: 0,
    commonLine: 0,
    blankRows: 0,
    cutRaws: 0,
    suspectRows: 0,
    suspectLine: 0,
  };
  const bytes = fileBytes(source, tally);
  try {
    return await read(await openTable(source.key, { bytes, tally, ...given }));
  } finally {
    await bytes.return();
  }
}

async function openTable(
  key: string,
  given: GateOptions & {
    bytes: AsyncGenerator<Uint8Array, void>;
    tally: GateTally;
    decoding: Decoding | null;
  },
): Promise<OpenedTable> {
  const first = await given.bytes.next();
  const firstBytes = first.value ?? new Uint8Array();
  const sniffed = sniffEncoding(firstBytes);
  const decoding = given.decoding ?? { encoding: sniffed.encoding, damaged: false };
  const bytes = following(firstBytes.subarray(sniffed.bomBytes), given.bytes);
  const record: { chunks: Uint8Array[] | null } = { chunks: [] };
  const texts = decoded(recorded(bytes, record), decoding);
  const { head, last } = await readHead(texts);
  const headBytes = Buffer.concat(record.chunks ?? []);
  record.chunks = null;
  const { dialect, preamble } = dialectOf(key, head, { ...given, last });
  const { delimiter, bodyStart, bodyLine } = dialect;
  const trailingDelimiters = hasTrailingDelimiters(head, dialect, last);
  const header = trailingDelimiters ? [...dialect.header, ''] : dialect.header;
  checkHeader(key, header);
  const reader = new RecordReader({ delimiter, header, line: bodyLine, damaged: decoding.damaged });
  const batches = (common: CommonTaker | null) => {
    const strictUtf8 = decoding.encoding === 'utf-8' && !decoding.damaged;
    const body = headBytes.subarray(Buffer.byteLength(head.slice(0, bodyStart)));
    const rows =
      common !== null && strictUtf8
        ? withoutCommonRows(following(body, given.bytes), { reader, common })
        : throughReader(reader, { body: head.slice(bodyStart), texts });
    return counted(rows, { key, reader, tally: given.tally });
  };
  return {
    key,
    header,
    delimiter,
    decoding,
    language: languageOf(header),
    preamble,
    trailingDelimiters,
    batches,
    tally: given.tally,
  };
}

/** The same chunks, each kept in the record while there is one. */
async function* recorded(
  chunks: AsyncIterable<Uint8Array>,
  record: { chunks: Uint8Array[] | null },
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of chunks) {
    record.chunks?.push(chunk);
    yield chunk;
  }
}

function dialectOf(
  key: string,
  head: string,
  { isHeader, last }: GateOptions & { last: boolean },
): { dialect: Dialect; preamble: Preamble | null } {
  const below = isHeader === undefined ? null : headerBelowPreamble(key, head, { isHeader, last });
  return below ?? { dialect: detectDialect(key, head, last), preamble: null };
}

async function* following(
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  if (head.length > 0) yield head;
  yield* rest;
}

async function readHead(texts: AsyncGenerator<string, void>): Promise<{ head: string; last: boolean }> {
  const parts: string[] = [];
  let length = 0;
  while (length < headCharacters) {
    const next = await texts.next();
    if (next.done === true) return { head: parts.join(''), last: true };
    parts.push(next.value);
    length += next.value.length;
  }
  return { head: parts.join(''), last: false };
}

async function* throughReader(
  reader: RecordReader,
  { body, texts }: { body: string; texts: AsyncIterable<string> },
): AsyncGenerator<GateBatch, void> {
  reader.push(body);
  yield reader.taken();
  for await (const text of texts) {
    reader.push(text);
    yield reader.taken();
  }
  reader.push('', true);
  yield reader.taken();
}

async function* counted(
  batches: AsyncIterable<GateBatch>,
  { key, reader, tally }: { key: string; reader: RecordReader; tally: GateTally },
): AsyncGenerator<GateBatch, void> {
  for await (const batch of batches) {
    const { rowsIn, passedLine: commonLine, blankRows, cutRaws, suspectRows, suspectLine } = reader;
    Object.assign(tally, { rowsIn, commonLine, blankRows, cutRaws, suspectRows, suspectLine });
    yield batch;
  }
  if (reader.rowsIn > 0) return;
  const message =
    'The file has column names and no rows. Upload it again with at least one row below the names.';
  throw new TableRejected(key, 'noRows', message);
}
