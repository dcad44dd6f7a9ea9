import { isAscii, isUtf8 } from 'node:buffer';
import { EncodingMismatch, endOfWholeCharacters } from './encoding.ts';
import type { GateRow, RecordReader } from './recordReader.ts';
import { blockBytes } from './rowKernel.ts';
import type { RejectedRow } from './types.ts';

/** Takes rows as bytes, where they are common: what it makes of them is what reading them as text would make. */
export interface CommonTaker {
  /**
   * Takes rows one after the other from `from` on, until one is not common or the bytes end. Answers where it stopped and after how
   * many rows. The bytes end with an LF.
   */
  take(bytes: Uint8Array, place: { from: number; line: number }): { next: number; rows: number };
  /** Puts what was made of the bytes where it is taken from: they will be written to again. */
  leave(): void;
  /** Nothing is taken after it, whether or not all was taken. */
  close(): void;
}

/** So many common rows in a row, and the next one that is not is likely to be alone. */
const longRun = 64;
const mostLines = 1 << 12;

/**
 * The rows of a file in UTF-8: those that are common go to `common`, the others through `reader`, whose rows are yielded. The consumer
 * has to take what is yielded before it asks for more, as how a row reads may depend on what stood above it.
 */
export async function* withoutCommonRows(
  body: AsyncIterable<Uint8Array>,
  { reader, common }: { reader: RecordReader; common: CommonTaker },
): AsyncGenerator<ReadRows, void> {
  try {
    yield* otherRows(body, { reader, common });
  } finally {
    common.close();
  }
}

interface ReadRows {
  rows: GateRow[];
  rejected: RejectedRow[];
}

async function* otherRows(
  body: AsyncIterable<Uint8Array>,
  { reader, common }: { reader: RecordReader; common: CommonTaker },
): AsyncGenerator<ReadRows, void> {
  // doubled each time, so that a file or a cell that is not common costs few pieces
  let lines = 1;
  for await (const block of blocksOf(body)) {
    const end = block.lastIndexOf(lf) + 1;
    const rows = block.subarray(0, end);
    let at = 0;
    while (at < end) {
      if (reader.isBetweenRows) {
        const taken = common.take(rows, { from: at, line: reader.line });
        reader.passOver(taken.rows);
        at = taken.next;
        if (taken.rows > longRun) lines = 1;
      }
      if (at === end) break;
      lines = Math.min(mostLines, lines * 2);
      const next = afterLines(rows, { from: at, lines });
      reader.push(rows.toString('utf8', at, next));
      at = next;
      yield reader.taken();
    }
    if (end < block.length) reader.push(block.toString('utf8', end));
    common.leave();
    yield reader.taken();
  }
  reader.push('', true);
  yield reader.taken();
}

const lf = 10;

function afterLines(bytes: Buffer, { from, lines }: { from: number; lines: number }): number {
  let at = from;
  for (let line = 0; line < lines && at < bytes.length; line++) at = bytes.indexOf(lf, at) + 1;
  return at;
}

/** The bytes in blocks that are cut where a line ends, or where no line ends in a whole block, a character; in two pieces of memory in turn. */
async function* blocksOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void> {
  let [block, spare] = [Buffer.allocUnsafe(blockBytes), Buffer.allocUnsafe(blockBytes)];
  let length = 0;
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; ) {
      const copied = Math.min(chunk.length - at, blockBytes - length);
      block.set(chunk.subarray(at, at + copied), length);
      at += copied;
      length += copied;
      if (length < blockBytes) continue;
      const full = block;
      const end = full.lastIndexOf(lf) + 1 || endOfWholeCharacters(full);
      [block, spare] = [spare, full];
      length = full.copy(block, 0, end);
      yield checked(full.subarray(0, end));
    }
  }
  if (length > 0) yield checked(block.subarray(0, length));
}

function checked(block: Buffer): Buffer {
  if (!isAscii(block) && !isUtf8(block)) throw new EncodingMismatch('the bytes are not UTF-8');
  return block;
}
