import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEverything } from './publishedState.ts';
import { tracesOf } from './traces.ts';
import { type HandlerName, openWorld, type World } from './world.ts';

const id = 'ana.lind@example.org';
const others = Array.from({ length: 60 }, (_, at) => `c${at}`);
const customers = `customer_id,spend,orders,browsing_minutes\n${[id, ...others]
  .map((customer, at) => `${customer},${100 + ((at * 37) % 90)},${1 + (at % 9)},${at % 60}`)
  .join('\n')}\n${id},broken,1,1\n`;
const orders = `customer_id,order_id,ordered_at,product,quantity,unit_price\n${[id, ...others]
  .flatMap((customer, at) =>
    Array.from({ length: 3 }, (_, order) => {
      const day = String(1 + ((at * 7 + order * 11) % 28)).padStart(2, '0');
      return `${customer},${at}-${order},2026-0${1 + ((at + 2 * order) % 6)}-${day} 10:00,p${at % 4},1,${5 + at}.00`;
    }),
  )
  .join('\n')}\n${id},soon-1,soon,p,1,1.00\n`;
const training = `customer_id,visits,purchased\n${[id, ...others, ...others.map((one) => `t${one}`)]
  .map((customer, row) => `${customer},${row % 10},${row % 10 > 4 !== (row % 7 === 0) ? 1 : 0}`)
  .join('\n')}\n`;
const scoring = `customer_id,visits\n${[id, ...others].map((customer, row) => `${customer},${row % 10}`).join('\n')}\n`;

const contacts = `customer_id,email,consent_email,consent_ads,consent_ad_personalization\n${[id, ...others]
  .map((customer) => `${customer},${customer === id ? id : `${customer}@example.org`},yes,yes,yes`)
  .join('\n')}\n`;
const spring = `customer_id,group,converted,date\n${[id, ...others]
  .map((customer, at) => `${customer},${at % 2 === 0 ? 'treatment' : 'control'},no,2026-03-01`)
  .join('\n')}\n`;
/** By which ad platforms would find the customer. */
const hashed = createHash('sha256').update(id).digest('hex');

const path = encodeURIComponent(id);

