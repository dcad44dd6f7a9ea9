import { readFile } from 'node:fs/promises';
import { afterAll } from 'vitest';
import { parse } from 'yaml';
import type { Table } from '../../../lib/store/table.ts';
import { createTable, localClient, startLocalDynamo } from '../../../local/dynamo.ts';

/** An empty table as the template defines it, in memory, until the test file ends. Its clock stands at `clock()`. */
export async function localTable(clock: () => number = Date.now): Promise<Table> {
  const dynamo = await startLocalDynamo({ port: 0, directory: null });
  const template = parse(await readFile('resources/table.yml', 'utf8'));
  await createTable(dynamo.endpoint, { ...template.Resources.Table.Properties, TableName: 'valuecast-test' });
  const client = localClient(dynamo.endpoint);
  afterAll(async () => {
    client.destroy();
    await dynamo.stop();
  });
  return { client, name: 'valuecast-test', clock, idKey: 'a key' };
}
