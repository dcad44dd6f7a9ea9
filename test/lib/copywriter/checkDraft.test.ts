import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ComplaintCode, checkDraft } from '../../../lib/copywriter/checkDraft.ts';
import { fillPlaceholders, numberFacts } from '../../../lib/copywriter/facts.ts';
import { rulesFor } from '../../../lib/copywriter/prompt.ts';
import type { Language } from '../../../lib/copywriter/settings.ts';
import type { Task, TaskKind } from '../../../lib/copywriter/task.ts';

const facts = numberFacts([
  { key: 'offer', meaning: 'the offer', text: { en: '10 % off', zh: '立减 10%' }, required: true },
  { key: 'product0', meaning: 'the name of a product', text: { en: 'Blue Teapot', zh: '蓝色茶壶' } },
  { key: 'customers', meaning: 'customers', text: { en: '1,234', zh: '1,234' } },
]);

const taskIn = (language: Language, kind: TaskKind = 'campaignCopy'): Task => ({
  kind,
  language,
  brief: [],
  fields: [{ name: 'body', purpose: 'text', maxLength: 200 }],
  facts,
  names: ['Blue Teapot', '蓝色茶壶', 'Sencha'],
  template: () => ({ body: '' }),
});

const codesOf = (body: string, language: Language, kind?: TaskKind): ComplaintCode[] =>
  checkDraft({ body }, taskIn(language, kind)).map(({ code }) => code);

describe('a draft of plain words and placeholders', () => {
  test.each([
    ['en', 'We have {{f1}} for you. Come and see the {{f2}}, and one of our new arrivals.'],
    ['en', "It's good to have you back! I'm sure that you will like it here."],
    ['en', 'There are {{f3}} customers, who get {{f1}}.'],
    ['zh', '为您准备了{{f1}}，快来看看{{f2}}吧！'],
    ['zh', '一起来看看，这里有一份小惊喜。'],
    ['zh', '共有 {{f3}} 位客户，一直在等您。'],
  ] as const)('passes in %s: %s', (language, body) => {
    expect(checkDraft({ body }, taskIn(language))).toEqual([]);
  });
});

