import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop, type Shop } from '../support/shop.ts';

const header = 'customer_id,spend,orders,browsing_minutes\n';
const may = `${header}ana,100,5,10\nbo,200,10,20\n`;
const june = `${header}cy,300,15,30\n`;

describe('a folder is a table', () => {
  let shop: Shop;
  const segmentsRun = async () => (await shop.get('/segments')).body.runId;

  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  test('before the first upload the API says which folder waits for one', async () => {
    const { status, contentType, body } = await shop.get('/segments');
    expect(status).toBe(404);
    expect(contentType).toContain('application/problem+json');
    expect(body.detail).toContain('customers/');
    await shop.segment();
    expect((await shop.get('/runs')).body.runs).toEqual([]);
  });

  test('two files are one table, and deleting one takes its customers away', async () => {
    await shop.upload('customers/may.csv', may);
    await shop.segment();
    const first = await segmentsRun();
    await shop.upload('customers/june.csv', june);
    await shop.segment();
    expect((await shop.get('/customers/cy')).body.segment.rank).toBe(1);
    expect((await shop.get('/customers/ana')).body.segment.rank).toBe(3);
    await shop.remove('customers/june.csv');
    await shop.segment();
    expect((await shop.get('/customers/cy')).status).toBe(404);
    expect(await segmentsRun()).toBe(first);
  });

  test('an event that comes again, or in the middle of a run, changes nothing', async () => {
    const before = await segmentsRun();
    const runs = (await shop.get('/runs')).body.runs.length;
    await Promise.all([shop.segment(), shop.segment(), shop.segment()]);
    await shop.segment();
    expect(await segmentsRun()).toBe(before);
    expect((await shop.get('/runs')).body.runs).toHaveLength(runs);
  });

  test('uploads that arrive while others are read are in what is published at the end', async () => {
    const uploads = Array.from({ length: 6 }, (_, index) => `late-${index}`);
    await Promise.all(
      uploads.map(async (name, index) => {
        await shop.upload(`customers/${name}.csv`, `${header}${name},${index},1,1\n`);
        await shop.segment();
      }),
    );
    await shop.segment();
    for (const name of uploads) expect((await shop.get(`/customers/${name}`)).status).toBe(200);
  });

  test('the same customer in two files counts once, as the later file has it, and the run says so', async () => {
    await shop.upload('customers/z.csv', `${header}ana,999,1,1\n`);
    await shop.segment();
    expect((await shop.get('/customers/ana')).body.segment.spend).toBe(999);
    const run = await shop.lastRun('customers');
    expect(run.notes).toContainEqual(expect.objectContaining({ code: 'repeatedCustomer', count: 1 }));
  });

  test('when the last file is gone nothing is served any more, and the record says why', async () => {
    const { body } = await shop.get('/runs/'.concat((await shop.lastRun('customers')).runId));
    for (const { key } of body.inputs) await shop.remove(key);
    await shop.segment();
    expect((await shop.get('/segments')).status).toBe(404);
    const run = await shop.lastRun('customers');
    expect(run.notes).toContainEqual(expect.objectContaining({ code: 'withdrawn' }));
  });

  test('settings are part of a run: another weight, another run', async () => {
    await shop.upload('customers/may.csv', may);
    await shop.segment();
    const before = await segmentsRun();
    await shop.upload(
      'settings.json',
      JSON.stringify({ value: { weights: { spend: 1, frequency: 0, browsing: 0 } } }),
    );
    await shop.segment();
    expect(await segmentsRun()).not.toBe(before);
  });

  test('scores wait for a model, come by themselves when there is one, and are renewed with it', async () => {
    await shop.upload('scoring/next.csv', 'customer_id,visits\nana,1\nbo,9\n');
    await shop.score();
    const waiting = await shop.lastRun('scoring/next.csv');
    expect(waiting.status).toBe('rejected');
    expect(JSON.stringify(waiting.problems)).toContain('training/');
    const rows = Array.from(
      { length: 200 },
      (_, row) => `t${row},${row % 10},${row % 10 > 4 !== (row % 7 === 0) ? 1 : 0}`,
    );
    await shop.upload('training/history.csv', `customer_id,visits,purchased\n${rows.join('\n')}\n`);
    await shop.train();
    expect(await shop.result('published/training.json')).toContain('runId');
    await shop.score();
    const first = (await shop.get('/customers/bo')).body.scores[0];
    expect(first.probability).toBeGreaterThan((await shop.get('/customers/ana')).body.scores[0].probability);
    await shop.upload('training/more.csv', `customer_id,visits,purchased\n${rows.slice(0, 50).join('\n')}\n`);
    await shop.train();
    await shop.score();
    const second = (await shop.get('/customers/bo')).body.scores[0];
    expect(second.modelRunId).not.toBe(first.modelRunId);
    await shop.remove('scoring/next.csv');
    await shop.score();
    expect((await shop.get('/customers/bo')).body.scores).toEqual([]);
  });
});
