import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Bodies } from './bodies.ts';
import { BucketLog, type Change } from './bucket-log.ts';
import type { StoredObject, Upload, UploadedPart } from './model.ts';
import { SortedKeys } from './sorted-keys.ts';

/**
 * A bucket's whole state but for the bytes is in memory, rebuilt from its log at the start. Every change is one
 * synchronous step, so a condition that was checked still holds when the change is made.
 */
export class Bucket {
  readonly objects = new Map<string, StoredObject>();
  readonly uploads = new Map<string, Upload & { parts: Map<number, UploadedPart> }>();
  readonly configurations = new Map<string, string>();
  readonly bodies: Bodies;
  readonly keys: SortedKeys;
  createdMs = 0;
  region: string | null = null;
  lastSequencer = '';
  private log: BucketLog;

  constructor(
    readonly name: string,
    directory: string,
  ) {
    mkdirSync(directory, { recursive: true });
    const path = join(directory, 'log.jsonl');
    const { log, changes } = BucketLog.open(path);
    this.log = log;
    this.bodies = new Bodies(join(directory, 'bodies'));
    for (const change of changes) this.apply(change);
    this.keys = new SortedKeys(this.objects.keys());
    this.bodies.sweep(new Set(this.liveBodies()));
    const shortest = this.shortestHistory();
    if (changes.length > 1000 + 2 * shortest.length) {
      this.log.close();
      this.log = BucketLog.rewrite(path, shortest);
    }
  }

  /** Makes one change durable, then visible; the bytes that it makes unreachable are deleted. */
  record(change: Change): void {
    this.log.append(change);
    const unreachable = this.apply(change);
    if (change.op === 'put') this.keys.add(change.object.key);
    if (change.op === 'delete') this.keys.remove(change.key);
    this.bodies.discard(unreachable);
  }

  close(): void {
    this.log.close();
  }

  private apply(change: Change): string[] {
    switch (change.op) {
      case 'create':
        this.createdMs = change.createdMs;
        this.region = change.region;
        this.see(change.lastSequencer);
        return [];
      case 'configure':
        if (change.document === null) this.configurations.delete(change.name);
        else this.configurations.set(change.name, change.document);
        return [];
      case 'put':
        return this.applyPut(change.object, change.uploadId);
      case 'delete':
        this.see(change.sequencer);
        return this.takeObject(change.key);
      case 'startUpload':
        this.uploads.set(change.upload.uploadId, { ...change.upload, parts: new Map() });
        return [];
      case 'addPart':
        return this.applyPart(change.uploadId, change.part);
      case 'abortUpload':
        return this.takeUpload(change.uploadId);
    }
  }

  private see(sequencer: string): void {
    if (sequencer > this.lastSequencer) this.lastSequencer = sequencer;
  }

  private applyPut(object: StoredObject, uploadId: string | undefined): string[] {
    const replaced = this.takeObject(object.key);
    const unused = uploadId === undefined ? [] : this.takeUpload(uploadId);
    this.objects.set(object.key, object);
    this.see(object.sequencer);
    const used = new Set(object.segments.map(({ body }) => body));
    return [...replaced, ...unused].filter((body) => !used.has(body));
  }

  private applyPart(uploadId: string, part: UploadedPart): string[] {
    const parts = this.uploads.get(uploadId)?.parts;
    const replaced = parts?.get(part.partNumber);
    parts?.set(part.partNumber, part);
    return replaced ? [replaced.segment.body] : [];
  }

  private takeObject(key: string): string[] {
    const bodies = this.objects.get(key)?.segments.map(({ body }) => body) ?? [];
    this.objects.delete(key);
    return bodies;
  }

  private takeUpload(uploadId: string): string[] {
    const parts = this.uploads.get(uploadId)?.parts.values() ?? [];
    this.uploads.delete(uploadId);
    return [...parts].map(({ segment }) => segment.body);
  }

  private *liveBodies(): Generator<string> {
    for (const { segments } of this.objects.values()) for (const { body } of segments) yield body;
    for (const { parts } of this.uploads.values())
      for (const { segment } of parts.values()) yield segment.body;
  }

  private shortestHistory(): Change[] {
    const { createdMs, region, lastSequencer } = this;
    const history: Change[] = [{ op: 'create', createdMs, region, lastSequencer }];
    for (const [name, document] of this.configurations) history.push({ op: 'configure', name, document });
    for (const { parts, ...upload } of this.uploads.values()) {
      history.push({ op: 'startUpload', upload });
      for (const part of parts.values()) history.push({ op: 'addPart', uploadId: upload.uploadId, part });
    }
    for (const object of this.objects.values()) history.push({ op: 'put', object });
    return history;
  }
}
