import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTable, startLocalDynamo, type TableProperties } from './dynamo.ts';
import { startLocalEvents } from './events.ts';
import type { ObjectEvent } from './s3/model.ts';
import { startLocalS3 } from './s3/server.ts';
import { element, xmlDocument } from './s3/xml.ts';
import { resourcesOfType, type Service, type ServiceNames, serviceNames } from './service.ts';
import { readServiceFile } from './service-file.ts';

export interface LocalCloudOptions {
  /** 0 takes any free port. */
  ports?: { s3: number; dynamodb: number; events: number };
  /** Where buckets and table live; they are found again at the next start. */
  directory: string;
  /** Called after an object is durably written or deleted. */
  onObjectEvent?: (event: ObjectEvent) => void;
  service?: Service;
}

export interface LocalCloud extends ServiceNames {
  s3Endpoint: string;
  dynamoEndpoint: string;
  eventsEndpoint: string;
  /** Events for others, one a line. */
  eventsFile: string;
  stop(): Promise<void>;
}

/** S3, DynamoDB and an event bus on this machine, with the buckets and the table of serverless.yml; no functions, no HTTP. */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { ports = { s3: 0, dynamodb: 0, events: 0 }, directory, onObjectEvent } = options;
  const service = options.service ?? readServiceFile(projectDirectory);
  const eventsFile = join(directory, 'events.ndjson');
  const [s3, dynamo, events] = await startAll([
    startLocalS3({
      port: ports.s3,
      directory: join(directory, 's3'),
      ...(onObjectEvent && { onEvent: onObjectEvent }),
    }),
    startLocalDynamo({ port: ports.dynamodb, directory: join(directory, 'dynamodb') }),
    startLocalEvents({ port: ports.events, file: eventsFile }),
  ]);
  const stop = async () => {
    await Promise.all([s3.stop(), dynamo.stop(), events.stop()]);
  };
  try {
    await Promise.all([createBuckets(s3.endpoint, service), createTables(dynamo.endpoint, service)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    s3Endpoint: s3.endpoint,
    dynamoEndpoint: dynamo.endpoint,
    eventsEndpoint: events.endpoint,
    eventsFile,
    ...serviceNames(service),
    stop,
  };
}

export const projectDirectory = fileURLToPath(new URL('..', import.meta.url));

/** All or none: what did start is stopped again when another did not. */
async function startAll<Servers extends Stoppable[]>(
  starts: {
    [At in keyof Servers]: Promise<Servers[At]>;
  },
): Promise<Servers> {
  const outcomes: PromiseSettledResult<Stoppable>[] = await Promise.allSettled(starts);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return (await Promise.all(starts)) as Servers;
  await Promise.all(outcomes.map((outcome) => outcome.status === 'fulfilled' && outcome.value.stop()));
  throw failed.reason;
}

interface Stoppable {
  stop(): Promise<void>;
}

async function createBuckets(endpoint: string, service: Service): Promise<void> {
  for (const { BucketName, CorsConfiguration } of resourcesOfType(service, 'AWS::S3::Bucket')) {
    const response = await fetch(`${endpoint}/${BucketName}`, { method: 'PUT' });
    // 409: it is ours already, from an earlier start.
    if (!response.ok && response.status !== 409)
      throw new Error(`the local S3 answered ${response.status} when asked to create bucket ${BucketName}`);
    await response.arrayBuffer();
    if (CorsConfiguration === undefined) continue;
    const { CorsRules } = CorsConfiguration as { CorsRules: CorsRule[] };
    const body = xmlDocument('CORSConfiguration', CorsRules.map(corsElement));
    await (await fetch(`${endpoint}/${BucketName}?cors`, { method: 'PUT', body })).arrayBuffer();
  }
}

interface CorsRule {
  AllowedOrigins: string[];
  AllowedMethods: string[];
  AllowedHeaders?: string[];
  ExposedHeaders?: string[];
  MaxAge?: number;
}

/** CloudFormation and S3 name the same things a little differently. */
const corsElement = ({
  AllowedOrigins,
  AllowedMethods,
  AllowedHeaders = [],
  ExposedHeaders = [],
  MaxAge,
}: CorsRule) =>
  element('CORSRule', [
    ...AllowedOrigins.map((origin) => element('AllowedOrigin', origin)),
    ...AllowedMethods.map((method) => element('AllowedMethod', method)),
    ...AllowedHeaders.map((name) => element('AllowedHeader', name)),
    ...ExposedHeaders.map((name) => element('ExposeHeader', name)),
    element('MaxAgeSeconds', MaxAge),
  ]);

async function createTables(endpoint: string, service: Service): Promise<void> {
  for (const properties of resourcesOfType(service, 'AWS::DynamoDB::Table'))
    await createTable(endpoint, properties as TableProperties);
}
