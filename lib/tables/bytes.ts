import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { refuseOtherFormats } from './fileFormat.ts';
import { TableRejected, type TableSource } from './types.ts';

type Bytes = AsyncIterable<Uint8Array>;

/** Enough to tell a format and an encoding by. */
const headBytes = 4096;

/**
 * A file's bytes, unzipped where it is gzip; the first chunk is at least 4 KB long where the file is. Counts in `tally`
 * the bytes that were uploaded, not what they unzip to.
 */
export async function* fileBytes(
  source: TableSource,
  tally: { bytes: number },
): AsyncGenerator<Uint8Array, void> {
  for await (const [head, chunks] of withHead(counted(source.open(), tally))) {
    if (!isGzip(head)) {
      refuseOtherFormats(source.key, head);
      yield* chunks;
    } else {
      for await (const [inner, unzipped] of withHead(gunzipped(source.key, chunks, tally))) {
        refuseOtherFormats(source.key, inner);
        yield* unzipped;
      }
    }
  }
}

const isGzip = (head: Uint8Array) => head[0] === 0x1f && head[1] === 0x8b;

async function* counted(chunks: Bytes, tally: { bytes: number }): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of chunks) {
    tally.bytes += chunk.length;
    yield chunk;
  }
}

/** Yields once: the first bytes, and all chunks again with those bytes as the first. Closes the source in the end. */
async function* withHead(
  source: AsyncGenerator<Uint8Array, void>,
): AsyncGenerator<[Uint8Array, Bytes], void> {
  try {
    const held: Uint8Array[] = [];
    let length = 0;
    while (length < headBytes) {
      const next = await source.next();
      if (next.done === true) break;
      held.push(next.value);
      length += next.value.length;
    }
    const head = Buffer.concat(held);
    yield [head, following(head, source)];
  } finally {
    await source.return();
  }
}

async function* following(head: Uint8Array, rest: Bytes): AsyncGenerator<Uint8Array, void> {
  if (head.length > 0) yield head;
  yield* rest;
}

/** What a small file may become: CSV shrinks to a tenth, rarely to a hundredth, and never to less than a five-hundredth. */
const gunzipLimits = { ratio: 500, sparedBytes: 100_000_000, bytes: 50_000_000_000 };

async function* gunzipped(
  key: string,
  chunks: Bytes,
  tally: { bytes: number },
): AsyncGenerator<Uint8Array, void> {
  // `pipeline` hands an error of either stream to the one that is read, and closes both when the reader leaves.
  const unzipped = pipeline(Readable.from(chunks), createGunzip({ chunkSize: 1 << 18 }), () => {});
  try {
    let bytes = 0;
    for await (const chunk of unzipped) {
      bytes += chunk.length;
      refuseBomb(key, bytes, tally.bytes);
      yield chunk;
    }
  } catch (error) {
    throw gzipRejection(key, error) ?? error;
  }
}

function refuseBomb(key: string, bytes: number, zippedBytes: number): void {
  const { ratio, sparedBytes, bytes: most } = gunzipLimits;
  if (bytes <= most && (bytes <= sparedBytes || bytes <= ratio * zippedBytes)) return;
  throw new TableRejected(
    key,
    'gzipTooLarge',
    `The gzip file unzips to more than ${ratio} times its size or ${most / 1e9} GB, which no table does. Upload the CSV in parts.`,
  );
}

function gzipRejection(key: string, error: unknown): TableRejected | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR') {
    return new TableRejected(
      key,
      'truncatedGzip',
      'The gzip file ends early, so rows are missing. Compress it again and upload it whole.',
    );
  }
  if (code.startsWith('Z_')) {
    return new TableRejected(
      key,
      'damagedGzip',
      'The gzip file is damaged and cannot be unzipped. Compress the CSV again, or upload it as it is.',
    );
  }
  return null;
}
