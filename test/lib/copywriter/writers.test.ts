import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bedrockWriter } from '../../../lib/copywriter/adapters/bedrock.ts';
import { parameterKeyStore } from '../../../lib/copywriter/adapters/keyStore.ts';
import { openAiWriter } from '../../../lib/copywriter/adapters/openAi.ts';
import { campaignTask } from '../../../lib/copywriter/campaign.ts';
import type { Language } from '../../../lib/copywriter/settings.ts';
import type { Draft } from '../../../lib/copywriter/task.ts';
import { templateWords, type WordsMemory, writeWords } from '../../../lib/copywriter/writeWords.ts';
import { goodAnswer } from '../../support/modelAnswers.ts';
import {
  type Behaviour,
  type ModelServer,
  type Protocol,
  startModelServer,
  storedKey,
  tokensPerAnswer,
} from '../../support/modelServer.ts';

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: server.url,
    AWS_ENDPOINT_URL_SSM: server.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
});
afterAll(() => server.close());
beforeEach(() => {
  server.asked.length = 0;
  server.parameters.length = 0;
});

const guardrail = { id: 'gr123', version: '2' };
const writerOf = (protocol: Protocol) =>
  protocol === 'bedrock'
    ? bedrockWriter({ modelId: 'eu.maker.model-v1:0', output: 'jsonSchema', guardrail })
    : openAiWriter({ baseUrl: server.url, model: 'qwen', output: 'jsonSchema', key: null });

const taskIn = (language: Language) =>
  campaignTask({
    channel: 'email',
    goal: 'winBack',
    language,
    audience: 'customers who have been away for long',
    offer: { kind: { share: 0.1 }, lastDay: '2026-12-24' },
    shopName: null,
    products: [],
  }).task;

/** A memory of its own, which tells what is left of its tokens. */
function memoryWith(tokens: number): WordsMemory & { left: () => number } {
  const drafts = new Map<string, Draft>();
  let left = tokens;
  return {
    recall: async (key) => drafts.get(key) ?? null,
    remember: async (key, draft) => void drafts.set(key, draft),
    reserve: async (wanted) => {
      if (wanted > left) return false;
      left -= wanted;
      return true;
    },
    settle: async (back) => {
      left += back;
    },
    left: () => left,
  };
}

const settings = { maxTokens: 1500, timeoutSeconds: 5 };

const ask = (
  protocol: Protocol,
  {
    language = 'en',
    timeoutSeconds = 5,
    memory = memoryWith(1e6),
  }: { language?: Language; timeoutSeconds?: number; memory?: WordsMemory } = {},
) =>
  writeWords(taskIn(language), {
    writer: writerOf(protocol),
    memory,
    settings: { ...settings, timeoutSeconds },
  });

