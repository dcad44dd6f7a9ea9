import { randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { copyFile, link, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Segment } from './model.ts';

/** The bytes of a bucket: immutable files under random names, which the bucket's log refers to. */
export class Bodies {
  private readonly readers = new Map<string, number>();
  private readonly doomed = new Set<string>();

  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true });
  }

  /** A file that could not be written whole is gone when this throws. */
  async write(bytes: AsyncIterable<Uint8Array>): Promise<string> {
    const body = randomUUID();
    try {
      await writeFile(this.path(body), bytes, { flag: 'wx' });
      return body;
    } catch (error) {
      await this.remove(body);
      throw error;
    }
  }

  /** The same bytes under a second name: a hard link where the file system has them, for bodies never change. */
  async duplicate(body: string): Promise<string> {
    const twin = randomUUID();
    const release = this.retain([body]);
    try {
      await link(this.path(body), this.path(twin)).catch(() => copyFile(this.path(body), this.path(twin)));
      return twin;
    } finally {
      release();
    }
  }

  /** `length` bytes from `start` of the segments laid end to end. They outlive a deletion that comes meanwhile. */
  read(segments: Segment[], { start, length }: { start: number; length: number }): Uint8Array | Readable {
    const slices = slicesOf(segments, { start, length });
    const [only] = slices;
    if (!only) return new Uint8Array();
    if (slices.length === 1 && length <= smallBytes && only.whole) return readFileSync(this.path(only.body));
    const release = this.retain(slices.map(({ body }) => body));
    const stream =
      slices.length === 1 ? this.open(only) : Readable.from(this.readInTurn(slices), { objectMode: false });
    return stream.once('close', release);
  }

  discard(bodies: string[]): void {
    for (const body of bodies) {
      if (this.readers.has(body)) this.doomed.add(body);
      else void this.remove(body);
    }
  }

  /** Deletes what an ended process left half written or replaced. Only before the first write. */
  sweep(known: ReadonlySet<string>): void {
    for (const body of readdirSync(this.directory)) {
      if (!known.has(body)) rmSync(this.path(body), { force: true });
    }
  }

  private path(body: string): string {
    return join(this.directory, body);
  }

  private open({ body, start, end }: Slice): Readable {
    return createReadStream(this.path(body), { start, end, highWaterMark: readAheadBytes });
  }

  private async *readInTurn(slices: Slice[]): AsyncGenerator<Buffer> {
    for (const slice of slices) yield* this.open(slice);
  }

  private retain(bodies: string[]): () => void {
    for (const body of bodies) this.readers.set(body, (this.readers.get(body) ?? 0) + 1);
    return () => {
      for (const body of bodies) this.release(body);
    };
  }

  private release(body: string): void {
    const left = (this.readers.get(body) ?? 1) - 1;
    if (left > 0) {
      this.readers.set(body, left);
      return;
    }
    this.readers.delete(body);
    if (this.doomed.delete(body)) void this.remove(body);
  }

  private async remove(body: string): Promise<void> {
    // a file that stays behind is swept at the next start
    await unlink(this.path(body)).catch(() => undefined);
  }
}

const smallBytes = 64 * 1024;
const readAheadBytes = 256 * 1024;

interface Slice {
  body: string;
  start: number;
  /** The last byte, as in HTTP. */
  end: number;
  whole: boolean;
}

function slicesOf(segments: Segment[], { start, length }: { start: number; length: number }): Slice[] {
  const slices: Slice[] = [];
  let offset = 0;
  for (const { body, sizeBytes } of segments) {
    const from = Math.max(start - offset, 0);
    const end = Math.min(start + length - offset, sizeBytes) - 1;
    if (from <= end) slices.push({ body, start: from, end, whole: from === 0 && end === sizeBytes - 1 });
    offset += sizeBytes;
  }
  return slices;
}
