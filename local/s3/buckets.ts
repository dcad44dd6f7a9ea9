import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Bucket } from './bucket.ts';
import { noSuchBucket } from './call.ts';
import { S3Error } from './errors.ts';

/** All buckets below one directory. */
export class Buckets {
  private readonly byName = new Map<string, Bucket>();
  private lastSequencer = 0n;

  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true });
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.name.startsWith(doomedMark))
        rmSync(join(directory, entry.name), { recursive: true, force: true });
      else if (entry.isDirectory()) this.open(entry.name);
    }
  }

  get(name: string): Bucket | undefined {
    return this.byName.get(name);
  }

  list(): Bucket[] {
    return [...this.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  create(name: string, { region }: { region: string | null }): void {
    if (!bucketName.test(name) || name.includes('..'))
      throw new S3Error('InvalidBucketName', { BucketName: name });
    if (this.byName.has(name)) throw new S3Error('BucketAlreadyOwnedByYou', { BucketName: name });
    this.open(name).record({ op: 'create', createdMs: Date.now(), region, lastSequencer: '' });
  }

  delete(name: string): void {
    const bucket = this.byName.get(name) ?? noSuchBucket(name);
    if (bucket.keys.length > 0) throw new S3Error('BucketNotEmpty', { BucketName: name });
    bucket.close();
    this.byName.delete(name);
    // renamed first: a deletion that is interrupted must not leave half a bucket
    const doomed = join(this.directory, doomedMark + name);
    renameSync(join(this.directory, name), doomed);
    rmSync(doomed, { recursive: true, force: true });
  }

  /** Greater than every one before, over restarts too: the clock, unless that stands still or goes back. */
  nextSequencer(): string {
    const fromClock = BigInt(Date.now()) << 16n;
    this.lastSequencer = fromClock > this.lastSequencer ? fromClock : this.lastSequencer + 1n;
    return this.lastSequencer.toString(16).toUpperCase().padStart(16, '0');
  }

  close(): void {
    for (const bucket of this.byName.values()) bucket.close();
  }

  private open(name: string): Bucket {
    const bucket = new Bucket(name, join(this.directory, name));
    this.byName.set(name, bucket);
    const last = BigInt(`0x${bucket.lastSequencer || '0'}`);
    if (last > this.lastSequencer) this.lastSequencer = last;
    return bucket;
  }
}

const doomedMark = '~';

/** It names a directory too, so nothing else may pass. */
const bucketName = /^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/;
