import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import type { WriterName } from '../lib/copywriter/settings.ts';
import type { Writer } from '../lib/copywriter/writer.ts';
import type { Fallback } from '../lib/copywriter/writeWords.ts';
import { erasuresKey } from '../lib/pipeline/erased.ts';
import { paceOf } from '../lib/pipeline/pace.ts';
import type { Platform } from '../lib/pipeline/platform.ts';
import { writeReceipt } from '../lib/pipeline/receipt.ts';
import type { Events } from '../lib/store/events.ts';
import { listObjects, type Objects, putObject } from '../lib/store/objects.ts';
import type { Pointer } from '../lib/store/pointer.ts';
import { presignGet, presignPut } from '../lib/store/presign.ts';
import type { Table } from '../lib/store/table.ts';
import { idKeyOfTenant } from '../lib/store/tenants.ts';
import { countCalls } from './countCalls.ts';
import type { WordsSettingsRead } from './writers.ts';

/** The only place that reads the environment and the clock, and that makes clients. */

const apiEnvironment = z.object({
  TABLE_NAME: z.string().check(z.minLength(1)),
  CODE_VERSION: z._default(z.string(), 'development'),
  ID_KEY: z._default(z.string().check(z.minLength(1)), 'development'),
  /** Of the caller's token: which shop it speaks for. Empty: there is one shop. */
  TENANT_CLAIM: z._default(z.string(), ''),
});
const resultsEnvironment = z.object({ RESULTS_BUCKET: z.string().check(z.minLength(1)) });
/** The language models that a deployment names; an empty one is none. */
const wordsEnvironment = z.object({
  UPLOADS_BUCKET: z.string().check(z.minLength(1)),
  BEDROCK_MODEL: z._default(z.string(), ''),
  BEDROCK_INFERENCE_PROFILE: z._default(z.string(), ''),
  BEDROCK_GUARDRAIL: z._default(z.string(), ''),
  BEDROCK_GUARDRAIL_VERSION: z._default(z.string(), 'DRAFT'),
  BEDROCK_OUTPUT: z._default(z.enum(['jsonSchema', 'tool']), 'jsonSchema'),
  OPENAI_URL: z._default(z.string(), ''),
  OPENAI_MODEL: z._default(z.string(), ''),
  OPENAI_OUTPUT: z._default(z.enum(['jsonSchema', 'jsonObject']), 'jsonSchema'),
  OPENAI_KEY_PARAMETER: z._default(z.string(), ''),
  OPENAI_KEY_SECRET: z._default(z.string(), ''),
});
export type ModelEnvironment = z.infer<typeof wordsEnvironment>;
const fileEnvironment = z.extend(resultsEnvironment, { UPLOADS_BUCKET: z.string().check(z.minLength(1)) });
const dataEnvironment = z.extend(apiEnvironment, {
  UPLOADS_BUCKET: z.string().check(z.minLength(1)),
  RESULTS_BUCKET: z.string().check(z.minLength(1)),
  STAGE: z._default(z.string(), 'development'),
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z._default(z.coerce.number().check(z.positive()), 3008),
});

const eventsEnvironment = z.object({ EVENT_BUS: z._default(z.string().check(z.minLength(1)), 'default') });

export interface ApiWiring {
  table: Table;
  /** Milliseconds since 1970. */
  clock: () => number;
  codeVersion: string;
  /** Of the keyed hashes of customers' ids. */
  idKey: string;
  log: Logger;
  /** Tells those who build on a dataset that its pointer has moved. Where it is absent or fails, the sweep finds out. */
  announce?: (pointer: Pointer) => Promise<void>;
  /** Tells those who read customers that the list of the erased has changed. Likewise. */
  announceErasures?: () => Promise<void>;
  /** What writes; of the function that answers in words alone. */
  words?: WordsWiring;
  /** What the routes for files need of the buckets. */
  files?: FileAccess;
  /** Where there are several shops: the claim that names the caller's, and what answers for that one. */
  tenants?: { claim: string; wiringOf: (tenant: string) => ApiWiring };
}

export interface WordsWiring {
  /** Those of settings.json at this moment; the defaults, with the problem, where it cannot be used. */
  readSettings: () => Promise<WordsSettingsRead>;
  /** The writer of this name, or why there is none. */
  writers: (name: WriterName) => Promise<Writer | Fallback>;
}

