import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import { paceOf } from '../../lib/pipeline/pace.ts';
import type { Platform } from '../../lib/pipeline/platform.ts';
import type { Events } from '../../lib/store/events.ts';
import { countCalls } from '../countCalls.ts';
import { apiEnvironment, once, patience, readEnvironment } from './environment.ts';

const dataEnvironment = z.extend(apiEnvironment, {
  UPLOADS_BUCKET: z.string().check(z.minLength(1)),
  RESULTS_BUCKET: z.string().check(z.minLength(1)),
  STAGE: z._default(z.string(), 'development'),
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z._default(z.coerce.number().check(z.positive()), 3008),
});

const eventsEnvironment = z.object({ EVENT_BUS: z._default(z.string().check(z.minLength(1)), 'default') });

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
