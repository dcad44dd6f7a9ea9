import { ScanCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listObjects } from '../../lib/store/objects.ts';
import { tenantOfKey } from '../../lib/store/tenants.ts';
import { openShop, type Shop } from '../support/shop.ts';

/** Names of which one begins as the other does, and ids that look like the keys of others. */
const tenants = ['acme', 'acme-2'] as const;
type Tenant = (typeof tenants)[number];

const secretOf = (tenant: Tenant): string => `secret-of-${tenant === 'acme' ? 'first' : 'second'}`;
const shared = 'both/know%2F#me';
const idsOf = (tenant: Tenant): string[] => [
  `${secretOf(tenant)}`,
  `tenants/acme-2/customers/${secretOf(tenant)}`,
  `TENANT#acme-2#${secretOf(tenant)}`,
  `../acme-2/${secretOf(tenant)}`,
  shared,
];
const customersOf = (tenant: Tenant): string =>
  `customer_id,spend,orders,browsing_minutes\n${[
    ...idsOf(tenant),
    ...Array.from({ length: 20 }, (_, at) => `${secretOf(tenant)}-${at}`),
  ]
    .map((id, at) => `${id},${100 + ((at * 37) % 90)},${1 + (at % 9)},${at}`)
    .join('\n')}\n`;

interface Known {
  runId: string;
  runsCursor: string;
  listCursor: string;
}

