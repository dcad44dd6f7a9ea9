import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { publishedState, readEverything } from './publishedState.ts';
import { openWorld, type World } from './world.ts';

// Several groups of customers, as only half a million lines would give them.
vi.mock('../../lib/pipeline/history/groups.ts', async (original) => {
  const groups = await original<typeof import('../../lib/pipeline/history/groups.ts')>();
  return { ...groups, groupsFor: () => 2 };
});

const customers = Array.from({ length: 40 }, (_, at) => `c${at}`);
const ordersOf = (part: number): string =>
  `customer_id,order_id,ordered_at,product,quantity,unit_price\n${customers
    .flatMap((customer, at) =>
      Array.from({ length: 2 }, (_, order) => {
        const day = String(1 + ((at * 7 + order * 11 + part) % 28)).padStart(2, '0');
        const month = 1 + ((at + 2 * order + part) % 6);
        return `${customer},${part}-${at}-${order},2026-0${month}-${day} 10:00,p${at % 4},1,${5 + at}.00`;
      }),
    )
    .join('\n')}\nc1,bad-${part},soon,p,1,1.00\n`;

const orders = { dataset: 'orders', lastingFiles: ['customer-values.csv', 'segments/high.csv'] };
/** As Lambda's, with no time left from the check of this number on. */
const shortFrom = (check: number) => {
  let checks = 0;
  return { getRemainingTimeInMillis: () => (++checks >= check ? 0 : 900_000) };
};

describe('a run that its invocation has no time for', { timeout: 300_000 }, () => {
  let world: World;
  let clean: string;
  beforeAll(async () => {
    world = await openWorld();
    await uploadAll();
    await world.invoke('orders');
    clean = await stateNow();
  });
  afterAll(() => world.close());

  async function uploadAll(): Promise<void> {
    await world.begin();
    await world.upload('settings.json', JSON.stringify({ maxBadRowShare: 0.2, horizonDays: 20 }));
    for (const part of [1, 2, 3]) await world.upload(`orders/${part}.csv`, ordersOf(part));
    await world.upload('events/may.csv', 'user_id,event_time,event\nc1,2026-05-01 10:00,view\n');
  }
  const stateNow = async () => publishedState(await readEverything(world), orders).bytes;
  const objectsBelow = async (Prefix: string) => {
    const listing = await world.s3.send(
      new ListObjectsV2Command({ Bucket: world.platform.resultsBucket, Prefix }),
    );
    return (listing.Contents ?? []).map(({ Key = '' }) => Key);
  };
  const lastRun = async () => {
    const { body } = await world.get('/runs?dataset=orders&limit=1');
    const [{ runId }] = body.runs as [{ runId: string }];
    return (await world.get(`/runs/${runId}`)).body as {
      runId: string;
      status: string;
      counts: Record<string, number>;
      progress?: { step: string; done: number };
    };
  };

  test('goes on where it stopped, unit by unit, and publishes what it would have in one piece', async () => {
    await uploadAll();
    const steps = new Set<string | undefined>();
    let invocations = 0;
    for (let end: unknown = 'handedOver'; end === 'handedOver'; invocations++) {
      end = await world.invoke('orders', undefined, shortFrom(1));
      const run = await lastRun();
      if (end !== 'handedOver') break;
      expect(run).toMatchObject({
        status: 'processing',
        counts: { attempts: 0, handOvers: invocations + 1 },
      });
      expect(await objectsBelow('handovers/')).toEqual(['handovers/orders.json']);
      expect((await world.get('/segments')).status).toBe(404);
      steps.add(run.progress?.step);
    }
    const run = await lastRun();
    expect(run).toMatchObject({ status: 'published', counts: { attempts: 1, handOvers: invocations } });
    expect(invocations).toBeGreaterThan(25);
    expect([...steps]).toEqual(expect.arrayContaining(['read', 'features']));
    expect(await stateNow()).toBe(clean);
    expect((await objectsBelow(`runs/${run.runId}/`)).filter((key) => key.includes('checkpoints'))).toEqual(
      [],
    );
  });

  test('gives the same bytes wherever it is handed over, also when the next invocation is killed', async () => {
    let killed = 0;
    for (const [at, check] of [2, 7, 11, 20].entries()) {
      await uploadAll();
      expect(await world.invoke('orders', undefined, shortFrom(check))).toBe('handedOver');
      world.injector.reset([{ at: 12 + 4 * at, kind: at % 2 === 0 ? 'killedAfter' : 'killedBefore' }]);
      await world.invoke('orders', undefined, shortFrom(6)).catch(() => killed++);
      world.injector.isCalm = true;
      world.advance(61_000);
      expect(await world.invoke('orders')).toBe('settled');
      expect(await stateNow()).toBe(clean);
    }
    expect(killed).toBeGreaterThan(1);
  });

  test('is not lost when somebody asks for another look while it is handed over', async () => {
    await uploadAll();
    let asked: unknown;
    world.injector.reset([]);
    world.injector.afterCall = async (call) => {
      if (call === 8) asked = await world.invoke('orders');
    };
    expect(await world.invoke('orders', undefined, shortFrom(2))).toBe('handedOver');
    world.injector.isCalm = true;
    world.injector.afterCall = async () => {};
    expect(asked).toBe('busy');
    expect(await objectsBelow('handovers/')).toEqual(['handovers/orders.json']);
    await world.invoke('orders');
    expect(await stateNow()).toBe(clean);
  });

  test('begins anew when an upload has changed since', async () => {
    await uploadAll();
    await world.invoke('orders', undefined, shortFrom(9));
    await world.upload('orders/3.csv', ordersOf(4));
    await world.invoke('orders', undefined, shortFrom(9));
    await world.upload('orders/3.csv', ordersOf(3));
    await world.invoke('orders');
    expect(await stateNow()).toBe(clean);
  });

  test('of many files that are scored one by one takes the next ones in another invocation', async () => {
    await world.begin();
    const rows = Array.from({ length: 120 }, (_, row) => `t${row},${row % 10},${row % 10 > 4 ? 1 : 0}`);
    await world.upload('training/may.csv', `customer_id,visits,purchased\n${rows.join('\n')}\n`);
    await world.invoke('train');
    for (const file of ['a', 'b', 'c'])
      await world.upload(`scoring/${file}.csv`, `customer_id,visits\n${file},5\n`);
    const published = async () =>
      Object.keys((await world.get('/health')).body.datasets as object).filter((name) =>
        /^scoring/.test(name),
      );
    for (const expected of [1, 2, 3]) {
      await world.invoke('score', undefined, shortFrom(1));
      expect(await published()).toHaveLength(expected);
    }
    expect(await objectsBelow('handovers/')).toEqual([
      'handovers/scoring/b.csv.json',
      'handovers/scoring/c.csv.json',
    ]);
  });

  test('is given up, and says why, when it has been handed over too often', async () => {
    await uploadAll();
    const item = { getRemainingTimeInMillis: () => 0 };
    await world.invoke('orders', undefined, item);
    const { runId } = await lastRun();
    const { readRun, putRun } = await import('../../lib/store/runs.ts');
    const record = await readRun(world.platform.table, runId);
    if (record === null) throw new Error('the run has no record');
    await putRun(
      world.platform.table,
      { ...record, counts: { ...record.counts, handOvers: 48 } },
      { fence: 1 },
    );
    await expect(world.invoke('orders', undefined, item)).rejects.toThrow(/handed over 48 times/);
  });
});