describe.each(['bedrock', 'openAi'] as const)('a model behind %s', (protocol) => {
  test.each(['en', 'zh'] as const)(
    'writes what it is asked to in %s, and our code puts the facts in',
    async (language) => {
      server.behave(({ task }) => ({ fields: goodAnswer(task, language) }));
      const words = await ask(protocol, { language });
      expect(words).toMatchObject({ writer: protocol, cached: false, reason: null });
      expect(words.texts.bodyA).toBe(
        { en: 'For you, 10 % off and 2026-12-24.', zh: '为您准备：立减 10%、2026年12月24日。' }[language],
      );
      expect(server.asked).toHaveLength(1);
    },
  );

  test('is asked with a limit on its answer, a schema, and nothing but rules, our sentences and facts', async () => {
    server.behave(({ task }) => ({ fields: goodAnswer(task) }));
    await ask(protocol);
    const [{ maxTokens, task, body, model }] = server.asked as [(typeof server.asked)[number]];
    expect(maxTokens).toBe(1500);
    expect(Object.keys(task)).toEqual(['task', 'fields', 'facts']);
    expect(task.facts).toEqual([
      { placeholder: '{{f1}}', meaning: 'the offer', value: '10 % off', mustStandInEveryVariant: true },
      {
        placeholder: '{{f2}}',
        meaning: 'the last day of the offer',
        value: '2026-12-24',
        mustStandInEveryVariant: true,
      },
    ]);
    expect(body).toMatchObject(
      protocol === 'bedrock'
        ? {
            outputConfig: {
              textFormat: { type: 'json_schema', structure: { jsonSchema: { name: 'texts' } } },
            },
            guardrailConfig: { guardrailIdentifier: 'gr123', guardrailVersion: '2' },
          }
        : {
            stream: false,
            response_format: { type: 'json_schema', json_schema: { name: 'texts', strict: true } },
          },
    );
    expect(model).toBe({ bedrock: 'eu.maker.model-v1:0', openAi: 'qwen' }[protocol]);
  });

  const bad: [string, Behaviour, code: string, requests: number][] = [
    ['answers 429', { status: 429 }, 'throttled', 1],
    ['answers 500', { status: 500 }, 'failed', 1],
    ['answers 400', { status: 400 }, 'failed', 1],
    ['breaks the connection', 'brokenConnection', 'unreachable', 1],
    ['is cut off', 'cutOff', 'cutOff', 1],
    ['declines', 'refusal', 'refused', 1],
    ['answers what is no JSON', { raw: '<html>busy</html>' }, 'rejected', 2],
    ['answers another JSON', { raw: '[]' }, 'rejected', 2],
    ['talks where JSON is asked for', { says: 'Sure! Here are your texts.' }, 'rejected', 2],
    ['gives a list', { says: '["a"]' }, 'rejected', 2],
    ['leaves texts out', { fields: { bodyA: 'Come back.' } }, 'rejected', 2],
    ['gives numbers for texts', { fields: { bodyA: 20 } }, 'rejected', 2],
  ];
  test.each(bad)(
    'that %s leaves the template to write, which says so',
    async (_, behaviour, code, requests) => {
      server.behave(() => behaviour);
      const words = await ask(protocol);
      expect(words).toMatchObject({ writer: 'template', model: null, cached: false, reason: { code } });
      expect(words.texts).toEqual(templateWords(taskIn('en'), null).texts);
      expect(words.reason?.message).not.toMatch(/secret|html|Sure/);
      expect(server.asked).toHaveLength(requests);
    },
  );

  test('that is slow is not waited for', async () => {
    server.behave(() => 'slow');
    const words = await ask(protocol, { timeoutSeconds: 0.2 });
    expect(words).toMatchObject({ writer: 'template', reason: { code: 'timeout' } });
  });

  test.each([
    ['a digit', 'Take 20 off with {{f1}} until {{f2}}.'],
    ['another language', 'Wir freuen uns auf den baldigen Besuch: {{f1}} bis {{f2}}.'],
    ['a refusal', 'I am sorry, I cannot help with {{f1}} and {{f2}}.'],
    ['a promise of its own', 'It is free, with {{f1}} until {{f2}}.'],
  ])('that writes %s is told why once, and used if it mends that', async (_, body) => {
    server.behave(({ task }) => {
      const isFirst = task.yourLastAnswerWasRejectedBecause === undefined;
      return { fields: { ...goodAnswer(task), ...(isFirst && { bodyA: body }) } };
    });
    const words = await ask(protocol);
    expect(words).toMatchObject({ writer: protocol, reason: null });
    expect(server.asked[1]?.task.yourLastAnswerWasRejectedBecause?.[0]).toMatch(/^bodyA: /);
  });

  test('that does not mend it is not used, and no word of it is repeated', async () => {
    server.behave(({ task }) => ({
      fields: { ...goodAnswer(task), bodyB: 'Only 7777 left, {{f1}} until {{f2}}.' },
    }));
    const words = await ask(protocol);
    expect(words).toMatchObject({
      writer: 'template',
      reason: { code: 'rejected', message: expect.stringContaining('a figure, price or date was no fact') },
    });
    expect(JSON.stringify(words)).not.toContain('7777');
    expect(server.asked).toHaveLength(2);
  });

  test('is not asked again for the same facts, and is for others', async () => {
    server.behave(({ task }) => ({ fields: goodAnswer(task) }));
    const memory = memoryWith(1e6);
    const first = await ask(protocol, { memory });
    const left = memory.left();
    expect(await ask(protocol, { memory })).toEqual({ ...first, cached: true });
    expect([server.asked.length, memory.left()]).toEqual([1, left]);
    server.behave(({ task }) => ({ fields: goodAnswer(task, 'zh') }));
    expect(await ask(protocol, { memory, language: 'zh' })).toMatchObject({ cached: false });
  });

  test('costs what its server counted, and at most what was reserved where that did not count', async () => {
    server.behave(({ task }) => ({ fields: goodAnswer(task) }));
    const memory = memoryWith(100_000);
    await ask(protocol, { memory });
    expect(memory.left()).toBe(100_000 - tokensPerAnswer);
    server.behave(() => 'brokenConnection');
    await ask(protocol, { memory, language: 'zh' });
    expect(memory.left()).toBeLessThan(100_000 - tokensPerAnswer - 1500);
    const before = memory.left();
    server.behave(() => ({ status: 429 }));
    await ask(protocol, { memory, language: 'zh' });
    expect(memory.left()).toBe(before);
  });

  test('is not asked once the day’s tokens are used up, nor where they cannot be counted', async () => {
    server.behave(({ task }) => ({ fields: goodAnswer(task) }));
    expect(await ask(protocol, { memory: memoryWith(1000) })).toMatchObject({ reason: { code: 'tokenCap' } });
    const broken = { ...memoryWith(1e6), reserve: () => Promise.reject(new Error('the table is away')) };
    expect(await ask(protocol, { memory: broken })).toMatchObject({ reason: { code: 'memory' } });
    const forgetful = { ...memoryWith(1e6), recall: () => Promise.reject(new Error('the table is away')) };
    expect(await ask(protocol, { memory: forgetful })).toMatchObject({ reason: { code: 'memory' } });
    expect(server.asked).toHaveLength(0);
  });

  test('whose words cannot be kept is used all the same', async () => {
    server.behave(({ task }) => ({ fields: goodAnswer(task) }));
    const memory = { ...memoryWith(1e6), remember: () => Promise.reject(new Error('the table is away')) };
    expect(await ask(protocol, { memory })).toMatchObject({ writer: protocol, reason: null });
  });
});