describe('a deployment for several shops', { timeout: 120_000 }, () => {
  let shop: Shop;
  const known = {} as Record<Tenant, Known>;
  const as = (tenant: unknown, method: string, path: string) =>
    shop.call(method, path, { claims: { scope: 'valuecast/read', 'custom:shop': tenant } });

  beforeAll(async () => {
    process.env.TENANT_CLAIM = 'custom:shop';
    shop = await openShop();
    for (const tenant of tenants)
      await shop.upload(`tenants/${tenant}/customers/may.csv`, customersOf(tenant));
    // nobody's: below no tenant's prefix, or below what none can be called
    await shop.upload('customers/may.csv', customersOf('acme-2'));
    await shop.upload('tenants/Not A Shop/customers/may.csv', customersOf('acme-2'));
    await shop.segment();
    await shop.upload('tenants/acme-2/settings.json', JSON.stringify({ seed: 7, currency: 'CNY' }));
    await shop.segment({ detail: { object: { key: 'tenants/acme-2/settings.json' } } });
    for (const tenant of tenants) {
      const { body: runs } = await as(tenant, 'GET', '/runs?limit=1');
      const { body: list } = await as(tenant, 'GET', '/segments/low/customers?limit=1');
      known[tenant] = { runId: runs.runs[0].runId, runsCursor: runs.cursor ?? '', listCursor: list.cursor };
    }
  });
  afterAll(async () => {
    delete process.env.TENANT_CLAIM;
    await shop.close();
  });

  test('keeps what each has below a prefix of its own, under settings of its own', async () => {
    const { objects, table } = await shop.stores();
    for (const { key } of await listObjects(objects, { bucket: 'valuecast-local-results', prefix: '' }))
      expect(tenantOfKey(key), key).not.toBeNull();
    const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
    expect(Items.length).toBeGreaterThan(8);
    for (const { pk, listPartition } of Items) {
      expect(pk?.S).toMatch(/^TENANT#acme(-2)?#/);
      if (listPartition !== undefined) expect(listPartition.S).toMatch(/^TENANT#acme(-2)?#/);
    }
    expect(known.acme.runId).not.toBe(known['acme-2'].runId);
    const currencies = await Promise.all(tenants.map((tenant) => as(tenant, 'GET', '/segments')));
    expect(currencies.map(({ body }) => body.currency)).toEqual(['USD', 'CNY']);
    // the second shop's settings were nothing to the first
    expect((await as('acme', 'GET', '/runs')).body.runs).toHaveLength(1);
    expect((await as('acme-2', 'GET', '/runs')).body.runs).toHaveLength(2);
  });

  test('answers nobody whose token names no shop, or what none can be called', async () => {
    const names = [
      '',
      'ACME',
      'acme/',
      'acme#',
      'acme/../acme-2',
      '../acme-2',
      '-',
      'a'.repeat(64),
      ['acme'],
      null,
      7,
      {},
    ];
    for (const name of [...names, undefined]) {
      const { status, body } = await as(name, 'GET', '/segments');
      expect([name, status]).toEqual([name, 403]);
      expect(body.type).toBe('/problems/no-tenant');
    }
    expect((await shop.get('/segments')).status).toBe(403);
    // a folder that looks like a shop's is none that anybody could read
    expect((await as('not-a-shop', 'GET', '/segments')).status).toBe(404);
  });

  test('shows each nothing of the other, whatever it asks for', async () => {
    const others = (asker: Tenant): Tenant => (asker === 'acme' ? 'acme-2' : 'acme');
    const wrapped = fc.constantFrom<(text: string) => string>(
      (text) => encodeURIComponent(text),
      (text) => encodeURI(text),
      (text) => encodeURIComponent(encodeURIComponent(text)),
      (text) => text,
      (text) => `${text}%00`,
    );
    const request = fc.record({
      asker: fc.constantFrom(...tenants),
      wrap: wrapped,
      prefix: fc.constantFrom(
        '',
        'tenants/acme/',
        'tenants/acme-2/',
        '../acme-2/',
        '../',
        'TENANT#acme-2#',
        './',
      ),
      which: fc.nat(),
      path: fc.constantFrom(
        ...[
          '/customers/ID',
          '/customers/ID/action',
          '/customers/ID/recommendations',
          '/erasures/ID',
          '/files/KEY',
        ],
        ...[
          '/runs/RUN',
          '/runs/RUN/quality',
          '/runs/RUN/report',
          '/runs/RUN/summary',
          '/segments',
          '/files',
          '/health',
        ],
        ...[
          '/segments/low/customers?limit=9&cursor=LIST',
          '/runs?cursor=RUNS',
          '/runs?dataset=ID',
          '/segments/ID/customers',
        ],
      ),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ asker, wrap, prefix, which, path }) => {
        const other = others(asker);
        const ids = idsOf(other);
        const keys = [
          'customers.csv',
          'rejects/customers/may.csv',
          `reports/${known[other].runId}.html`,
          `runs/${known[other].runId}/customers.csv`,
        ];
        const asked = path
          .replace('ID', wrap(prefix + (ids[which % ids.length] as string)))
          .replace('KEY', wrap(prefix + (keys[which % keys.length] as string)))
          .replace('RUNS', known[other].runsCursor)
          .replace('RUN', known[other].runId)
          .replace('LIST', known[other].listCursor);
        const { status, body } = await as(asker, 'GET', asked);
        expect(status, asked).toBeLessThan(500);
        // an answer may repeat the id that was asked for, and an address is signed for a key of the asker's own
        const { customerId: _, url = '', ...rest } = body ?? {};
        expect(JSON.stringify(rest), asked).not.toContain(secretOf(other));
        expect(JSON.stringify(rest), asked).not.toContain(known[other].runId);
        if (url !== '') expect(new URL(url).pathname).toContain(`/tenants/${asker}/`);
      }),
      { numRuns: 60 },
    );
  });

  test('takes an id that both have out of one alone', async () => {
    const path = encodeURIComponent(shared);
    for (const tenant of tenants) expect((await as(tenant, 'GET', `/customers/${path}`)).status).toBe(200);
    expect((await as('acme', 'DELETE', `/customers/${path}`)).body).toMatchObject({ state: 'erasing' });
    await shop.erase();
    expect((await as('acme', 'GET', `/customers/${path}`)).status).toBe(404);
    expect((await as('acme-2', 'GET', `/customers/${path}`)).status).toBe(200);
    expect((await as('acme-2', 'GET', `/erasures/${path}`)).status).toBe(404);
    expect(await shop.result('tenants/acme/customers.csv')).not.toContain(shared);
    expect(await shop.result('tenants/acme-2/customers.csv')).toContain(shared);
  });

  test('lets each have its own files, and put files to where its own are', async () => {
    for (const tenant of tenants) {
      const { body } = await as(tenant, 'GET', '/files/customers.csv');
      expect(body.key).toBe('customers.csv');
      const csv = await (await fetch(body.url)).text();
      expect([csv.includes(secretOf('acme')), csv.includes(secretOf('acme-2'))]).toEqual([
        tenant === 'acme',
        tenant === 'acme-2',
      ]);
    }
    const head = Buffer.from(customersOf('acme').slice(0, 200)).toString('base64');
    const asked = { fileName: '../../acme-2/customers/june.csv', sizeBytes: 500, head, folder: 'customers' };
    const { body } = await shop.call('POST', '/uploads', { body: asked, claims: { 'custom:shop': 'acme' } });
    expect(body.upload.key).toBe('customers/june.csv');
    expect(new URL(body.upload.url).pathname).toMatch(/\/tenants\/acme\/customers\/june\.csv$/);
  });
});
