import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultKind } from './faults.ts';
import { readEverything } from './publishedState.ts';
import { ordersScenario, type Scenario, scoreScenario, segmentScenario } from './scenarios.ts';
import { plans, type Step, Torture } from './torture.ts';
import { openWorld, type World } from './world.ts';

/** `npm run torture` does the same for as long as it is told to. */
const seed = Number(process.env.TORTURE_SEED ?? 20_261_126);
const bothUploads: Step[] = [
  { do: 'upload', file: 0, version: 0 },
  { do: 'deliver', times: 1 },
  { do: 'upload', file: 0, version: 1 },
  { do: 'deliver', times: 1 },
];

describe('under faults', { timeout: 300_000 }, () => {
  let world: World;
  const tortures: Torture[] = [];
  async function torture(scenario: Scenario): Promise<Torture> {
    const one = new Torture(world, scenario);
    await one.prepare();
    tortures.push(one);
    return one;
  }
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(async () => {
    await world.close();
    const total = (count: 'plans' | 'faults' | 'promises') =>
      tortures.reduce((sum, { tally }) => sum + tally[count], 0);
    console.log(
      `torture: ${total('plans')} plans, ${total('faults')} faults, ${total('promises')} promises checked`,
    );
  });

  describe('at each call of a run that replaces another', () => {
    let customers: Torture;
    let commands: { first: string[]; second: string[] };
    beforeAll(async () => {
      customers = await torture(segmentScenario);
      commands = await customers.commands();
    });

    async function tryAtEach(kinds: FaultKind[], wanted: (command: string) => boolean = () => true) {
      let tried = 0;
      for (const [at, command] of commands.second.entries()) {
        if (!wanted(command)) continue;
        for (const kind of kinds)
          await customers.tryPlan({ steps: bothUploads, faults: [{ at: commands.first.length + at, kind }] });
        tried++;
      }
      expect(tried).toBeGreaterThan(0);
    }

    test('bytes that do not come are asked for again', () =>
      tryAtEach(['cutBody', 'brokenBody'], (command) => command === 'GetObjectCommand'));

    test('items that are handed back are written again', () =>
      tryAtEach(['unprocessedItems'], (command) => command === 'BatchWriteItemCommand'));

    test('a process that is killed publishes nothing, and its successor what a clean run does', () =>
      tryAtEach(['killedAfter']));

    test('one that is overtaken by a holder of a newer lease changes nothing', () =>
      tryAtEach(['overtakenBefore']));
  });

  test('what is uploaded while it is read is what is published', async () => {
    const customers = await torture(segmentScenario);
    const { first } = await customers.commands();
    await customers.tryPlan({
      steps: bothUploads.slice(0, 2),
      // the last look into the upload; after the first page a receipt is read
      faults: [
        {
          at: first.lastIndexOf('GetObjectCommand', first.indexOf('BatchWriteItemCommand')),
          kind: 'overwritten',
        },
      ],
    });
  });

  test('one that puts its files over those of a newer run puts them right again, without a sweep', async () => {
    await world.begin();
    const [first = '', second = ''] = segmentScenario.files[0]?.versions ?? [];
    await world.upload('customers/may.csv', first);
    world.injector.reset([{ at: 0, kind: 'overtakenBefore', command: 'CopyObjectCommand' }]);
    world.injector.overtake = async () => {
      world.injector.faults = [];
      world.advance(61_000);
      await world.upload('customers/may.csv', second);
      await world.invoke('segment');
    };
    await world.invoke('segment');
    world.injector.isCalm = true;
    const { objects } = await readEverything(world);
    expect(objects.get('customers.csv')).toContain('ana,999');
  });

  test('a superseded run is read to its end for a day, and not once it has expired, though it is still there', async () => {
    await world.begin();
    await world.upload('settings.json', JSON.stringify({ keepRuns: 1 }));
    const versions = [0, 1, 2].map(
      (change) => segmentScenario.files[0]?.versions[0]?.replace('ana,100', `ana,10${change}`) ?? '',
    );
    const page = '/segments/low/customers?limit=2';
    let cursor = '';
    for (const version of versions) {
      await world.upload('customers/may.csv', version);
      await world.invoke('segment');
      if (cursor === '') cursor = String((await world.get(page)).body.cursor);
    }
    const goOn = () => world.get(`${page}&cursor=${encodeURIComponent(cursor)}`);
    const runId = (await goOn()).body.runId;
    expect((await world.get(page)).body.runId).not.toBe(runId);
    world.advance(23 * 3_600_000);
    expect((await goOn()).status).toBe(200);
    world.advance(2 * 3_600_000);
    const { items } = await readEverything(world);
    expect(items.filter(({ pk, sk }) => pk === `RUN#${runId}` && sk !== 'RECORD').length).toBeGreaterThan(0);
    expect(await goOn()).toMatchObject({ status: 410 });
  });

  test('a run that fails says why, lets what was published be, and throws, so that its event is tried again and then kept', async () => {
    await world.begin();
    const [good = '', other = ''] = segmentScenario.files[0]?.versions ?? [];
    await world.upload('customers/may.csv', good);
    await world.invoke('segment');
    const before = (await world.get('/segments')).body;
    await world.upload('customers/may.csv', other);
    world.injector.reset([{ at: 0, kind: 'serverError', command: 'PutObjectCommand' }]);
    for (let attempt = 1; attempt <= 3; attempt++) {
      await expect(world.invoke('segment')).rejects.toThrow('InternalServerError');
      world.advance(60_000);
    }
    world.injector.isCalm = true;
    const [failed] = (await world.get('/runs?dataset=customers&limit=1')).body.runs as { runId: string }[];
    const { body } = await world.get(`/runs/${failed?.runId}`);
    expect(body).toMatchObject({ status: 'failed', counts: { attempts: 3 } });
    expect(JSON.stringify(body.problems)).toContain('InternalServerError');
    expect((await world.get('/segments')).body).toEqual(before);
    await world.invoke('segment');
    expect((await world.get('/segments')).body.runId).toBe(failed?.runId);
  });

  test('a run that is ended each time is given up, says so, and is tried again when it is asked for', async () => {
    await world.begin();
    await world.upload('customers/may.csv', segmentScenario.files[0]?.versions[0] ?? '');
    const newest = async () =>
      (await world.get('/runs?dataset=customers&limit=1')).body.runs as { runId: string; status: string }[];
    world.injector.reset(
      Array.from({ length: 400 }, (_, at) => ({ at, kind: 'killedBefore' as const })).filter(
        ({ at }) => at % 12 === 11,
      ),
    );
    for (let attempt = 0; attempt < 12; attempt++) {
      await world.invoke('segment').catch(() => {});
      world.advance(61_000);
    }
    world.injector.isCalm = true;
    await world.invoke('segment');
    const [given] = await newest();
    expect(given?.status).toBe('failed');
    const { body } = await world.get(`/runs/${given?.runId}`);
    expect(JSON.stringify(body.problems)).toContain('memory or time');
    expect((await world.get('/segments')).status).toBe(404);
    await world.invoke('segment', { redrive: true });
    expect((await world.get('/segments')).body.runId).toBe(given?.runId);
  });

  test.each<[Scenario, number]>([
    [segmentScenario, 30],
    [scoreScenario, 5],
    [ordersScenario, 4],
  ])(
    '$name: any loss, repetition and order of events, and any faults, end in the state of one clean delivery',
    async (scenario, numRuns) => {
      const one = await torture(scenario);
      await fc.assert(
        fc.asyncProperty(plans(scenario), (plan) => one.tryPlan(plan)),
        { seed, numRuns, interruptAfterTimeLimit: 240_000, endOnFailure: process.env.MUTANT !== undefined },
      );
    },
    300_000,
  );

  test('an order history that is compared with the one before is compared with it again after it was killed', async () => {
    const one = await torture(ordersScenario);
    const { first, second } = await one.commands();
    const published = second.lastIndexOf('HeadObjectCommand');
    await one.trySame(bothUploads, [{ at: first.length + published, kind: 'killedAfter' }]);
  });
});