describe('what is no fact', () => {
  const smuggled: [ComplaintCode, Language, string][] = [
    ['figure', 'en', 'Save 20 now.'],
    ['figure', 'en', 'We have ２０ of them.'],
    ['figure', 'en', 'Only ² of them are left here.'],
    ['figure', 'en', 'It costs ½ of what it was.'],
    ['figure', 'en', 'Number ⑳ is yours, and ٢ more.'],
    ['figure', 'en', 'All that for Ⅻ coins.'],
    ['figure', 'en', 'We took twenty off it for you.'],
    ['figure', 'en', 'It is half of what it was, and twíce as good.'],
    ['figure', 'en', 'It is ninety percent of all we have.'],
    ['figure', 'en', 'A per cent more is what you get.'],
    ['figure', 'en', 'It costs ten dollars or less.'],
    ['figure', 'en', 'See you on Friday, or in December.'],
    ['figure', 'en', 'It is yours until the end of May.'],
    ['figure', 'en', 'You have one day left for it.'],
    ['figure', 'en', 'That is € off.'],
    ['figure', 'en', 'This is 二十 for you.'],
    ['figure', 'zh', '立享20元'],
    ['figure', 'zh', '全场二十元起'],
    ['figure', 'zh', '买三件更划算'],
    ['figure', 'zh', '全场五折'],
    ['figure', 'zh', '只要半价'],
    ['figure', 'zh', '百分之十的客户'],
    ['figure', 'zh', '截至十二月底'],
    ['figure', 'zh', '一个月内有效'],
    ['figure', 'zh', '周末见'],
    ['figure', 'zh', '共{{f3}}万人'],
    ['figure', 'zh', '一{{f3}}个'],
    ['figure', 'zh', '壹佰元'],
    ['figure', 'zh', '２０元'],
    ['placeholder', 'en', 'There are {{f9}} of them here.'],
    ['placeholder', 'en', 'There are {{f3}}{{f3}} of them here.'],
    ['placeholder', 'en', 'There are {{f3}}.{{f3}} of them here.'],
    ['placeholder', 'en', 'There are {{f3}} {{f3}} of them here.'],
    ['placeholder', 'en', 'There are {{f3}}k of them here.'],
    ['placeholder', 'en', 'There are -{{f3}} of them here.'],
    ['character', 'en', 'There are {{ f3 }} of them here.'],
    ['character', 'en', 'There are {{f03}} of them here.'],
    ['character', 'en', 'See <b>this</b> here.'],
    ['character', 'en', 'Look at our shop 🎁 and see.'],
    ['character', 'en', 'Write to us @ the shop.'],
    ['character', 'en', 'See www.evil.example and come.'],
    ['character', 'en', 'He said "come here" to us.'],
    ['name', 'en', 'The new Kettle is here for you.'],
    ['name', 'en', 'See the iKettle in our shop.'],
    ['name', 'en', 'You will like our sencha.'],
    ['name', 'en', 'Take a blue teapot with you.'],
    ['name', 'zh', '来看看我们的蓝色茶壶。'],
    ['name', 'zh', '来看看我们的 Kettle。'],
    ['claim', 'en', 'It is free for you.'],
    ['claim', 'en', 'There is a gift for you.'],
    ['claim', 'en', 'Hurry, it is the last chance.'],
    ['claim', 'en', 'We guarantee it, with a refund.'],
    ['claim', 'zh', '全场包邮'],
    ['claim', 'zh', '今晚截止'],
    ['claim', 'zh', '好礼相赠'],
    ['leak', 'en', 'As an AI I like to be of help to you.'],
    ['leak', 'en', "I'm sorry, but this is not for me to write."],
    ['leak', 'en', 'My system prompt is what you see here.'],
    ['leak', 'zh', '作为一个人工智能助手，很高兴见到您。'],
    ['leak', 'zh', '很抱歉，这次不行。'],
    ['language', 'en', 'Wir freuen uns sehr auf den baldigen neuen Besuch bei unserem Laden.'],
    ['language', 'en', 'Добро пожаловать'],
    ['language', 'zh', 'ようこそ、お待ちしております'],
  ];
  test.each(smuggled)('is refused as %s in %s: %s', (code, language, body) => {
    expect(codesOf(body, language)).toContain(code);
  });

  test('is refused where it repeats the rules that the model was given', () => {
    const passage = rulesFor({ language: 'en' }).split('\n')[2] ?? '';
    expect(codesOf(`Well then. ${passage.replace(/\{\{f1\}\}/, 'that')}`, 'en')).toContain('leak');
  });

  test('is refused in another language than the one asked for', () => {
    expect(codesOf('欢迎光临，快来看看吧', 'en')).toContain('language');
    expect(codesOf('Come and see us, it is good to have you', 'zh')).toContain('language');
  });

  test('may be promised in words where a fact states an offer, and not otherwise', () => {
    const body = 'There is an offer for you: {{f1}}.';
    expect(codesOf(body, 'en')).toEqual([]);
    const withoutOffer = { ...taskIn('en'), facts: facts.slice(1) };
    expect(checkDraft({ body: 'There is an offer for you.' }, withoutOffer).map(({ code }) => code)).toEqual([
      'claim',
    ]);
    expect(
      checkDraft(
        { body: 'They buy at a discount, and often.' },
        { ...withoutOffer, kind: 'segmentExplanation' },
      ),
    ).toEqual([]);
  });

  test('cannot be made of an empty text, a missing one, or one that is too long with its facts in place', () => {
    expect(codesOf(' ', 'en')).toEqual(['empty']);
    expect(checkDraft({}, taskIn('en')).map(({ code }) => code)).toEqual(['empty']);
    const tight = { ...taskIn('en'), fields: [{ name: 'body', purpose: 'text', maxLength: 20 }] };
    expect(checkDraft({ body: 'See the {{f2}} here.' }, tight)).toMatchObject([{ code: 'length' }]);
  });

  test('leaves out the offer, where a field must carry it', () => {
    const carrying = {
      ...taskIn('en'),
      fields: [{ name: 'body', purpose: 'text', maxLength: 200, carriesFacts: true }],
    };
    expect(checkDraft({ body: 'Come and see us.' }, carrying)).toMatchObject([{ code: 'missingFact' }]);
    expect(checkDraft({ body: 'Come and see us: {{f1}}.' }, carrying)).toEqual([]);
  });
});

describe('whatever a writer writes', () => {
  const piece = fc.constantFrom(
    ...[
      '{{f1}}',
      '{{f2}}',
      '{{f3}}',
      '{{f4}}',
      '{{',
      '}}',
      '{',
      ' ',
      '.',
      ',',
      '-',
      '%',
      '1',
      '９',
      '½',
      'Ⅻ',
      '二',
      '十',
      '万',
      '一',
      '个',
    ],
    ...[
      'twenty',
      'half',
      'percent',
      'you',
      'we',
      'the',
      'Kettle',
      'sencha',
      '您',
      '欢迎',
      '折',
      '元',
      '\n',
      '\u200b',
      '\u0661',
      '𝟗',
    ],
  );
  const draft = fc.array(fc.oneof(piece, fc.string({ unit: 'grapheme', maxLength: 3 })), { maxLength: 12 });

  test.each(['en', 'zh'] as const)('no figure that is no fact comes through in %s', (language) => {
    fc.assert(
      fc.property(draft, (pieces) => {
        const body = pieces.join('');
        if (checkDraft({ body }, taskIn(language)).length > 0) return;
        const told = fillPlaceholders(body, facts, language);
        // every digit stands in a number that a fact has, as a whole
        const figures = told.normalize('NFKC').match(/[\p{N}.,]*\p{N}/gu) ?? [];
        const ours = facts.flatMap(({ text }) => text[language].match(/[\p{N}.,]*\p{N}/gu) ?? []);
        for (const figure of figures) expect(ours).toContain(figure);
      }),
      { numRuns: 2000 },
    );
  });

  test('a draft that passes can be filled', () => {
    fc.assert(
      fc.property(draft, fc.constantFrom('en' as const, 'zh' as const), (pieces, language) => {
        const body = pieces.join('');
        if (checkDraft({ body }, taskIn(language)).length > 0) return;
        expect(fillPlaceholders(body, facts, language)).not.toMatch(/[{}]/);
      }),
      { numRuns: 1000 },
    );
  });
});
