import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { writeItems } from '../../../lib/store/batchWrite.ts';
import { listByTime, listSortOf } from '../../../lib/store/byTime.ts';
import {
  copyObject,
  deleteObject,
  listFolders,
  listObjects,
  putObject,
  readMetadata,
  readText,
} from '../../../lib/store/objects.ts';
import { deleteItem, getItem, getItems, putItem, queryItems, updateItem } from '../../../lib/store/table.ts';
import { objectPrefixOf, partitionPrefixOf } from '../../../lib/store/tenants.ts';
import { startLocalS3 } from '../../../local/s3/server.ts';
import { localTable } from './localTable.ts';

const table = await localTable();
const directory = await mkdtemp(join(tmpdir(), 'valuecast-tenants-'));
const server = await startLocalS3({ port: 0, directory });
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const client = new S3Client({
  endpoint: server.endpoint,
  region: 'eu-central-1',
  forcePathStyle: true,
  credentials,
});
await fetch(`${server.endpoint}/bucket`, { method: 'PUT' });
afterAll(async () => {
  client.destroy();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

/** One whose name begins as another's, and keys that look as if they were another's. */
const tenant = fc.constantFrom('a', 'a-b', 'b');
const pk = fc.constantFrom('RUN#1', 'TENANT#b#RUN#1', '#RUN#1', 'b#RUN#1');
const sk = fc.constantFrom('LIST#x#00000000', 'LIST#x#00000001', 'RECORD');
const key = fc.constantFrom(
  'customers/a.csv',
  'settings.json',
  'tenants/b/customers/a.csv',
  'b/customers/a.csv',
  '../b/settings.json',
);
const what = fc.constantFrom('put', 'putMany', 'update', 'delete');

let runs = 0;

test('whoever reads and writes items through a tenant’s table finds what that tenant wrote, and all of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ tenant, what, pk, sk }), { minLength: 1, maxLength: 8 }),
      async (steps) => {
        const run = runs++;
        const written = new Map<string, Map<string, number>>();
        const named = (one: { pk: string; sk: string }) => ({ pk: `${one.pk}#${run}`, sk: one.sk });
        for (const [at, step] of steps.entries()) {
          const own = { ...table, tenant: step.tenant };
          const model = written.get(step.tenant) ?? new Map<string, number>();
          written.set(step.tenant, model);
          const place = named(step);
          const item = {
            ...place,
            at,
            listPartition: `RUNS#${run}`,
            listSort: listSortOf('2026-01-01T00:00:00.000Z', 'r'),
          };
          const update = { expression: 'SET #at = :at', values: { at } };
          if (step.what === 'put') await putItem(own, item);
          if (step.what === 'putMany') await writeItems(own, [item]);
          if (step.what === 'update') {
            const changed = await updateItem(own, place, {
              update,
              condition: { expression: 'attribute_exists(#pk)' },
            });
            expect(changed === null).toBe(!model.has(JSON.stringify(place)));
            if (changed === null) continue;
            expect(changed).toMatchObject({ ...place, at });
          }
          if (step.what === 'delete')
            expect(await deleteItem(own, place)).toBe(model.delete(JSON.stringify(place)));
          else model.set(JSON.stringify(place), at);
        }
        for (const name of ['a', 'a-b', 'b']) {
          const own = { ...table, tenant: name };
          const model = written.get(name) ?? new Map<string, number>();
          const places = steps.map(named);
          for (const place of places)
            expect((await getItem(own, place))?.at).toBe(model.get(JSON.stringify(place)));
          const distinct = [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
          const many = await getItems(own, distinct);
          expect(
            new Map(many.map((item) => [JSON.stringify({ pk: item.pk, sk: item.sk }), item.at])),
          ).toEqual(model);
          const queried: [string, unknown][] = [];
          for (const partition of new Set(places.map((place) => place.pk)))
            for await (const item of queryItems(own, {
              keys: { expression: '#pk = :partition', values: { partition } },
            }))
              queried.push([JSON.stringify({ pk: item.pk, sk: item.sk }), item.at]);
          expect(new Map(queried)).toEqual(model);
          const { items } = await listByTime(own, {
            index: 'byTime',
            partition: `RUNS#${run}`,
            keyOf: () => ({ pk: '', sk: '' }),
            limit: 50,
          });
          expect(items).toHaveLength(model.size);
        }
      },
    ),
    { numRuns: 8 },
  );
  const all = queryItems(table, { keys: { expression: 'begins_with(#pk, :x)', values: { x: 'R' } } });
  await expect(all.next()).rejects.toThrow(/needs a partition first/);
});

test('whoever reads and writes objects through a tenant’s buckets finds what that tenant wrote, and all of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ tenant, what, key, to: key }), { minLength: 1, maxLength: 10 }),
      async (steps) => {
        const bucket = 'bucket';
        for (const name of ['a', 'a-b', 'b'])
          for (const { key: left } of await listObjects({ client, tenant: name }, { bucket, prefix: '' }))
            await deleteObject({ client, tenant: name }, { bucket, key: left });
        const written = new Map<string, Map<string, string>>();
        for (const [at, step] of steps.entries()) {
          const own = { client, tenant: step.tenant };
          const model = written.get(step.tenant) ?? new Map<string, string>();
          written.set(step.tenant, model);
          const body = `${step.tenant} ${at}`;
          const content = model.get(step.key);
          if (step.what === 'delete') {
            await deleteObject(own, { bucket, key: step.key });
            model.delete(step.key);
          } else if (step.what === 'update' && content !== undefined) {
            await copyObject(own, {
              bucket,
              from: step.key,
              to: step.to,
              contentType: 'text/csv',
              metadata: { at: String(at) },
            });
            model.set(step.to, content);
            expect(await readMetadata(own, { bucket, key: step.to })).toEqual({ at: String(at) });
          } else {
            await putObject(own, { bucket, key: step.key, body, contentType: 'text/csv' });
            model.set(step.key, body);
          }
        }
        for (const name of ['a', 'a-b', 'b']) {
          const own = { client, tenant: name };
          const model = written.get(name) ?? new Map<string, string>();
          const listed = await listObjects(own, { bucket, prefix: '' });
          expect(listed.map((object) => object.key).sort()).toEqual([...model.keys()].sort());
          for (const { key: asked } of steps)
            expect(await readText(own, { bucket, key: asked })).toBe(model.get(asked) ?? null);
        }
        const folders = await listFolders({ client }, { bucket, prefix: 'tenants/' });
        expect(folders.sort()).toEqual(
          [...written]
            .filter(([, { size }]) => size > 0)
            .map(([name]) => name)
            .sort(),
        );
      },
    ),
    { numRuns: 6 },
  );
});

test('no prefix of a tenant begins with that of another', () => {
  const name = fc.oneof(
    fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,9}$/),
    fc.constantFrom('a', 'a-', 'a-a', 'aa'),
  );
  fc.assert(
    fc.property(name, name, (one, other) =>
      [objectPrefixOf, partitionPrefixOf].every((of) => of(one).startsWith(of(other)) === (one === other)),
    ),
  );
  expect(() => partitionPrefixOf('acme#x')).toThrow(/small letters/);
});
