import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Objects } from '../../lib/store/objects.ts';
import type { Table } from '../../lib/store/table.ts';
import { startLocalCloud } from '../../local/cloud.ts';
import { cloudEnvironment } from '../../local/environment.ts';

/** A shop on a local cloud of its own: real S3, real DynamoDB, the real handlers. */
export interface Shop {
  upload(key: string, body: string | Uint8Array): Promise<void>;
  remove(key: string): Promise<void>;
  /** Puts an object into the results bucket, as no function of ours would. */
  store(key: string, body: string): Promise<void>;
  /** Text of an object in the results bucket; null when there is none. */
  result(key: string): Promise<string | null>;
  /** When each object below a prefix of the results bucket was last written. */
  written(prefix: string): Promise<Map<string, string>>;
  segment(event?: unknown): Promise<unknown>;
  train(): Promise<unknown>;
  score(): Promise<unknown>;
  bid(): Promise<unknown>;
  orders(): Promise<unknown>;
  /** Takes the erased out of what is stored. */
  erase(): Promise<unknown>;
  campaigns(): Promise<unknown>;
  products(): Promise<unknown>;
  /** What was sent to the event bus for others. */
  // biome-ignore lint/suspicious/noExplicitAny: as with answers, tests say what they expect of an event.
  events(): Promise<any[]>;
  report(): Promise<unknown>;
  /** An answer of the HTTP API, as its caller sees it. */
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  /** With what a verified token says of who calls. */
  call(
    method: string,
    path: string,
    request: { body?: unknown; claims?: Record<string, unknown> },
  ): Promise<Answer>;
  /** What the handlers reach, without any tenant. */
  stores(): Promise<{ objects: Objects; table: Table }>;
  /** The newest run of a dataset, as the API tells it. */
  lastRun(dataset: string): Promise<Record<string, unknown> & { runId: string; status: string }>;
  close(): Promise<void>;
}

export interface Answer {
  status: number;
  contentType: string;
  location: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever JSON came over the wire; tests say what they expect of it.
  body: any;
}

export async function openShop(): Promise<Shop> {
  const directory = await mkdtemp(join(tmpdir(), 'valuecast-shop-'));
  const cloud = await startLocalCloud({ directory });
  Object.assign(process.env, {
    ...cloudEnvironment(cloud),
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: process.env.POWERTOOLS_METRICS_DISABLED ?? 'true',
  });
  const [
    segment,
    train,
    score,
    bid,
    orders,
    erase,
    campaigns,
    products,
    api,
    rollback,
    privacy,
    words,
    files,
  ] = await Promise.all([
    import('../../functions/segment.ts'),
    import('../../functions/train.ts'),
    import('../../functions/score.ts'),
    import('../../functions/bid.ts'),
    import('../../functions/orders.ts'),
    import('../../functions/erase.ts'),
    import('../../functions/campaigns.ts'),
    import('../../functions/products.ts'),
    import('../../functions/api.ts'),
    import('../../functions/rollback.ts'),
    import('../../functions/privacy.ts'),
    import('../../functions/words.ts'),
    import('../../functions/files.ts'),
  ]);
  const s3 = new S3Client({});
  const uploads = { Bucket: cloud.uploadsBucket };
  // as serverless.yml shares the routes out
  const handlerOf = (method: string, path: string): Handler => {
    if (path === '/models/purchase/rollback') return rollback.handler;
    if (method === 'DELETE' || path.startsWith('/erasures/')) return privacy.handler;
    if (/^\/(uploads|files)\b|^\/runs\/[^/]*\/report$/.test(path)) return files.handler;
    return /\/(summary|explanation|copy)(\?|$)/.test(path) ? words.handler : api.handler;
  };
  const call: Shop['call'] = (method, path, request) =>
    ask(handlerOf(method, path), { method, path, ...request });
  const shop: Shop = {
    upload: async (Key, Body) => void (await s3.send(new PutObjectCommand({ ...uploads, Key, Body }))),
    remove: async (Key) => void (await s3.send(new DeleteObjectCommand({ ...uploads, Key }))),
    store: async (Key, Body) =>
      void (await s3.send(new PutObjectCommand({ Bucket: cloud.resultsBucket, Key, Body }))),
    result: (Key) => textOf(s3, { Bucket: cloud.resultsBucket, Key }),
    written: (prefix) => lastWritten(s3, { Bucket: cloud.resultsBucket, Prefix: prefix }),
    segment: segment.handler,
    train: train.handler,
    score: score.handler,
    bid: bid.handler,
    orders: orders.handler,
    erase: erase.handler,
    campaigns: campaigns.handler,
    products: products.handler,
    events: async () => linesOf(cloud.eventsFile),
    // apart, as it brings the charts along
    report: async () => (await import('../../functions/report.ts')).handler(),
    get: (path) => call('GET', path, {}),
    post: (path, body) => call('POST', path, { body }),
    delete: (path) => call('DELETE', path, {}),
    call,
    stores: async () => (await import('../../functions/wiring/dataWiring.ts')).dataWiring(),
    lastRun: async (dataset) => {
      const { body } = await call('GET', `/runs?dataset=${encodeURIComponent(dataset)}&limit=1`, {});
      const [newest] = body.runs;
      return (await call('GET', `/runs/${newest.runId}`, {})).body;
    },
    close: async () => {
      s3.destroy();
      await cloud.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return shop;
}

async function linesOf(file: string): Promise<unknown[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

type Handler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

async function ask(
  handler: Handler,
  {
    method,
    path,
    body,
    claims,
  }: { method: string; path: string; body?: unknown; claims?: Record<string, unknown> },
): Promise<Answer> {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    queryStringParameters: Object.fromEntries(new URLSearchParams(rawQueryString)),
    requestContext: {
      requestId: 'test',
      http: { method, path: rawPath },
      ...(claims !== undefined && { authorizer: { jwt: { claims, scopes: null } } }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2;
  const result = await handler(event);
  return {
    status: result.statusCode ?? 200,
    contentType: String(result.headers?.['content-type'] ?? result.headers?.['Content-Type'] ?? ''),
    location: result.headers?.location === undefined ? null : String(result.headers.location),
    body: JSON.parse(result.body ?? 'null'),
  };
}

async function lastWritten(
  s3: S3Client,
  place: { Bucket: string; Prefix: string },
): Promise<Map<string, string>> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command(place));
  return new Map(Contents.map(({ Key = '', LastModified }) => [Key, LastModified?.toISOString() ?? '']));
}

async function textOf(s3: S3Client, address: { Bucket: string; Key: string }): Promise<string | null> {
  try {
    return (await (await s3.send(new GetObjectCommand(address))).Body?.transformToString()) ?? '';
  } catch (error) {
    if (error instanceof NoSuchKey) return null;
    throw error;
  }
}
