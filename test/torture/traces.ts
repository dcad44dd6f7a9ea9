import { gunzipSync } from 'node:zlib';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { readParquet } from '../../lib/features/readParquet.ts';
import { decodeItem, type Item } from '../../lib/store/item.ts';
import { decompress } from '../../lib/store/packing.ts';
import { bodyOf } from '../../lib/store/pageBody.ts';
import type { Table } from '../../lib/store/table.ts';
import type { World } from './world.ts';

/** Where in the table and the results bucket a word can be found, whatever it is packed and sealed in. */
export async function tracesOf(world: World, word: string): Promise<string[]> {
  return [...(await itemsWith(world, word)), ...(await objectsWith(world, word))];
}

async function itemsWith({ dynamo, platform }: World, word: string): Promise<string[]> {
  const found: string[] = [];
  let start: Record<string, never> | undefined;
  do {
    const page = await dynamo.send(
      new ScanCommand({ TableName: platform.table.name, ConsistentRead: true, ExclusiveStartKey: start }),
    );
    for (const item of (page.Items ?? []).map(decodeItem))
      if (textOf(platform.table, item).includes(word)) found.push(`${item.pk} ${item.sk}`);
    start = page.LastEvaluatedKey as Record<string, never> | undefined;
  } while (start !== undefined);
  return found;
}

const textOf = (table: Table, item: Item): string =>
  JSON.stringify([
    { ...item, body: null },
    item.body instanceof Uint8Array ? decompress(bodyOf(table, item)) : item.body,
  ]);

async function objectsWith({ s3, platform }: World, word: string): Promise<string[]> {
  const Bucket = platform.resultsBucket;
  const found: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken }));
    for (const { Key = '' } of page.Contents ?? []) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
      if ((await contentOf(Key, bytes)).includes(word)) found.push(Key);
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return found;
}

async function contentOf(key: string, bytes: Buffer): Promise<string> {
  if (key.endsWith('.gz')) return gunzipSync(bytes).toString('latin1');
  if (!key.endsWith('.parquet')) return bytes.toString();
  // Staged files are compressed by a method that this reader does not know, and hold words as they are or not at all.
  const columns = await readParquet(bytes).then(
    ({ columns }) => [...columns],
    () => [],
  );
  return JSON.stringify(columns) + bytes.toString('latin1');
}