test('a model that knows tools alone gives its texts as the input of one', async () => {
  server.behave(({ task }) => ({ fields: goodAnswer(task) }));
  const writer = bedrockWriter({ modelId: 'maker.model', output: 'tool', guardrail: null });
  const words = await writeWords(taskIn('en'), { writer, memory: memoryWith(1e6), settings });
  expect(words).toMatchObject({ writer: 'bedrock', model: 'maker.model' });
  expect(server.asked[0]?.body).toMatchObject({
    toolConfig: { toolChoice: { tool: { name: 'texts' } }, tools: [{ toolSpec: { name: 'texts' } }] },
  });
  expect(server.asked[0]?.body).not.toHaveProperty('guardrailConfig');
});

describe('a server of chat completions', () => {
  const openAi = (given: { baseUrl?: string; key?: string; output?: 'jsonObject' } = {}) =>
    openAiWriter({
      baseUrl: given.baseUrl ?? `${server.url}/v1/`,
      model: 'qwen',
      output: given.output ?? 'jsonSchema',
      key: given.key === undefined ? null : parameterKeyStore(given.key),
    });
  const askIt = (writer: ReturnType<typeof openAi>) =>
    writeWords(taskIn('en'), { writer, memory: memoryWith(1e6), settings });

  test('gets its key from Parameter Store, once, and again after it refused it', async () => {
    server.behave(({ task }) => ({ fields: goodAnswer(task) }));
    const writer = openAi({ key: '/valuecast/test/key' });
    await askIt(writer);
    await askIt(writer);
    expect(server.asked[0]?.authorization).toBe(`Bearer ${storedKey}`);
    expect(server.parameters).toEqual(['/valuecast/test/key']);
    server.behave(() => ({ status: 403 }));
    expect(await askIt(writer)).toMatchObject({ reason: { code: 'failed' } });
    await askIt(writer);
    expect(server.parameters).toHaveLength(2);
  });

  test('is told no schema where it knows none', async () => {
    server.behave(({ task }) => ({
      says: `<think>Let me see.</think>\n\`\`\`json\n${JSON.stringify(goodAnswer(task))}\n\`\`\``,
    }));
    expect(await askIt(openAi({ output: 'jsonObject' }))).toMatchObject({ writer: 'openAi' });
    expect(server.asked[0]?.body.response_format).toEqual({ type: 'json_object' });
  });

  test.each(['http://models.example', 'ftp://127.0.0.1', 'nonsense'])(
    'at %s is not asked',
    async (baseUrl) => {
      expect(await askIt(openAi({ baseUrl }))).toMatchObject({ reason: { code: 'notConfigured' } });
    },
  );
});
