import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { RetryStrategyV2 } from '@smithy/types';
import { parse } from 'yaml';
import type { InvocationContext } from '../../functions/wiring/dataWiring.ts';
import type { Platform } from '../../lib/pipeline/platform.ts';
import { createTable, startLocalDynamo, type TableProperties } from '../../local/dynamo.ts';
import { startLocalS3 } from '../../local/s3/server.ts';
import { FaultInjector } from './faults.ts';

export type HandlerName =
  | 'segment'
  | 'train'
  | 'score'
  | 'bid'
  | 'orders'
  | 'campaigns'
  | 'products'
  | 'erase';
export type GetAnswer = { status: number; body: Record<string, unknown> };

/** A table and two buckets. */
export interface Place {
  name: string;
}

/** The real handlers on a real local S3 and DynamoDB, with a clock that the test moves, and calls that it spoils. */
export interface World {
  injector: FaultInjector;
  platform: Platform;
  /** Reads and writes past the injector. */
  dynamo: DynamoDBClient;
  s3: S3Client;
  /** Makes an empty table and empty buckets and works there from now on. */
  begin(): Promise<Place>;
  goTo(place: Place): void;
  upload(key: string, body: string): Promise<void>;
  remove(key: string): Promise<void>;
  advance(ms: number): void;
  /** One invocation, as Lambda begins it; throws what the handler throws, and `Killed` where it was killed. */
  invoke(handler: HandlerName, event?: unknown, context?: InvocationContext): Promise<unknown>;
  get(path: string): Promise<GetAnswer>;
  /** Brings an earlier purchase model back. */
  rollBack(over: string): Promise<GetAnswer>;
  /** Of the function that keeps the list of the erased. */
  askPrivacy(method: 'GET' | 'DELETE', path: string): Promise<GetAnswer>;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'valuecast-torture-'));
  const [s3Server, dynamoServer] = await Promise.all([
    startLocalS3({ port: 0, directory }),
    startLocalDynamo({ port: 0, directory: null }),
  ]);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: s3Server.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoServer.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    UPLOADS_BUCKET: 'uploads',
    RESULTS_BUCKET: 'results',
    TABLE_NAME: 'table',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
  const handlers = {
    segment: (await import('../../functions/segment.ts')).handler,
    train: (await import('../../functions/train.ts')).handler,
    score: (await import('../../functions/score.ts')).handler,
    bid: (await import('../../functions/bid.ts')).handler,
    orders: (await import('../../functions/orders.ts')).handler,
    campaigns: (await import('../../functions/campaigns.ts')).handler,
    products: (await import('../../functions/products.ts')).handler,
    erase: (await import('../../functions/erase.ts')).handler,
  };
  const rollback = (await import('../../functions/rollback.ts')).handler;
  const privacy = (await import('../../functions/privacy.ts')).handler;
  const api = (await import('../../functions/api.ts')).handler;
  const { apiWiring } = await import('../../functions/wiring/apiWiring.ts');
  const { dataWiring } = await import('../../functions/wiring/dataWiring.ts');
  const platform = dataWiring();
  const injector = new FaultInjector();
  injector.watch(platform.objects.client);
  injector.watch(platform.table.client);
  await dropPauses(platform);
  const [dynamo, s3] = [new DynamoDBClient({}), new S3Client({})];
  const table = await tableProperties();
  let nowMs = Date.now();
  let worlds = 0;
  const clock = () => nowMs;
  Object.assign(platform, { clock, every: () => () => {}, measure: () => {}, log: () => {} });
  Object.assign(platform.table, { clock });
  Object.assign(apiWiring(), { clock });
  Object.assign(apiWiring().table, { clock });

  const world: World = {
    injector,
    platform,
    dynamo,
    s3,
    async begin() {
      const name = `world-${worlds++}`;
      await createTable(dynamoServer.endpoint, { ...table, TableName: name });
      for (const bucket of ['uploads', 'results'])
        await fetch(`${s3Server.endpoint}/${bucket}-${name}`, { method: 'PUT' });
      world.goTo({ name });
      return { name };
    },
    goTo({ name }) {
      platform.table.name = name;
      apiWiring().table.name = name;
      Object.assign(platform, { uploadsBucket: `uploads-${name}`, resultsBucket: `results-${name}` });
    },
    upload: async (Key, Body) =>
      void (await s3.send(new PutObjectCommand({ Bucket: platform.uploadsBucket, Key, Body }))),
    remove: async (Key) =>
      void (await s3.send(new DeleteObjectCommand({ Bucket: platform.uploadsBucket, Key }))),
    advance: (ms) => {
      nowMs += ms;
    },
    invoke: (name, event, context) => injector.invoke<unknown>(() => handlers[name](event, context)),
    get: async (path) => {
      const result = await api(eventOf('GET', path));
      return { status: result.statusCode ?? 200, body: JSON.parse(result.body ?? 'null') };
    },
    rollBack: async (over) => {
      const result = await rollback({
        ...eventOf('POST', '/models/purchase/rollback'),
        body: JSON.stringify({ over }),
      });
      return { status: result.statusCode ?? 200, body: JSON.parse(result.body ?? 'null') };
    },
    askPrivacy: async (method, path) => {
      const result = await injector.invoke(() => privacy(eventOf(method, path)));
      return { status: result.statusCode ?? 200, body: JSON.parse(result.body ?? 'null') };
    },
    async close() {
      s3.destroy();
      dynamo.destroy();
      await Promise.all([s3Server.stop(), dynamoServer.stop()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
  return world;
}

async function tableProperties(): Promise<TableProperties> {
  const template = parse(await readFile('resources/table.yml', 'utf8'));
  return template.Resources.Table.Properties;
}

/** The SDK's own retries, without the pauses between them, and without the allowance that a hundred plans would use up. */
async function dropPauses({ objects, table }: Platform): Promise<void> {
  for (const client of [objects.client, table.client]) {
    const strategy = (await client.config.retryStrategy()) as RetryStrategyV2;
    const refresh = strategy.refreshRetryTokenForRetry.bind(strategy);
    Object.assign(strategy, {
      refreshRetryTokenForRetry: async (...given: Parameters<typeof refresh>) => {
        Object.assign(strategy, { capacity: 500 });
        const token = await refresh(...given);
        return Object.assign(token, { getRetryDelay: () => 0 });
      },
    });
  }
}

function eventOf(method: string, path: string): Record<string, unknown> {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: {},
    queryStringParameters: Object.fromEntries(new URLSearchParams(rawQueryString)),
    requestContext: { requestId: 'torture', http: { method, path: rawPath } },
    isBase64Encoded: false,
  };
}
