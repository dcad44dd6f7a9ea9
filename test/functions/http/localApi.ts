import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { parse } from 'yaml';
import type { Table } from '../../../lib/store/table.ts';
import { createTable, localClient, startLocalDynamo, type TableProperties } from '../../../local/dynamo.ts';

/** The real handler over a real table of its own. */
export interface LocalApi {
  table: Table;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** With an event as it stands. */
  handle(event: unknown): Promise<APIGatewayProxyStructuredResultV2>;
  stop(): Promise<void>;
}

export interface CallOptions {
  body?: unknown;
  /** How API Gateway gives a route that it knows; without it the event is that of the catch-all. */
  routeKey?: string;
  pathParameters?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the API answered; the tests say what they expect of it
  body: any;
}

export async function startLocalApi(): Promise<LocalApi> {
  const dynamo = await startLocalDynamo({ port: 0, directory: null });
  const properties = tableProperties('valuecast-api-test');
  await createTable(dynamo.endpoint, properties);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    TABLE_NAME: properties.TableName,
    CODE_VERSION: 'test',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
  const { handler } = await import('../../../functions/api.ts');
  const client = localClient(dynamo.endpoint);
  return {
    table: { client, name: properties.TableName as string },
    call: async (method, path, options) => answerOf(await handler(eventOf(method, path, options))),
    handle: handler,
    stop: async () => {
      client.destroy();
      await dynamo.stop();
    },
  };
}

/** As API Gateway hands a request over: HTTP API, payload 2.0. */
export function eventOf(method: string, path: string, { body, routeKey, pathParameters }: CallOptions = {}) {
  const [rawPath = '', ...query] = path.split('?');
  return {
    version: '2.0',
    routeKey: routeKey ?? '$default',
    rawPath,
    rawQueryString: query.join('?'),
    headers: { 'content-type': 'application/json' },
    requestContext: { requestId: 'test', http: { method, path: rawPath } },
    ...(pathParameters && { pathParameters }),
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
  };
}

export function answerOf({ statusCode, headers, body }: APIGatewayProxyStructuredResultV2): Answer {
  const text = body ?? '';
  return {
    status: statusCode ?? 0,
    headers: headers ?? {},
    text,
    body: text === '' ? null : JSON.parse(text),
  };
}

function tableProperties(name: string): TableProperties {
  const file = join(import.meta.dirname, '../../../resources/table.yml');
  return { ...parse(readFileSync(file, 'utf8')).Resources.Table.Properties, TableName: name };
}
