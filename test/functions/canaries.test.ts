import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openShop, type Shop } from '../support/shop.ts';

/**
 * A word that stands for somebody's data in every field of every upload and request. It may come out in what is made for the shop: results,
 * answers about that very customer, rejected rows. Names of columns and of ads are nobody's data. It must not be in logs, metrics, errors (which go to the on-failure queue) or run records.
 */
const canary = (field: string): string => `zqxcanary-${field}`;
const word = 'zqxcanary';

const good = Array.from({ length: 60 }, (_, row) => row);
const day = (row: number): string => `2026-0${1 + (row % 6)}-${String(1 + (row % 28)).padStart(2, '0')}`;
const csv = (header: string[], rows: (string | number)[][]): string =>
  [header, ...rows]
    .map((cells) => cells.join(','))
    .join('\n')
    .concat('\n');

const personal = ['email', 'name', 'phone', 'address', 'note'];
const personalCells = personal.map(canary);

const tables = {
  customers: csv(
    ['customer_id', 'spend', 'orders', 'browsing_minutes', ...personal],
    [
      ...good.map((row) => [`${canary('id')}${row}`, 10 + row, 1 + (row % 9), row % 50, ...personalCells]),
      ...['spend', 'orders', 'minutes'].map((field, at) => [
        canary('bad-id'),
        ...[0, 1, 2].map((cell) => (cell === at ? canary(field) : 1)),
        ...personalCells,
      ]),
    ],
  ),
  training: csv(
    ['customer_id', 'visits', 'city', 'purchased', ...personal],
    [
      ...good.map((row) => [
        `${canary('id')}${row}`,
        row % 10,
        canary(`city${row % 3}`),
        row % 10 > 4 ? 1 : 0,
        ...personalCells,
      ]),
      [canary('bad-id'), 1, canary('city0'), canary('label'), ...personalCells],
    ],
  ),
  scoring: csv(
    ['customer_id', 'visits', 'city', ...personal],
    [
      ...good.map((row) => [`${canary('id')}${row}`, row % 10, canary(`city${row % 3}`), ...personalCells]),
      [canary('id0'), canary('visits'), canary('unseen'), ...personalCells],
    ],
  ),
  orders: csv(
    [
      'customer_id',
      'order_id',
      'ordered_at',
      'product',
      'quantity',
      'unit_price',
      'country',
      'channel',
      ...personal,
    ],
    [
      ...good.flatMap((row) =>
        [0, 1, 2].map((order) => [
          `${canary('id')}${row % 40}`,
          `${canary('order')}${row}-${order}`,
          `${day(row * 7 + order * 5)} 10:00`,
          canary(`product${row % 4}`),
          1,
          5 + row,
          'DE',
          'web',
          ...personalCells,
        ]),
      ),
      ...[
        [canary('id1'), canary('order-x'), canary('date'), 'p', 1, 5],
        [canary('id1'), canary('order-x'), '2026-05-05 10:00', 'p', canary('quantity'), 5],
        [canary('id1'), canary('order-x'), '2026-05-05 10:00', 'p', 1, canary('price')],
      ].map((cells) => [...cells, 'DE', 'web', ...personalCells]),
    ],
  ),
  events: csv(
    ['user_id', 'event_time', 'event', 'page', 'session_id'],
    [
      ...good.map((row) => [
        `${canary('id')}${row}`,
        `${day(row)} 10:00`,
        'view',
        canary('page'),
        canary('session'),
      ]),
      [canary('id1'), canary('time'), canary('event'), canary('page'), canary('session')],
    ],
  ),
  ads: csv(
    ['ad_id', 'campaign', 'impressions', 'clicks', 'conversions', 'spend', ...personal],
    [
      ...good.map((row) => [`ad${row}`, 'brand', 1000 + row, 50 + row, row % 7, 20 + row, ...personalCells]),
      [
        canary('ad-x'),
        'brand',
        canary('impressions'),
        canary('clicks'),
        1,
        canary('spend'),
        ...personalCells,
      ],
    ],
  ),
};
type Folder = keyof typeof tables;

