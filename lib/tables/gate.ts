import { fileBytes } from './bytes.ts';
import { type Dialect, detectDialect } from './dialect.ts';
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
  batches: AsyncIterable<{ rows: GateRow[]; rejected: RejectedRow[] }>;
  tally: GateTally;
}

export interface GateTally {
  bytes: number;
  rowsIn: number;
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
  const tally = { bytes: 0, rowsIn: 0, blankRows: 0, cutRaws: 0, suspectRows: 0, suspectLine: 0 };
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
  const texts = decoded(following(firstBytes.subarray(sniffed.bomBytes), given.bytes), decoding);
  const { head, last } = await readHead(texts);
  const { dialect, preamble } = dialectOf(key, head, { ...given, last });
  const { delimiter, header, bodyStart, bodyLine } = dialect;
  checkHeader(key, header);
  const reader = new RecordReader({ delimiter, header, line: bodyLine, damaged: decoding.damaged });
  const batches = readBatches(reader, { body: head.slice(bodyStart), texts, key, tally: given.tally });
  return {
    key,
    header,
    delimiter,
    decoding,
    language: languageOf(header),
    preamble,
    batches,
    tally: given.tally,
  };
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

async function* readBatches(
  reader: RecordReader,
  given: { body: string; texts: AsyncIterable<string>; key: string; tally: GateTally },
): AsyncGenerator<{ rows: GateRow[]; rejected: RejectedRow[] }, void> {
  reader.push(given.body);
  yield taken(reader, given.tally);
  for await (const text of given.texts) {
    reader.push(text);
    yield taken(reader, given.tally);
  }
  reader.push('', true);
  yield taken(reader, given.tally);
  if (reader.rowsIn > 0) return;
  const message =
    'The file has column names and no rows. Upload it again with at least one row below the names.';
  throw new TableRejected(given.key, 'noRows', message);
}

function taken(reader: RecordReader, tally: GateTally): { rows: GateRow[]; rejected: RejectedRow[] } {
  const { rows, rejected, rowsIn, blankRows, cutRaws, suspectRows, suspectLine } = reader;
  Object.assign(tally, { rowsIn, blankRows, cutRaws, suspectRows, suspectLine });
  reader.rows = [];
  reader.rejected = [];
  return { rows, rejected };
}
