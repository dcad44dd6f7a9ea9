import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { decodeItem, type Item } from '../../lib/store/item.ts';
import { datasetsPartition, runPartition } from '../../lib/store/keys.ts';
import type { World } from './world.ts';

/** All that readers of a dataset can see, without what depends on when it was made. Two equal ones are equal to the byte. */
export interface PublishedState {
  runId: string | null;
  /** `json` of pointer, pages, record, files under lasting names and receipt. */
  bytes: string;
}

export interface StateOptions {
  dataset: string;
  lastingFiles: string[];
  /** Leaves out what hangs on the run before. */
  isHistorical?: boolean;
}

export interface Everything {
  items: Item[];
  objects: Map<string, string>;
}

export async function readEverything(world: World): Promise<Everything> {
  return { items: await scan(world), objects: await readObjects(world) };
}

export function publishedState(
  { items, objects }: Everything,
  { dataset, lastingFiles, isHistorical = false }: StateOptions,
): PublishedState {
  const pointer = items.find(({ pk, sk }) => pk === datasetsPartition && sk === dataset);
  const runId = pointer?.runId === undefined ? null : String(pointer.runId);
  const own = items.filter(({ pk }) => runId !== null && pk === runPartition(runId));
  const record = own.find(({ sk }) => sk === 'RECORD');
  const pages = own
    .filter(
      ({ sk }) => sk !== 'RECORD' && !(isHistorical && /^(LOOKUP|LIST)#(value|quality)/.test(String(sk))),
    )
    .map(({ sk, body, last, parts, expiresAtSeconds }) => [sk, base64(body), last, parts, expiresAtSeconds])
    .sort(([one], [other]) => (String(one) < String(other) ? -1 : 1));
  const facts = record === undefined ? null : lastingFacts(JSON.parse(String(record.record)), isHistorical);
  const receipt = objects.get(`published/${dataset}.json`);
  const seen = {
    runId,
    manifest: isHistorical ? withoutValue(pointer?.manifest) : pointer?.manifest,
    pages,
    record: facts,
    files: lastingFiles.map((key) => [key, isHistorical ? objects.has(key) : objects.get(key)]),
    rejects: facts?.rejects.map((key) => objects.get(key)),
    receipt: receipt === undefined ? null : JSON.parse(receipt).runId,
  };
  return { runId, bytes: JSON.stringify(seen) };
}

/** Runs with a page that neither readers see nor anything lets expire. */
export function orphans(
  { items }: Everything,
  { dataset, alsoKept }: { dataset: string; alsoKept: string[] },
): string[] {
  const pointer = items.find(({ pk, sk }) => pk === datasetsPartition && sk === dataset);
  const previous =
    pointer?.previousRuns === undefined ? [] : (JSON.parse(String(pointer.previousRuns)) as string[]);
  const kept = new Set([String(pointer?.runId), ...previous, ...alsoKept].map(runPartition));
  const others = new Set(
    items.filter((item) => item.sk === 'RECORD' && item.dataset !== dataset).map(({ pk }) => String(pk)),
  );
  const forgotten = items.filter(
    ({ pk, sk, expiresAtSeconds }) =>
      String(pk).startsWith('RUN#') &&
      sk !== 'RECORD' &&
      !kept.has(String(pk)) &&
      !others.has(String(pk)) &&
      expiresAtSeconds === undefined,
  );
  return [...new Set(forgotten.map(({ pk }) => String(pk)))];
}

const withoutValue = (manifest: unknown): unknown =>
  manifest === undefined ? undefined : { ...JSON.parse(String(manifest)), value: null };

function lastingFacts(record: Record<string, unknown>, isHistorical: boolean) {
  const { dataset, status, counts, files, notes, problems, rejects, metrics, inputs, settings } = record;
  const { attempts: _, handOvers: __, ...counted } = counts as Record<string, number>;
  const named = (inputs as { key: string; etag: string }[]).map(({ key, etag }) => [key, etag]);
  return {
    ...{ dataset, status, counted, files, problems, named, settings },
    ...(!isHistorical && { notes, metrics }),
    rejects: rejects as string[],
  };
}

const base64 = (body: unknown): string | null =>
  body instanceof Uint8Array ? Buffer.from(body).toString('base64') : null;

async function scan({ dynamo, platform }: World): Promise<Item[]> {
  const items: Item[] = [];
  let start: Record<string, never> | undefined;
  do {
    const page = await dynamo.send(
      new ScanCommand({ TableName: platform.table.name, ConsistentRead: true, ExclusiveStartKey: start }),
    );
    items.push(...(page.Items ?? []).map(decodeItem));
    start = page.LastEvaluatedKey as Record<string, never> | undefined;
  } while (start !== undefined);
  return items;
}

/** Of the results, without what is kept under the name of a run or an input. */
async function readObjects({ s3, platform }: World): Promise<Map<string, string>> {
  const Bucket = platform.resultsBucket;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const keys = Contents.map(({ Key = '' }) => Key).filter((key) => !/^(runs|staged)\//.test(key));
  const texts = await Promise.all(
    keys.map(async (Key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return [Key, (await Body?.transformToString()) ?? ''] as const;
    }),
  );
  return new Map(texts);
}