/** What is told of the same customers and products beside their orders, with a bad row each. */
const besideOrders = {
  contacts: csv(
    ['customer_id', 'email', 'phone', 'first_name', 'consent_email', 'consent_ads', 'consent_sms'],
    [
      ...good.map((row) => [
        ...[`${canary('id')}${row}`, `${canary('mail')}${row}@example.com`, canary('phone'), canary('name')],
        ...['yes', 'yes', canary('consent')],
      ]),
      ['', canary('mail'), canary('phone'), canary('name'), 'yes', 'yes', 'no'],
    ],
  ),
  campaigns: csv(
    ['customer_id', 'group', 'segment', 'channel', 'offer', 'spend', 'date', 'converted', 'revenue'],
    [
      ...good.map((row) => [
        ...[`${canary('id')}${row}`, row % 2 === 0 ? 'treatment' : 'control', canary('segment')],
        ...[canary('channel'), canary('offer'), row, '2026-03-01', row % 3 === 0 ? 'yes' : 'no', 5],
      ]),
      [canary('id1'), canary('arm'), '', '', '', canary('spend'), canary('date'), canary('bought'), 1],
    ],
  ),
  products: csv(
    ['product', 'name', 'category', 'price', 'stock'],
    [
      ...[0, 1, 2, 3].map((at) => [canary(`product${at}`), canary('name'), canary('category'), 5, 7]),
      [canary('product-x'), canary('name'), canary('category'), canary('price'), canary('stock')],
    ],
  ),
};

/** The same table in ways that refuse it, or that its reader trips over. */
const spoilt = (text: string): Record<string, string | Uint8Array> => ({
  'no header': text.split('\n').slice(1).join('\n'),
  'a cell too many in every row': text.replaceAll(/\n(?=.)/g, `\n${canary('more')},`),
  'a quote that never ends': text.replace('\n', `\n"${canary('quote')}`),
  'a cut character': Uint8Array.from([...Buffer.from(text.slice(0, 400)), 0xe4, 0xbd]),
  'bad cells in most rows': text.replaceAll(/\d+/g, canary('cell')),
});

