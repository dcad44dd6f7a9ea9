import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import type { StoredObject, Upload, UploadedPart } from './model.ts';

/** One change of a bucket. A change has happened when its line is in the log, and not before. */
export type Change =
  | { op: 'create'; createdMs: number; region: string | null; lastSequencer: string }
  | { op: 'configure'; name: string; document: string | null }
  /** `uploadId` is the multipart upload that ends by becoming this object. */
  | { op: 'put'; object: StoredObject; uploadId?: string }
  | { op: 'delete'; key: string; sequencer: string }
  | { op: 'startUpload'; upload: Upload }
  | { op: 'addPart'; uploadId: string; part: UploadedPart }
  | { op: 'abortUpload'; uploadId: string };

/** An append-only file of JSON lines: cheap to write, atomic by line, read once at the start. */
export class BucketLog {
  private readonly file: number;

  private constructor(
    path: string,
    private lengthBytes: number,
  ) {
    this.file = openSync(path, 'a');
  }

  /** The changes so far. A line that a killed process left unfinished never happened, and is cut off. */
  static open(path: string): { log: BucketLog; changes: Change[] } {
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    const lengthBytes = bytes.lastIndexOf(0x0a) + 1;
    if (lengthBytes < bytes.length) truncateSync(path, lengthBytes);
    const lines = bytes.toString('utf8', 0, lengthBytes).split('\n').slice(0, -1);
    const changes = lines.map((line, index) => parseLine(line, `${path}:${index + 1}`));
    return { log: new BucketLog(path, lengthBytes), changes };
  }

  /** Replaces the history by the shortest one that leads to the same state. */
  static rewrite(path: string, changes: Change[]): BucketLog {
    const text = changes.map(lineOf).join('');
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
    return new BucketLog(path, Buffer.byteLength(text));
  }

  append(change: Change): void {
    const line = Buffer.from(lineOf(change));
    try {
      if (writeSync(this.file, line) < line.length)
        throw new Error('The disk is full: a log line was cut short');
    } catch (error) {
      ftruncateSync(this.file, this.lengthBytes);
      throw error;
    }
    this.lengthBytes += line.length;
  }

  close(): void {
    closeSync(this.file);
  }
}

const lineOf = (change: Change): string => `${JSON.stringify(change)}\n`;

function parseLine(line: string, place: string): Change {
  try {
    return JSON.parse(line) as Change;
  } catch {
    throw new Error(`${place} is damaged; delete the directory of the bucket to start afresh`);
  }
}