export interface FileAccess {
  isUploaded(key: string): Promise<boolean>;
  isResult(key: string): Promise<boolean>;
  presignUpload(upload: {
    key: string;
    sizeBytes: number;
    contentType: string;
    expiresInSeconds: number;
  }): Promise<string>;
  presignDownload(download: { key: string; expiresInSeconds: number; isShown?: boolean }): Promise<string>;
}

/** A lost connection is noticed and tried again, instead of being waited for until the function's own end. */
const patience = (requestTimeout: number) => ({
  requestHandler: { connectionTimeout: 1000, requestTimeout },
  maxAttempts: 4,
});

/** What the HTTP API stands on; it reads the table and nothing else. One per process, so that connections are kept. */
export const apiWiring = once((): ApiWiring => {
  const environment = readEnvironment(apiEnvironment);
  const claim = environment.TENANT_CLAIM;
  const wiring: ApiWiring = {
    ...(claim !== '' && { tenants: { claim, wiringOf: (tenant: string) => scopedTo(tenant, wiring) } }),
    table: {
      client: new DynamoDBClient(patience(2000)),
      name: environment.TABLE_NAME,
      idKey: environment.ID_KEY,
    },
    clock: Date.now,
    codeVersion: environment.CODE_VERSION,
    idKey: environment.ID_KEY,
    log: new Logger({ serviceName: 'valuecast' }),
  };
  return wiring;
});

/** What answers for a shop: the one, or that of several. */
export const wiringOfTenant = (tenant: string | undefined): ApiWiring =>
  tenant === undefined ? apiWiring() : scopedTo(tenant, apiWiring());

/** Whether this deployment is for several shops. */
export const servesTenants = (): boolean => apiWiring().tenants !== undefined;

/** What a tenant has of its own: a part of the table, and a key. */
function scopedTo(tenant: string, { table, idKey: ofAll, ...wiring }: ApiWiring): ApiWiring {
  const idKey = idKeyOfTenant(ofAll, tenant);
  return { ...wiring, idKey, table: { ...table, idKey, tenant } };
}

/** The API's, with what reaches the buckets: of the tenant who asks, where there are several. */
function withObjects(
  objects: Objects,
  reach: (objects: Objects, wiring: ApiWiring) => Partial<ApiWiring>,
): ApiWiring {
  const api = apiWiring();
  const wiringOf = (tenant: string): ApiWiring => {
    const scoped = scopedTo(tenant, api);
    return { ...scoped, ...reach({ ...objects, tenant }, scoped) };
  };
  return { ...api, ...reach(objects, api), ...(api.tenants && { tenants: { ...api.tenants, wiringOf } }) };
}

/** The API's, and what moving a pointer takes. Marked pure, so that the API's bundle goes without S3. */
export const rollbackWiring = /* @__PURE__ */ once((): ApiWiring => {
  const { RESULTS_BUCKET: resultsBucket } = readEnvironment(resultsEnvironment);
  return withObjects({ client: new S3Client(patience(2000)) }, (objects, { log }) => ({
    announce: (pointer: Pointer) =>
      writeReceipt({ objects, resultsBucket }, pointer).catch((error: unknown) =>
        log.error('the receipt was not written: the sweep will find the pointer', { reason: String(error) }),
      ),
  }));
});

/** The API's, and what telling of a changed list takes. Marked pure, so that the API's bundle goes without S3. */
export const privacyWiring = /* @__PURE__ */ once((): ApiWiring => {
  const { RESULTS_BUCKET: bucket } = readEnvironment(resultsEnvironment);
  return withObjects({ client: new S3Client(patience(2000)) }, (objects, { clock, log }) => ({
    announceErasures: () =>
      putObject(objects, {
        ...{ bucket, key: erasuresKey, contentType: 'application/json' },
        body: JSON.stringify({ changedAt: new Date(clock()).toISOString() }),
      }).catch((error: unknown) =>
        log.error('the erasure was not announced: the sweep will find it', { reason: String(error) }),
      ),
  }));
});

/** The API's, the settings, and the writers. Marked pure, so that the API's bundle goes without all of them. */
export const wordsWiring = /* @__PURE__ */ once((): ApiWiring => {
  const environment = readEnvironment(wordsEnvironment);
  // loaded here, so that the API's bundle goes without settings and writers
  const writing = once(() => import('./writers.ts'));
  const writers = remembered(async (name: WriterName) => (await writing()).makeWriter(name, environment));
  return withObjects({ client: new S3Client(patience(2000)) }, (objects) => ({
    words: {
      readSettings: async () => (await writing()).readSettings(objects, environment.UPLOADS_BUCKET),
      writers,
    },
  }));
});

