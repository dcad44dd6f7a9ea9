import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customerNumber } from '../../lib/features/customerBucket.ts';
import { openShop, type Shop } from '../support/shop.ts';

const buysBy = (row: number): boolean => row % 10 > 4 !== (row % 7 === 0);

/** Whoever visits often bought, mostly; `label` may say otherwise. So few rows that simple models alone are tried. */
const table = (rows: number, { label = buysBy as (row: number) => boolean, column = 'visits' } = {}) =>
  [
    `customer_id,${column},purchased`,
    ...Array.from({ length: rows }, (_, row) => `t${row},${row % 10},${label(row) ? 1 : 0}`),
  ].join('\n');

/** As after a join by the wrong key: labels of those who are fitted to are turned, and of those who are tested on are right. */
const broken = table(190, {
  label: (row) => buysBy(row) === customerNumber(`t${row}`) < 0.33 * 2 ** 32,
});

describe('a new purchase model', () => {
  let shop: Shop;
  let champion: string;
  const model = async () => (await shop.get('/models/purchase')).body;
  const train = async (text: string) => {
    await shop.upload('training/t.csv', text);
    await shop.train();
    return shop.lastRun('training');
  };
  const states = async () =>
    (await shop.get('/models')).body.models.map(({ state }: { state: string }) => state);

  beforeAll(async () => {
    shop = await openShop();
    champion = (await train(table(180))).runId;
  });
  afterAll(() => shop.close());

  test('the first is published without a challenge', async () => {
    expect(await model()).toMatchObject({ runId: champion, challenge: null, challenger: null });
  });

  test('that does worse than the one in use is kept as its challenger, and everybody is told', async () => {
    const run = await train(broken);
    expect(run).toMatchObject({ status: 'challenger', championRunId: champion });
    expect(run.notes).toContainEqual({
      code: 'championChallenged',
      message: expect.stringContaining('the model in use does better'),
    });
    const { runId, challenger } = await model();
    expect(runId).toBe(champion);
    expect(challenger).toMatchObject({ runId: run.runId, challenge: { outcome: 'worse' } });
    expect(challenger.challenge.logLossBehind.difference).toBeGreaterThan(0.05);
    expect(challenger.challenge.metrics.logLoss).toBeLessThan(challenger.metrics.logLoss);
    expect(await states()).toEqual(['challenger', 'inUse']);
    expect(JSON.parse((await shop.result('published/training.json')) ?? '')).toMatchObject({
      runId: champion,
    });
  });

  test('is not fitted again while nothing changes, and the champion scores', async () => {
    const before = (await shop.get('/runs?limit=100')).body.runs;
    await shop.train();
    expect((await shop.get('/runs?limit=100')).body.runs).toEqual(before);
    await shop.upload('scoring/next.csv', 'customer_id,visits\nana,1\nbo,9\n');
    await shop.score();
    expect((await shop.get('/customers/bo')).body.scores[0].modelRunId).toBe(champion);
  });

  test('is published where the settings ask for the newest, and can be rolled back', async () => {
    await shop.upload('settings.json', JSON.stringify({ purchase: { keepChampion: false } }));
    await shop.train();
    const newest = await model();
    expect(newest).toMatchObject({ challenge: null, challenger: null, canGoBackTo: [champion] });
    const { status } = await shop.post('/models/purchase/rollback', { over: newest.runId });
    expect(status).toBe(200);
    await shop.train();
    expect(await model()).toMatchObject({ runId: champion, challenger: null });
    await shop.remove('settings.json');
    await shop.train();
    expect((await model()).runId).toBe(champion);
  });

  test('that could not be measured does not take the place of one that was', async () => {
    expect(await train(table(30))).toMatchObject({ status: 'challenger', championRunId: champion });
    const { runId, challenger } = await model();
    expect([runId, challenger.status, challenger.challenge.outcome]).toEqual([
      champion,
      'insufficientData',
      'notMeasured',
    ]);
  });

  test('that does as well is published, for it has seen newer rows', async () => {
    const run = await train(table(186));
    expect(run.status).toBe('published');
    const { runId, challenge } = await model();
    expect(runId).toBe(run.runId);
    expect(challenge).toMatchObject({ championRunId: champion, outcome: 'noDifference' });
    champion = runId;
  });

  test('of other columns is published, since the one before cannot be asked', async () => {
    const run = await train(table(180, { column: 'pages' }));
    expect(run.status).toBe('published');
    expect((await model()).challenge).toMatchObject({
      outcome: 'notComparable',
      reason: { en: expect.stringContaining('"visits"') },
    });
  });

  test('that lost to a model which is gone is fitted again, and published', async () => {
    await train(table(184));
    const lost = await train(broken);
    expect(lost.status).toBe('challenger');
    await shop.remove('training/t.csv');
    await shop.train();
    expect((await shop.get('/models/purchase')).status).toBe(404);
    expect(await train(broken)).toMatchObject({ runId: lost.runId, status: 'published' });
    expect((await model()).runId).toBe(lost.runId);
  });
});
