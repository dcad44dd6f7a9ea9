import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEverything } from './publishedState.ts';
import { type GetAnswer, openWorld, type World } from './world.ts';

const customers = (change: number): string =>
  `customer_id,spend,orders,browsing_minutes\n${Array.from(
    { length: 60 },
    (_, at) => `c${at},${10 + ((at * (37 + change)) % 90)},${1 + ((at + change) % 9)},${at % 60}`,
  ).join('\n')}\n`;
const training = (change: number): string =>
  `customer_id,visits,purchased\n${Array.from(
    { length: 160 + 10 * change },
    (_, row) => `t${row},${row % 10},${row % 10 > 4 !== (row % (5 + change) === 0) ? 1 : 0}`,
  ).join('\n')}\n`;

/** Fields that tell of other runs, or of when, and so differ while the run is the same. */
const circumstances = ['publishedAt', 'asOf', 'canGoBackTo', 'drift', 'cursor'];

/** The parts of an answer, each by the run that it says it is from. */
function partsOf(question: string, body: Record<string, unknown>): [key: string, text: string][] {
  const parts = question.startsWith('/customers/')
    ? [body.segment, ...(body.scores as unknown[])].map((part, at) => ({
        runId: at === 0 ? body.runId : (part as { runId: string }).runId,
        part,
      }))
    : [{ runId: body.runId, part: body }];
  return parts.map(({ runId, part }, at) => [
    `${question} ${Math.min(at, 1)} ${runId}`,
    JSON.stringify(part, (name, value: unknown) => (circumstances.includes(name) ? undefined : value)),
  ]);
}

describe('readers', { timeout: 300_000 }, () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  test('never see a mixture while models are rolled back, others are published, and old runs expire', async () => {
    const questions = ['/models/purchase', '/segments', '/segments/high/customers?limit=5', '/customers/c7'];
    const seen = new Map<string, Set<string>>();
    const unexpected: GetAnswer[] = [];
    let answers = 0;
    let isOver = false;
    const ask = async (question: string): Promise<void> => {
      const answer = await world.get(question);
      answers++;
      if (answer.status !== 200) {
        if (answer.status !== 404) unexpected.push(answer);
        return;
      }
      for (const [key, text] of partsOf(question, answer.body)) {
        if (!seen.has(key)) seen.set(key, new Set());
        seen.get(key)?.add(text);
      }
    };
    const read = async (from: number): Promise<void> => {
      for (let turn = from; !isOver; turn++) await ask(questions[turn % questions.length] as string);
    };
    const modelInUse = async () => String((await world.get('/models/purchase')).body.runId);

    await world.begin();
    await world.upload('settings.json', JSON.stringify({ keepRuns: 2, purchase: { keepChampion: false } }));
    await world.upload('scoring/next.csv', 'customer_id,visits\nc7,3\nc8,9\n');
    const readers = [0, 1, 2].map(read);
    try {
      for (const change of [1, 2, 3]) {
        await world.upload('customers/may.csv', customers(change));
        await world.upload('training/may.csv', training(change));
        await Promise.all([world.invoke('segment'), world.invoke('train').then(() => world.invoke('score'))]);
        // Readers of the model that gives way, and of the one that comes back, at the same time as a publication.
        await world.upload('customers/may.csv', customers(10 + change));
        if (change > 1) {
          const over = await modelInUse();
          const [rolledBack] = await Promise.all([world.rollBack(over), world.invoke('segment')]);
          expect(rolledBack.status).toBe(200);
          expect(await modelInUse()).not.toBe(over);
          await world.invoke('score');
        }
        world.advance(9 * 3_600_000);
        for (const handler of ['segment', 'train', 'score'] as const) await world.invoke(handler);
      }
    } finally {
      isOver = true;
      await Promise.all(readers);
    }
    expect(unexpected).toEqual([]);
    const mixtures = [...seen].filter(([, texts]) => texts.size > 1);
    expect(mixtures).toEqual([]);
    const runsOf = (question: string) => [...seen.keys()].filter((key) => key.startsWith(question)).length;
    expect(runsOf('/models/purchase')).toBeGreaterThanOrEqual(3);
    expect(runsOf('/segments ')).toBeGreaterThanOrEqual(5);
    expect(answers).toBeGreaterThan(100);
    // What a model says of itself is what it said when it was fitted, also after it came back.
    await Promise.all(questions.map(ask));
    expect([...seen].filter(([, texts]) => texts.size > 1)).toEqual([]);
  });

  test('are served nothing of a run that has expired and is still there, and all of one that was superseded an hour ago', async () => {
    await world.begin();
    await world.upload('settings.json', JSON.stringify({ keepRuns: 1 }));
    const page = '/segments/low/customers?limit=2';
    const cursors: string[] = [];
    const runs: string[] = [];
    for (const change of [1, 2, 3, 4]) {
      await world.upload('customers/may.csv', customers(change));
      await world.invoke('segment');
      const { body } = await world.get(page);
      cursors.push(encodeURIComponent(String(body.cursor)));
      runs.push(String(body.runId));
    }
    const read = async () => {
      const answers = await Promise.all(cursors.map((cursor) => world.get(`${page}&cursor=${cursor}`)));
      return answers.map(({ status, body }) => (status === 200 ? body.runId : status));
    };
    world.advance(3_600_000);
    expect(await read()).toEqual(runs);
    world.advance(23 * 3_600_000 + 60_000);
    // Of four runs the current one and the one before it are kept.
    expect(await read()).toEqual([410, 410, ...runs.slice(2)]);
    const { items } = await readEverything(world);
    for (const runId of runs.slice(0, 2))
      expect(items.filter(({ pk, sk }) => pk === `RUN#${runId}` && sk !== 'RECORD').length).toBeGreaterThan(
        0,
      );
  });
});