/** The API's, and addresses of objects in both buckets. Marked pure, so that the API's bundle goes without S3. */
export const filesWiring = /* @__PURE__ */ once((): ApiWiring => {
  const { UPLOADS_BUCKET: uploads, RESULTS_BUCKET: results } = readEnvironment(fileEnvironment);
  // An address is signed before there is a body to have a checksum.
  const client = new S3Client({ ...patience(2000), requestChecksumCalculation: 'WHEN_REQUIRED' });
  const isThere = async (objects: Objects, bucket: string, key: string): Promise<boolean> =>
    (await listObjects(objects, { bucket, prefix: key })).some((object) => object.key === key);
  return withObjects({ client }, (objects) => ({
    files: {
      isUploaded: (key) => isThere(objects, uploads, key),
      isResult: (key) => isThere(objects, results, key),
      presignUpload: (upload) => presignPut(objects, { bucket: uploads, ...upload }),
      presignDownload: (download) => presignGet(objects, { bucket: results, ...download }),
    },
  }));
});

/** What a run stands on: both buckets, the table, the clock. Marked pure, so that the API's bundle goes without S3. */
export const dataWiring = /* @__PURE__ */ once((): Platform => {
  const environment = readEnvironment(dataEnvironment);
  const log = new Logger({ serviceName: 'valuecast' });
  const metrics = new Metrics({ namespace: 'Valuecast', serviceName: `valuecast-${environment.STAGE}` });
  const s3 = new S3Client(patience(30_000));
  const dynamodb = new DynamoDBClient(patience(30_000));
  return {
    objects: { client: s3 },
    table: {
      client: dynamodb,
      name: environment.TABLE_NAME,
      idKey: environment.ID_KEY,
    },
    uploadsBucket: environment.UPLOADS_BUCKET,
    resultsBucket: environment.RESULTS_BUCKET,
    scratchDirectory: tmpdir(),
    memoryMb: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    codeVersion: environment.CODE_VERSION,
    idKey: environment.ID_KEY,
    clock: Date.now,
    newOwner: randomUUID,
    every: (milliseconds, work) => {
      const timer = setInterval(work, milliseconds);
      return () => clearInterval(timer);
    },
    calls: countCalls(s3, dynamodb),
    measure: (dataset, measures, of) => {
      // A file of scoring/ is a dataset, but a metric of its own for each file would never end.
      metrics.addDimension('dataset', dataset.split('/')[0] ?? dataset);
      if (of !== undefined) metrics.addDimension('stage', of.stage);
      for (const [name, { value, unit }] of Object.entries(measures)) metrics.addMetric(name, unit, value);
      metrics.publishStoredMetrics();
    },
    pace: paceOf({ clock: Date.now, remainingMs: () => Number.POSITIVE_INFINITY }),
    log: (message, facts) => log.info(message, facts),
  };
});

/** What of Lambda's context is used. */
export interface InvocationContext {
  getRemainingTimeInMillis?: () => number;
  /** The same over the attempts at one event. */
  awsRequestId?: string;
}

/** What a run stands on in this invocation, which ends at a time that the context knows. */
export function invocationWiring(context: InvocationContext | undefined): Platform {
  const platform = dataWiring();
  const remainingMs = () => context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
  const requestId = context?.awsRequestId;
  return {
    ...platform,
    pace: paceOf({ clock: platform.clock, remainingMs }),
    log: (message, facts) =>
      platform.log(message, { ...facts, ...(requestId !== undefined && { requestId }) }),
  };
}

/** The bus on which others hear of customers who moved. Marked pure, so that no other bundle holds EventBridge. */
export const eventsWiring = /* @__PURE__ */ once(
  (): Events => ({
    client: new EventBridgeClient(patience(10_000)),
    busName: readEnvironment(eventsEnvironment).EVENT_BUS,
  }),
);

function readEnvironment<Schema extends z.ZodMiniType>(schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new Error(`the function's environment lacks ${missing}; serverless.yml sets it`);
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

/** One value for each name, made when it is first asked for; one that could not be made is tried again. */
function remembered<Name, Value>(make: (name: Name) => Promise<Value>): (name: Name) => Promise<Value> {
  const made = new Map<Name, Promise<Value>>();
  return (name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    known.catch(() => made.delete(name));
    return known;
  };
}
