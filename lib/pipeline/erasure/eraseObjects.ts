import { gunzipSync, gzipSync } from 'node:zlib';
import { isCheckpoint } from '../../store/checkpoints.ts';
import { forEachConcurrently } from '../../store/concurrency.ts';
import {
  deleteObject,
  listObjects,
  ObjectChanged,
  putObject,
  readBytes,
  readMetadata,
  type StoredObject,
} from '../../store/objects.ts';
import type { Platform } from '../platform.ts';
import { eraseFromColumns } from './eraseColumns.ts';
import { eraseFromCsv } from './eraseCsv.ts';
import { eraseParquet } from './eraseParquet.ts';

/** Where the results bucket holds customers; EraseRole names the same places. */
export const placesOfCustomers = [
  'runs/',
  'scores/',
  'segments/',
  'customers.csv',
  'customer-values.csv',
  'recommendations.csv',
  'predictions/',
  'campaigns/',
  'actions/',
  'standings/',
  'rejects/',
];

/** Made of the uploads, and made again from them, as checkpoints are: what an erased customer may be in is removed as a whole. */
const remadePrefix = 'staged/';

export interface ErasingObjects {
  isErased: (customerId: string) => boolean;
  /** ISO 8601: what was staged before may hold one of them. */
  stagedBefore: string;
}

/**
 * Takes the erased out of every object. Answers whether nobody else changed one meanwhile, which would have to be looked at again. Throws,
 * after all others, where some could not be read.
 */
export async function eraseObjects(
  platform: Platform,
  { isErased, stagedBefore }: ErasingObjects,
): Promise<boolean> {
  const { objects, resultsBucket: bucket } = platform;
  const listings = await Promise.all(
    [remadePrefix, 'runs/'].map((prefix) => listObjects(objects, { bucket, prefix })),
  );
  const old = listings
    .flat()
    .filter(({ key }) => key.startsWith(remadePrefix) || isCheckpoint(key))
    .filter(({ lastModified }) => lastModified < stagedBefore);
  await forEachConcurrently(old, 8, ({ key }) => deleteObject(objects, { bucket, key }));
  let isWhole = true;
  const failures: Error[] = [];
  for (const prefix of placesOfCustomers) {
    for (const object of await listObjects(objects, { bucket, prefix })) {
      try {
        await eraseFromObject(platform, object, isErased);
      } catch (error) {
        if (error instanceof ObjectChanged) isWhole = false;
        else failures.push(new Error(`${object.key} cannot be gone through`, { cause: error }));
      }
    }
  }
  if (failures.length === 0) return isWhole;
  const [{ message: first } = { message: '' }] = failures;
  throw new AggregateError(
    failures,
    `${failures.length} of the stored objects could not be erased from: ${first}`,
  );
}

/** It is written back on the condition that nobody, as a publication would, has put another in its place since. */
async function eraseFromObject(
  platform: Platform,
  { key, etag: ifMatch }: StoredObject,
  isErased: (customerId: string) => boolean,
): Promise<void> {
  const { objects, resultsBucket: bucket } = platform;
  const name = { bucket, key, ifMatch };
  if (key.endsWith('.parquet')) return eraseParquet(platform, name, isErased);
  const kind = textKinds.find(({ suffix }) => key.endsWith(suffix));
  if (kind === undefined) return;
  const left = kind.erase((await readBytes(objects, name)) ?? Buffer.alloc(0), isErased);
  if (left === null) return;
  const metadata = (await readMetadata(objects, { bucket, key })) ?? {};
  await putObject(objects, { ...name, metadata, body: left, contentType: kind.contentType });
}

const textKinds: {
  suffix: string;
  contentType: string;
  /** Null where there is nobody to take out. */
  erase: (bytes: Buffer, isErased: (customerId: string) => boolean) => string | Uint8Array | null;
}[] = [
  {
    suffix: '.csv',
    contentType: 'text/csv; charset=utf-8',
    erase: (bytes, isErased) => eraseFromCsv(bytes.toString(), isErased),
  },
  {
    suffix: '.json.gz',
    contentType: 'application/gzip',
    erase: (bytes, isErased) => {
      const left = eraseFromColumns(JSON.parse(gunzipSync(bytes).toString()), isErased);
      return left && gzipSync(JSON.stringify(left));
    },
  },
];
