import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import type { WriterName } from '../../lib/copywriter/settings.ts';
import type { Writer } from '../../lib/copywriter/writer.ts';
import type { Fallback } from '../../lib/copywriter/writeWords.ts';
import { erasuresKey } from '../../lib/pipeline/erased.ts';
import { writeReceipt } from '../../lib/pipeline/receipt.ts';
import { listObjects, type Objects, putObject } from '../../lib/store/objects.ts';
import type { Pointer } from '../../lib/store/pointer.ts';
import { presignGet, presignPut } from '../../lib/store/presign.ts';
import { scopedTo } from '../../lib/store/scopedTo.ts';
import type { Table } from '../../lib/store/table.ts';
import type { WordsSettingsRead } from '../writers.ts';
import { apiEnvironment, once, patience, readEnvironment } from './environment.ts';

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
  const writing = once(() => import('../writers.ts'));
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