describe('erasing a customer', { timeout: 300_000 }, () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  const run = async (...handlers: HandlerName[]) => {
    for (const handler of handlers) await world.invoke(handler);
  };
  const runAll = () => run('segment', 'orders', 'train', 'score', 'products', 'campaigns');
  /** Two publications of the tables, so that there is one to go back to. */
  async function uploadTables(settings: { hashIds?: boolean } = {}): Promise<void> {
    await world.begin();
    for (const seed of [1, 2]) {
      const ofSecond = seed === 2 ? settings : {};
      await world.upload('settings.json', JSON.stringify({ maxBadRowShare: 0.2, seed, ...ofSecond }));
      await world.upload('customers/may.csv', customers);
      await world.upload('orders/may.csv', orders);
      await run('segment', 'orders');
    }
  }
  const segmentsOfAll = async () => {
    const names = ['high', 'mid', 'low'];
    const paths = ['customers', 'orders'].flatMap((source) =>
      names.map((name) => `/segments/${name}/customers?source=${source}&limit=500`),
    );
    return Promise.all(paths.map(world.get));
  };

  test('takes the customer out of every answer at once, and out of all that is stored, and says which uploads to mend', async () => {
    await uploadTables();
    await world.upload('training/may.csv', training);
    await world.upload('scoring/next.csv', scoring);
    await world.upload('contacts/all.csv', contacts);
    await world.upload('campaigns/spring.csv', spring);
    await run('train', 'score', 'products', 'campaigns');
    expect((await world.get(`/customers/${path}`)).body).toMatchObject({ customerId: id });
    for (const of of ['recommendations', 'action'])
      expect((await world.get(`/customers/${path}/${of}`)).status).toBe(200);
    const stored = await tracesOf(world, id);
    for (const place of [/^RUN#.* LOOKUP#customers/, /LIST#segment/, /LOOKUP#history/, /LIST#value-segment/])
      expect(stored.some((one) => place.test(one))).toBe(true);
    for (const place of [/^customers.csv/, /^customer-values/, /features-0.parquet/, /^scores/, /^rejects/])
      expect(stored.some((one) => place.test(one))).toBe(true);
    for (const place of [
      /LOOKUP#recommendations/,
      /LOOKUP#actions/,
      /^recommendations.csv/,
      /sales-0.parquet/,
    ])
      expect(stored.some((one) => place.test(one))).toBe(true);
    expect((await tracesOf(world, hashed)).some((one) => one.startsWith('audiences/'))).toBe(true);

    const asked = await world.askPrivacy('DELETE', `/customers/${path}`);
    expect(asked).toMatchObject({ status: 200, body: { state: 'erasing', uploads: [] } });
    for (const of of ['', '/recommendations', '/action'])
      expect((await world.get(`/customers/${path}${of}`)).status).toBe(404);
    for (const { status, body } of await segmentsOfAll()) {
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain(id);
      expect(body.customers).not.toEqual([]);
    }

    await world.invoke('erase');
    expect(await tracesOf(world, id)).toEqual([]);
    await runAll();
    expect(await tracesOf(world, id)).toEqual([]);
    expect(await tracesOf(world, hashed)).toEqual([]);
    const { items } = (await world.get('/customers/c1/recommendations')).body as { items: unknown[] };
    expect(items.length).toBeGreaterThan(0);
    world.advance(25 * 60_000);
    await world.invoke('erase');
    const { body } = await world.askPrivacy('GET', `/erasures/${path}`);
    expect(body).toMatchObject({ state: 'erased', erasedAt: expect.any(String) });
    const files = (body.uploads as { file: string; rows: number }[]).map(({ file, rows }) => [file, rows]);
    expect(files.sort()).toEqual([
      ['campaigns/spring.csv', 1],
      ['contacts/all.csv', 1],
      ['customers/may.csv', 1],
      ['orders/may.csv', 3],
      ['scoring/next.csv', 1],
      ['training/may.csv', 1],
    ]);
    expect((await world.get('/customers/c1')).status).toBe(200);
    expect(await world.askPrivacy('DELETE', `/customers/${path}`)).toEqual({ status: 200, body });
  });

  test('forgets the files that were mended, and lets the customer come back when the erasure is lifted, also with hashed ids', async () => {
    await uploadTables({ hashIds: true });
    const pages = (await readEverything(world)).items.filter(({ body }) => body instanceof Uint8Array);
    const [sealed, plain] = [pages.filter((page) => page.sealed), pages.filter((page) => !page.sealed)];
    expect(sealed.length).toBeGreaterThan(5);
    expect(plain.length).toBeGreaterThan(5);
    // of the runs before it was set nothing stays but for a day
    expect(plain.filter(({ expiresAtSeconds }) => expiresAtSeconds === undefined)).toEqual([]);
    expect((await world.get(`/customers/${path}`)).body).toMatchObject({
      segment: { rank: expect.any(Number) },
      history: { features: { orders: 3 } },
      value: { purchaseDays: 3 },
    });
    await world.askPrivacy('DELETE', `/customers/${path}`);
    await run('erase', 'segment', 'orders');
    const inTable = (await tracesOf(world, id)).filter((trace) => / (LOOKUP|LIST)#/.test(trace));
    expect(inTable).toEqual([]);
    await world.upload('customers/may.csv', customers.replaceAll(id, 'somebody-else'));
    await world.invoke('segment');
    const { body } = await world.askPrivacy('GET', `/erasures/${path}`);
    const files = (body.uploads as { file: string }[]).map(({ file }) => file);
    expect(files.sort()).toEqual(['orders/may.csv']);

    expect(await world.askPrivacy('DELETE', `/erasures/${path}`)).toMatchObject({ body: { lifted: true } });
    expect(await world.askPrivacy('DELETE', `/erasures/${path}`)).toMatchObject({ body: { lifted: false } });
    expect((await world.askPrivacy('GET', `/erasures/${path}`)).status).toBe(404);
    await run('segment', 'orders');
    expect((await world.get(`/customers/${path}`)).body).toMatchObject({
      segment: null,
      history: { features: { orders: 3 } },
    });
  });

  test('keeps hidden what a cursor leads to of a run that was superseded long before', async () => {
    await world.begin();
    await world.upload('settings.json', JSON.stringify({ keepRuns: 1, maxBadRowShare: 0.2 }));
    await world.upload('customers/may.csv', customers);
    await world.invoke('segment');
    const segment = (await world.get(`/customers/${path}`)).body.segment as { tier: string };
    const list = `/segments/${segment.tier}/customers?limit=1`;
    const cursors: string[] = [];
    let next = (await world.get(list)).body.cursor as string | undefined;
    while (next !== undefined) {
      cursors.push(next);
      next = (await world.get(`${list}&cursor=${next}`)).body.cursor as string | undefined;
    }
    for (const change of ['x1', 'x2', 'x3']) {
      await world.upload('customers/may.csv', customers.replaceAll('c1,', `${change},`));
      await world.invoke('segment');
      world.advance(21 * 60_000);
    }
    await world.askPrivacy('DELETE', `/customers/${path}`);
    for (let sweep = 0; sweep < 2; sweep++) {
      await world.invoke('erase');
      world.advance(21 * 60_000);
    }
    expect((await world.askPrivacy('GET', `/erasures/${path}`)).body).toMatchObject({ state: 'erased' });
    for (const cursor of cursors) {
      const { status, body } = await world.get(`${list}&cursor=${cursor}`);
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain(id);
    }
  });

  test('is finished by its successor wherever a process that erases is killed', async () => {
    await uploadTables();
    await world.askPrivacy('DELETE', `/customers/${path}`);
    let calls = 0;
    for (let isKilled = true; isKilled; calls++) {
      // each attempt comes one write further than the one before
      world.injector.reset([{ at: 11 * calls, kind: calls % 2 === 0 ? 'killedAfter' : 'killedBefore' }]);
      isKilled = await world.invoke('erase').then(
        () => false,
        () => true,
      );
      world.injector.isCalm = true;
    }
    expect(calls).toBeGreaterThan(5);
    expect(await tracesOf(world, id)).toEqual([]);
  });

  test('overtakes a run that began before it, at any of its calls', async () => {
    await world.begin();
    await world.upload('settings.json', JSON.stringify({ maxBadRowShare: 0.2 }));
    await world.upload('customers/may.csv', customers);
    world.injector.reset([]);
    await world.invoke('segment');
    const calls = world.injector.calls.length;
    const firstPage = world.injector.calls.indexOf('BatchWriteItemCommand');
    world.injector.isCalm = true;
    for (let at = 0; at < calls; at += 5) {
      await world.begin();
      await world.upload('settings.json', JSON.stringify({ maxBadRowShare: 0.2 }));
      await world.upload('customers/may.csv', customers);
      world.injector.overtake = async () => {
        await world.askPrivacy('DELETE', `/customers/${path}`);
        await world.invoke('erase');
      };
      world.injector.reset([{ at, kind: 'overtakenBefore' }]);
      await world.invoke('segment');
      world.injector.isCalm = true;
      expect((await world.get(`/customers/${path}`)).status).toBe(404);
      // A run that is overtaken before it has written anything is not published any more: the next one is, at once.
      if (at < firstPage)
        expect((await world.get('/segments')).body).toMatchObject({ customers: others.length });
      await world.invoke('segment');
      world.advance(25 * 60_000);
      await world.invoke('erase');
      expect(await tracesOf(world, id)).toEqual([]);
      expect((await world.askPrivacy('GET', `/erasures/${path}`)).body).toMatchObject({
        state: 'erased',
        uploads: [{ file: 'customers/may.csv' }],
      });
    }
  });
});
