import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';

export interface LocalDynamo {
  endpoint: string;
  port: number;
  stop(): Promise<void>;
}

/** DynamoDB on this machine. Port 0 takes any; `directory` null keeps everything in memory. */
export async function startLocalDynamo(options: {
  port: number;
  directory: string | null;
  host?: string;
}): Promise<LocalDynamo> {
  const { port, directory, host = '127.0.0.1' } = options;
  await assertPortIsFree(port, host);
  if (directory !== null) await mkdir(directory, { recursive: true });
  const server = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    ...(directory !== null && { path: directory }),
  });
  // Its own handler throws when a client hangs up in the middle of a request, which would end the whole process.
  server.on('request', (request: IncomingMessage) =>
    request.removeAllListeners('error').on('error', () => {}),
  );
  await listening(server, port, host);
  const bound = (server.address() as AddressInfo).port;
  return { endpoint: `http://${host}:${bound}`, port: bound, stop: () => closed(server) };
}

/** The properties of an `AWS::DynamoDB::Table`; what only AWS knows (TTL, backups, encryption) is left out. */
export type TableProperties = Pick<
  CreateTableCommandInput,
  'TableName' | 'KeySchema' | 'AttributeDefinitions' | 'GlobalSecondaryIndexes'
>;

/** Creates the table unless it stands; throws when it stands with other keys or indexes. */
export async function createTable(endpoint: string, properties: TableProperties): Promise<void> {
  const client = localClient(endpoint);
  const { TableName, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } = properties;
  const wanted = { TableName, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes };
  try {
    await client.send(new CreateTableCommand({ ...wanted, BillingMode: 'PAY_PER_REQUEST' }));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (shape(Table) !== shape(wanted)) {
      throw new Error(
        `table ${TableName} stands with other keys or indexes: delete the local data and start again`,
      );
    }
  } finally {
    client.destroy();
  }
}

/** A client for a local server, which takes any credentials. */
export const localClient = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

/** The database opens its files before it listens, so a taken port must be found first. */
async function assertPortIsFree(port: number, host: string): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  await listening(probe, port, host);
  await closed(probe);
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}

type Shape = Pick<TableDescription, 'KeySchema' | 'GlobalSecondaryIndexes'>;

function shape(
  table: Partial<Pick<TableProperties, 'KeySchema' | 'GlobalSecondaryIndexes'>> | Shape | undefined,
): string {
  const keys = (schema: { AttributeName?: string | undefined; KeyType?: string | undefined }[] = []) =>
    schema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ');
  const indexes = (table?.GlobalSecondaryIndexes ?? []).map(
    (index) => `${index.IndexName} (${keys(index.KeySchema)})`,
  );
  return [keys(table?.KeySchema), ...indexes.sort()].join('; ');
}
