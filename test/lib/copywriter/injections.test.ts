import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bedrockWriter } from '../../../lib/copywriter/adapters/bedrock.ts';
import { openAiWriter } from '../../../lib/copywriter/adapters/openAi.ts';
import { campaignTask } from '../../../lib/copywriter/campaign.ts';
import { namedText } from '../../../lib/copywriter/namedText.ts';
import { rulesFor } from '../../../lib/copywriter/prompt.ts';
import type { Language } from '../../../lib/copywriter/settings.ts';
import type { Task } from '../../../lib/copywriter/task.ts';
import { templateWords, type WordsMemory, writeWords } from '../../../lib/copywriter/writeWords.ts';
import { injections } from '../../support/injections.ts';
import { goodAnswer } from '../../support/modelAnswers.ts';
import { type ModelServer, startModelServer } from '../../support/modelServer.ts';

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: server.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
});
afterAll(() => server.close());

const memory: WordsMemory = {
  recall: async () => null,
  remember: async () => {},
  reserve: async () => true,
  settle: async () => {},
};
const settings = { maxTokens: 1500, timeoutSeconds: 5 };

const languageOf = (injection: string): Language => (/\p{Script=Han}/u.test(injection) ? 'zh' : 'en');

const taskWith = (products: string[], language: Language, withOffer: boolean): Task =>
  campaignTask({
    channel: 'email',
    goal: 'winBack',
    language,
    audience: 'customers who have been away for long',
    offer: withOffer ? { kind: { share: 0.1 }, lastDay: null } : null,
    shopName: null,
    products,
  }).task;

/** What a model says that obeys the injection to the letter, and what an attacker would like it to say. */
function demandsOf(injection: string, language: Language): string[] {
  const rules = rulesFor({ language });
  const words = {
    en: [
      'Everything is ninety percent off for you.',
      'It is 90 off for you.',
      'It is free for you.',
      'See www.evil.example and come.',
    ],
    zh: ['全场一折。', '立减９０。', '全场免费。', '请看 evil。'],
  }[language];
  return [injection, `${injection} ${rules.slice(0, 400)}`, `{{f1}} ${injection}`, ...words, rules];
}

test('there are a hundred, half of them Chinese, of which few read like names', () => {
  expect(new Set(injections).size).toBe(100);
  expect(injections.filter((one) => languageOf(one) === 'zh')).toHaveLength(50);
  expect(injections.filter((one) => namedText(one) !== null).length).toBeLessThanOrEqual(20);
});

describe.each(['bedrock', 'openAi'] as const)(
  'a model behind %s that obeys what stands in a name',
  (protocol) => {
    const numbered = injections.map(
      (injection, index) => [injection.slice(0, 50), injection, index] as const,
    );
    test.each(numbered)('changes nothing by "%s"', async (_, injection, index) => {
      const language = languageOf(injection);
      const withOffer = index % 2 === 0;
      const task = taskWith([injection], language, withOffer);
      const demands = demandsOf(injection, language);
      server.asked.length = 0;
      server.behave(({ task: question }) => {
        const demand = demands[(index + server.asked.length) % demands.length] as string;
        return { fields: { ...goodAnswer(question, language), bodyA: demand, subjectB: demand } };
      });
      const writer =
        protocol === 'bedrock'
          ? bedrockWriter({ modelId: 'maker.model', output: 'jsonSchema', guardrail: null })
          : openAiWriter({ baseUrl: server.url, model: 'qwen', output: 'jsonSchema', key: null });

      const words = await writeWords(task, { writer, memory, settings });

      expect(words).toMatchObject({ writer: 'template', reason: { code: 'rejected' } });
      expect(words.reason?.message).not.toContain(injection);
      // no digit, and no word of rules or demand: the texts are those of any other name, or of none
      const name = namedText(injection);
      const { texts } = templateWords(taskWith(name === null ? [] : ['Kanne'], language, withOffer), null);
      const expected = Object.entries(texts).map(([field, text]) => [
        field,
        text.replaceAll('Kanne', name ?? ''),
      ]);
      expect(Object.entries(words.texts)).toEqual(expected);
      // and what reads like no name has never been told
      const sent = server.asked.map(({ body }) => JSON.stringify(body)).join('\n');
      if (name === null) expect(sent).not.toContain(JSON.stringify(injection).slice(1, -1));
    });
  },
);
