import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createTable, type LocalDynamo, localClient, startLocalDynamo } from '../../local/dynamo.ts';

const template = parse(await readFile('resources/table.yml', 'utf8'));
const properties = { ...template.Resources.Table.Properties, TableName: 'valuecast-test' };
const key = { pk: { S: 'POINTERS' }, sk: { S: 'customers' } };

const running: LocalDynamo[] = [];
const directories: string[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((dynamo) => dynamo.stop()));
  await Promise.all(directories.splice(0).map((directory) => rm(directory, { recursive: true })));
});

async function start(options: { port?: number; directory?: string | null } = {}): Promise<LocalDynamo> {
  const dynamo = await startLocalDynamo({ port: 0, directory: null, ...options });
  running.push(dynamo);
  return dynamo;
}

test('the table of the CloudFormation template can be created, again and again', async () => {
  const { endpoint } = await start();
  await createTable(endpoint, properties);
  await createTable(endpoint, properties);
  const { Table } = await localClient(endpoint).send(
    new DescribeTableCommand({ TableName: 'valuecast-test' }),
  );
  expect(Table?.TableStatus).toBe('ACTIVE');
  expect(Table?.GlobalSecondaryIndexes?.map((index) => index.IndexName)).toEqual(['byTime']);
});

test('a table that stands with other indexes is refused, not used', async () => {
  const { endpoint } = await start();
  await createTable(endpoint, {
    ...properties,
    AttributeDefinitions: properties.AttributeDefinitions.slice(0, 2),
    GlobalSecondaryIndexes: undefined,
  });
  await expect(createTable(endpoint, properties)).rejects.toThrow(/other keys or indexes/);
});

test('items on disk are there again after a restart', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'valuecast-dynamo-'));
  directories.push(directory);
  const first = await start({ directory });
  await createTable(first.endpoint, properties);
  const item = { ...key, fence: { N: '3' } };
  await localClient(first.endpoint).send(new PutItemCommand({ TableName: 'valuecast-test', Item: item }));
  await running.splice(0)[0]?.stop();

  const second = await start({ directory });
  await createTable(second.endpoint, properties);
  const read = await localClient(second.endpoint).send(
    new GetItemCommand({ TableName: 'valuecast-test', Key: key }),
  );
  expect(read.Item).toEqual(item);
});

test('a port in use is an error with its code, and no file is touched', async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  const { port } = blocker.address() as { port: number };
  const directory = join(tmpdir(), `valuecast-never-made-${port}`);
  await expect(start({ port, directory })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(existsSync(directory)).toBe(false);
  await new Promise((resolve) => blocker.close(resolve));
});

test('a client that hangs up in the middle of a request does not end the process', async () => {
  const { endpoint, port } = await start();
  const socket = connect(port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"Table');
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.resetAndDestroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await createTable(endpoint, properties);
});

test('stopping does not wait for connections, idle or in the middle of a request', async () => {
  const dynamo = await start();
  await createTable(dynamo.endpoint, properties);
  const socket = connect(dynamo.port, '127.0.0.1').on('error', () => {});
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"Table');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const before = performance.now();
  await running.splice(0)[0]?.stop();
  expect(performance.now() - before).toBeLessThan(1_000);
});