describe('personal values', { timeout: 300_000 }, () => {
  let shop: Shop;
  const said: string[] = [];
  const errors: string[] = [];
  const restore: (() => void)[] = [];
  beforeAll(async () => {
    process.env.POWERTOOLS_METRICS_DISABLED = 'false';
    shop = await openShop();
    process.env.POWERTOOLS_LOG_LEVEL = 'DEBUG';
    for (const stream of [process.stdout, process.stderr]) {
      const spy = vi.spyOn(stream, 'write').mockImplementation((text) => said.push(String(text)) > 0);
      restore.push(() => spy.mockRestore());
    }
    await shop.upload(
      'settings.json',
      JSON.stringify({ maxBadRowShare: 0.2, bids: { policy: 'portfolio' } }),
    );
  });
  afterAll(async () => {
    for (const one of restore) one();
    await shop.close();
  });

  const handlers = {
    customers: () => shop.segment(),
    training: () => shop.train(),
    scoring: () => shop.score(),
    orders: () => shop.orders(),
    events: () => shop.orders(),
    ads: () => shop.bid(),
  };
  /** What an invocation throws goes into the on-failure queue, with its stack. */
  const invoke = (folder: Folder): Promise<unknown> =>
    handlers[folder]().catch((error: unknown) => {
      const all = error instanceof AggregateError ? [error, ...error.errors] : [error];
      errors.push(...all.map((one) => `${one} ${(one as Error).stack} ${JSON.stringify(one)}`));
    });
  const actOn = (folder: keyof typeof besideOrders): Promise<unknown> =>
    (folder === 'products' ? shop.products() : shop.campaigns()).catch((error: unknown) => {
      errors.push(`${error} ${(error as Error).stack}`);
    });
  const recordsOfAllRuns = async (): Promise<string[]> => {
    const { body } = await shop.get('/runs?limit=200');
    const runs = body.runs as { runId: string; dataset: string }[];
    return Promise.all(
      runs.map(async ({ runId }) => JSON.stringify((await shop.get(`/runs/${runId}`)).body)),
    );
  };
  const traces = (texts: string[]): string[] =>
    texts.flatMap((text) =>
      [...text.matchAll(new RegExp(`.{0,90}${word}.{0,60}`, 'gi'))].map(([found]) => found),
    );

  test('of every upload come out in results, and in no log, metric, error or run record', async () => {
    for (const folder of Object.keys(tables) as Folder[]) {
      await shop.upload(`${folder}/good.csv`, tables[folder]);
      await invoke(folder);
    }
    await shop.train();
    await shop.score();
    await invoke('orders');
    for (const [folder, body] of Object.entries(besideOrders)) await shop.upload(`${folder}/good.csv`, body);
    await actOn('products');
    await actOn('campaigns');
    expect((await shop.lastRun('products')).status).toBe('published');
    expect((await shop.lastRun('campaigns')).status).toBe('published');
    expect(await shop.result('recommendations.csv')).toContain(canary('product'));
    expect((await shop.get('/campaigns/good')).status).toBe(200);
    const records = await recordsOfAllRuns();
    expect(records.filter((record) => record.includes('"published"')).length).toBeGreaterThanOrEqual(7);
    expect((await shop.get(`/customers/${canary('id1')}`)).status).toBe(200);
    expect(await shop.result('rejects/orders/good.csv')).toContain(canary('price'));
    expect(traces(records)).toEqual([]);
    expect(traces(said)).toEqual([]);
    expect(traces(errors)).toEqual([]);
    expect(said.join('')).toContain('"_aws"');
    expect(said.join('')).toContain('"published"');
  });

  test('of uploads that are refused, or that a run fails on, are in none of them either', async () => {
    for (const folder of Object.keys(tables) as Folder[]) {
      for (const [way, body] of Object.entries(spoilt(tables[folder]))) {
        await shop.upload(`${folder}/${way.replaceAll(' ', '-')}.csv`, body);
        await invoke(folder);
        await shop.remove(`${folder}/${way.replaceAll(' ', '-')}.csv`);
      }
    }
    for (const folder of ['contacts', 'campaigns', 'products'] as const)
      for (const way of ['no header', 'bad cells in most rows']) {
        await shop.upload(`${folder}/spoilt.csv`, spoilt(besideOrders[folder])[way] as string);
        await actOn(folder);
        await shop.remove(`${folder}/spoilt.csv`);
      }
    // What our own code has stored, damaged: here runs fail and do not know why.
    for (const key of (await shop.written('models/')).keys()) await shop.store(key, `{"${word}":`);
    for (const key of (await shop.written('staged/')).keys()) await shop.store(key, `{"${word}":`);
    for (const key of (await shop.written('predictions/')).keys()) await shop.store(key, word);
    for (const folder of ['orders', 'events', 'scoring'] as const) {
      await shop.upload(`${folder}/again.csv`, tables[folder]);
      await invoke(folder);
    }
    await shop.upload(
      'settings.json',
      JSON.stringify({ maxBadRowShare: 0.2, currency: canary('currency'), timeZone: canary('zone') }),
    );
    for (const folder of Object.keys(tables) as Folder[]) await invoke(folder);
    await shop.upload('settings.json', JSON.stringify({ maxBadRowShare: 0.2 }));
    const records = await recordsOfAllRuns();
    expect(records.filter((record) => record.includes('"rejected"')).length).toBeGreaterThan(15);
    expect(errors.length).toBeGreaterThan(0);
    expect(traces(records)).toEqual([]);
    expect(traces(said)).toEqual([]);
    expect(traces(errors)).toEqual([]);
  });

  test('of requests are in no log and no problem that is answered', async () => {
    const id = canary('asked');
    const body = {
      ads: [{ id, campaign: id, clicks: id, [canary('field')]: id }],
      budgetMicros: id,
      [id]: id,
    };
    const answers = await Promise.all([
      shop.get(`/customers/${id}`),
      shop.get(`/customers/${id}?${id}=${id}`),
      shop.get(`/${id}/${id}`),
      shop.get(`/runs/${id}`),
      shop.get(`/runs?dataset=${id}&cursor=${id}&${id}=${id}`),
      shop.get(`/segments/${id}/customers?cursor=${id}`),
      shop.get(`/segments/high/customers?limit=${id}&limit=${id}`),
      shop.get(`/erasures/${id}`),
      shop.post('/bids', body),
      shop.post('/bids', `{"ads":[${id}`),
      shop.post('/bids/simulate', body),
      shop.post(`/customers/${id}`, body),
      shop.get(`/customers/${id}/recommendations`),
      shop.get(`/customers/${id}/action`),
      shop.get(`/campaigns/${id}`),
      shop.get(`/actions?kind=${id}`),
      shop.get(`/segments/${id}/explanation`),
      shop.post(`/campaigns/${id}/copy`, { shopName: id, products: [id] }),
      shop.post('/campaigns/champions/copy', { channel: id, [id]: id }),
      shop.post('/models/purchase/rollback', { over: id }),
      shop.delete(`/customers/${id}`),
      shop.delete(`/erasures/${id}`),
    ]);
    expect(traces(answers.map(({ body }) => JSON.stringify(body)))).toEqual([]);
    expect(await shop.delete(`/customers/${canary('id1')}`)).toMatchObject({ status: 200 });
    // Of what cannot be read nobody can tell whom it holds: the erasure stays open, and says where.
    await expect(shop.erase()).rejects.toThrow('1 of the stored objects');
    await invoke('customers');
    expect(traces(said)).toEqual([]);
    expect(traces(errors)).toEqual([]);
  });
});
