import { isAscii, isUtf8 } from 'node:buffer';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030' | 'windows-1252';

/** How bytes are turned into text. In a damaged file broken characters become U+FFFD; else they are an error. */
export interface Decoding {
  encoding: Encoding;
  damaged: boolean;
}

/** The bytes are not text in the encoding that was tried. */
export class EncodingMismatch extends Error {
  override readonly name = 'EncodingMismatch';
}

/** What to try first: the byte order mark's word, UTF-16 where every other byte is NUL, else UTF-8. */
export function sniffEncoding(head: Uint8Array): { encoding: Encoding; bomBytes: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', bomBytes: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bomBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bomBytes: 2 };
  return { encoding: sniffByNuls(head), bomBytes: 0 };
}

/** Delimiters and line ends stand beside a zero byte in UTF-16: before it in little endian, after it in big. */
function sniffByNuls(head: Uint8Array): Encoding {
  let little = 0;
  let big = 0;
  let separators = 0;
  for (let at = 0; at + 1 < head.length; at += 2) {
    const first = isSeparator(head[at]);
    const second = isSeparator(head[at + 1]);
    if (first && head[at + 1] === 0) little++;
    if (second && head[at] === 0) big++;
    separators += Number(first) + Number(second);
  }
  const wide = Math.max(little, big);
  // Halves of other characters look like separators now and then; separators without a zero beside them speak for UTF-8.
  if (wide * 8 <= separators - wide || little === big) return 'utf-8';
  return little > big ? 'utf-16le' : 'utf-16be';
}

const isSeparator = (byte: number | undefined): boolean =>
  byte === 0x0a || byte === 0x0d || byte === 0x2c || byte === 0x3b || byte === 0x09 || byte === 0x7c;

/** Text of the chunks, however the chunks cut characters. Throws `EncodingMismatch` unless `damaged`. */
export async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  { encoding, damaged }: Decoding,
): AsyncGenerator<string, void> {
  if (encoding === 'utf-8') return yield* decodedUtf8(chunks, damaged);
  const decoder = new TextDecoder(encoding, { fatal: !damaged, ignoreBOM: true });
  for await (const chunk of chunks) yield orMismatch(encoding, () => decoder.decode(chunk, { stream: true }));
  yield orMismatch(encoding, () => decoder.decode());
}

/** Several times as fast as `TextDecoder` in strict streaming mode. */
async function* decodedUtf8(
  chunks: AsyncIterable<Uint8Array>,
  damaged: boolean,
): AsyncGenerator<string, void> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes =
      held.length > 0
        ? Buffer.concat([held, chunk])
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const end = endOfWholeCharacters(bytes);
    yield utf8Text(bytes.subarray(0, end), damaged);
    held = bytes.subarray(end);
  }
  if (held.length > 0) yield utf8Text(held, damaged);
}

/** Where the last character of UTF-8 that is whole ends. */
export function endOfWholeCharacters(bytes: Uint8Array): number {
  for (let at = bytes.length - 1; at >= 0 && at >= bytes.length - 3; at--) {
    const byte = bytes[at] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return at + length > bytes.length ? at : bytes.length;
  }
  return bytes.length;
}

function utf8Text(bytes: Buffer, damaged: boolean): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (!damaged && !isUtf8(bytes)) throw new EncodingMismatch('the bytes are not UTF-8');
  return bytes.toString('utf8');
}

function orMismatch(encoding: Encoding, decode: () => string): string {
  try {
    return decode();
  } catch {
    throw new EncodingMismatch(`the bytes are not ${encoding}`);
  }
}
