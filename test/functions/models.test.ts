import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acquireLease, type Lease, releaseLease } from '../../lib/store/lease.ts';
import { openShop, type Shop } from '../support/shop.ts';

/** Whoever visits often bought, but for every seventh; with `turned`, whoever visits rarely did. */
const table = (rows: number, turned = false) =>
  [
    'customer_id,visits,purchased',
    ...Array.from({ length: rows }, (_, row) => {
      const often = row % 10 > 4 !== (row % 7 === 0);
      return `t${row},${row % 10},${often !== turned ? 1 : 0}`;
    }),
  ].join('\n');

describe('the history of models', () => {
  let shop: Shop;
  const model = async () => (await shop.get('/models/purchase')).body;
  const probabilityOf = async (id: string) => (await shop.get(`/customers/${id}`)).body.scores[0];
  const train = async (text: string) => {
    await shop.upload('training/t.csv', text);
    await shop.train();
    return (await model()).runId as string;
  };
  let good: string;
  let bad: string;

  beforeAll(async () => {
    shop = await openShop();
    await shop.upload('scoring/next.csv', 'customer_id,visits\nana,1\nbo,9\n');
    good = await train(table(200));
    await shop.score();
    bad = await train(table(200, true));
    await shop.score();
  });
  afterAll(() => shop.close());

  test('lists every model with its data, settings, code and quality, the newest first', async () => {
    const { status, body } = await shop.get('/models');
    expect(status).toBe(200);
    expect(body.models.map(({ runId, state }: { runId: string; state: string }) => [runId, state])).toEqual([
      [bad, 'inUse'],
      [good, 'kept'],
    ]);
    expect(body.models[0]).toMatchObject({
      from: 'training',
      codeVersion: 'development',
      settings: { horizonDays: 30 },
      inputs: [{ key: 'training/t.csv' }],
      inputCount: 1,
      rows: 200,
      horizonDays: 30,
    });
    expect(body.models[0].metrics.rocAuc).toBeGreaterThan(0.6);
    const first = await shop.get('/models?limit=1');
    const second = await shop.get(`/models?limit=1&cursor=${first.body.cursor}`);
    expect(second.body.models[0].runId).toBe(good);
    expect(second.body.cursor).toBeUndefined();
    expect((await shop.get('/models?from=orders')).body).toEqual({ models: [] });
  });

  test('a model that is rolled back over gives way to the one before, whose scores come back', async () => {
    expect((await probabilityOf('ana')).probability).toBeGreaterThan((await probabilityOf('bo')).probability);
    expect((await model()).canGoBackTo).toEqual([good]);
    const { status, body } = await shop.post('/models/purchase/rollback', { over: bad });
    expect([status, body]).toMatchObject([200, { runId: good, from: 'training', passedOver: [bad] }]);
    expect(JSON.parse((await shop.result('published/training.json')) ?? '')).toMatchObject({ runId: good });
    await shop.score();
    expect((await probabilityOf('bo')).modelRunId).toBe(good);
    expect((await probabilityOf('ana')).probability).toBeLessThan((await probabilityOf('bo')).probability);
  });

  test('and does not come back by itself, while uploads, settings and code stay as they are', async () => {
    await shop.train();
    expect((await model()).runId).toBe(good);
    expect((await model()).canGoBackTo).toEqual([]);
    const states = (await shop.get('/models')).body.models.map(({ state }: { state: string }) => state);
    expect(states).toEqual(['passedOver', 'inUse']);
  });

  test('asking again for what was done changes nothing more, and further back there is nothing', async () => {
    const again = await shop.post('/models/purchase/rollback', { over: bad });
    expect([again.status, again.body.runId]).toEqual([200, good]);
    const further = await shop.post('/models/purchase/rollback', { over: good });
    expect([further.status, further.body.type]).toEqual([409, '/problems/conflict']);
    expect((await shop.post('/models/purchase/rollback', { over: '0'.repeat(20) })).status).toBe(404);
    expect((await shop.post('/models/purchase/rollback', { over: 'no id' })).status).toBe(422);
    expect((await shop.get('/models/purchase/rollback')).status).toBe(405);
  });

  test('of several who roll back at once, one moves the pointer', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() => shop.post('/models/purchase/rollback', { over: good, to: bad })),
    );
    expect(answers.map(({ status }) => status)).toEqual(expect.arrayContaining([200]));
    for (const { status, body } of answers) expect(status === 409 || body.runId === bad).toBe(true);
    const { body } = await shop.get('/models/purchase');
    expect([body.runId, body.canGoBackTo]).toEqual([bad, []]);
    await shop.post('/models/purchase/rollback', { over: bad, to: good });
    expect((await model()).runId).toBe(good);
  });

  test('while a model is being fitted the answer says to wait', async () => {
    const table = { client: new DynamoDBClient({}), name: String(process.env.TABLE_NAME) };
    const fitting = { dataset: 'training', owner: 'test', nowMs: Date.now(), ttlMs: 60_000 };
    const lease = (await acquireLease(table, fitting)) as Lease;
    const refused = await shop.post('/models/purchase/rollback', { over: good, to: bad });
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      expect.stringContaining('ask again when its run has ended'),
    ]);
    await releaseLease(table, lease);
    table.client.destroy();
  });

  test('a model that is damaged, or of another version, scores nobody and says so', async () => {
    const { modelKey } = await model();
    const stored = (await shop.result(modelKey)) ?? '';
    await shop.upload('scoring/late.csv', 'customer_id,visits\ncy,5\n');
    await shop.store(modelKey, stored.replace('"seed":42', '"seed":43'));
    await expect(shop.score()).rejects.toThrow('1 of');
    const failed = await shop.lastRun('scoring/late.csv');
    expect([failed.status, JSON.stringify(failed.problems)]).toEqual([
      'failed',
      expect.stringContaining('its checksum differs'),
    ]);
    await shop.store(modelKey, stored);
    await shop.score();
    expect((await shop.lastRun('scoring/late.csv')).status).toBe('published');
  });

  test('what was passed over is fitted anew when what it depends on comes back after a change', async () => {
    expect(await train(table(400))).not.toBe(bad);
    expect(await train(table(200, true))).toBe(bad);
    const { body } = await shop.get('/models');
    expect(body.models[0]).toMatchObject({ runId: bad, state: 'inUse' });
  });
});
