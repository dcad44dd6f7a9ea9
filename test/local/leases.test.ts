import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { acquireLease } from '../../lib/store/lease.ts';
import { type LocalCloud, startLocalCloud } from '../../local/cloud.ts';
import { localClient } from '../../local/dynamo.ts';
import { endLeases } from '../../local/leases.ts';

const directory = mkdtempSync(join(tmpdir(), 'valuecast-leases-'));
let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await startLocalCloud({ directory });
});
afterAll(async () => {
  await cloud.stop();
  rmSync(directory, { recursive: true });
});

it('a lease of a function that was killed is free at the next start, and its fence is passed', async () => {
  const table = { client: localClient(cloud.dynamoEndpoint), name: cloud.tableName };
  const acquire = (owner: string) =>
    acquireLease(table, { dataset: 'customers', owner, nowMs: 0, ttlMs: 60_000 });
  const killed = await acquire('killed');
  expect(await acquire('waiting')).toBeNull();
  await endLeases(cloud.dynamoEndpoint, cloud.tableName);
  expect((await acquire('waiting'))?.fence).toBeGreaterThan(killed?.fence ?? Number.NaN);
  table.client.destroy();
});

it('an empty table has no leases to end', async () => {
  await expect(endLeases(cloud.dynamoEndpoint, cloud.tableName)).resolves.toBeUndefined();
});
