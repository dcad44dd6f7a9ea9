import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { NoSuchKey } from '@aws-sdk/client-s3';
import { type ObjectName, type Objects, openObject, putObject, type Written } from './objects.ts';

/** Objects as files of a scratch directory, for what reads and writes files: DuckDB. */

/** Gives `work` an empty directory below `parent` and removes it afterwards, also when `work` throws. */
export async function withScratchDirectory<Result>(
  parent: string,
  work: (directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(parent, 'valuecast-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Writes an object to a file; false where there is no such object. Throws when it ends before its announced length. */
export async function fetchToFile(
  objects: Objects,
  name: ObjectName & { ifMatch?: string },
  path: string,
): Promise<boolean> {
  try {
    await pipeline(Readable.from(openObject(objects, name)), createWriteStream(path));
    return true;
  } catch (error) {
    if (error instanceof NoSuchKey) return false;
    throw error;
  }
}

/** Stores a file as an object, with one request that can be tried again; the file is read into memory for it. Answers its size. */
export async function storeFile(
  objects: Objects,
  { path, ...written }: Written & { path: string },
): Promise<{ sizeBytes: number }> {
  const body = await readFile(path);
  await putObject(objects, { ...written, body });
  return { sizeBytes: body.byteLength };
}
