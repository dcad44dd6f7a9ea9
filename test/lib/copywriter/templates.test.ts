import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { audiences } from '../../../lib/copywriter/audiences.ts';
import {
  type Campaign,
  campaignTask,
  channelSchema,
  goalSchema,
  type Offer,
} from '../../../lib/copywriter/campaign.ts';
import { checkDraft } from '../../../lib/copywriter/checkDraft.ts';
import { templateWords } from '../../../lib/copywriter/writeWords.ts';

const campaign = (given: Partial<Campaign> = {}): Campaign => ({
  channel: 'email',
  goal: 'thank',
  language: 'en',
  audience: 'customers who buy often',
  offer: { kind: { share: 0.1 }, lastDay: '2026-12-24' },
  shopName: 'Tea & Co.',
  products: ['Blue Teapot', 'Sencha 100 g'],
  ...given,
});

const written = (given: Partial<Campaign>) => templateWords(campaignTask(campaign(given)).task, null).texts;

describe('copy by rule', () => {
  test('tells the offer, its last day and the products in both variants', () => {
    expect(written({})).toEqual({
      subjectA: 'Thank you for being with us',
      bodyA:
        'You have been with us for a long time, and we are glad of it. Have a look at what is new. ' +
        'You may like Blue Teapot and Sencha 100 g. For you until 2026-12-24: 10 % off.\n\nYour team at Tea & Co.',
      callToActionA: 'See what is new',
      subjectB: 'For the people we know best',
      bodyB:
        'Some of our customers come back again and again. You are among them, and we want to thank you for that. ' +
        'You may like Blue Teapot and Sencha 100 g. For you until 2026-12-24: 10 % off.\n\nYour team at Tea & Co.',
      callToActionB: 'Take a look',
    });
  });

  test('is Chinese where that is asked for', () => {
    expect(
      written({ language: 'zh', channel: 'wechat', goal: 'winBack', products: ['蓝色茶壶'] }),
    ).toMatchObject({
      subjectA: '我们想念您',
      bodyA:
        '距离您上次下单已经很久了，真心希望再见到您。您可能会喜欢：蓝色茶壶。专享立减 10%，至2026年12月24日。',
    });
  });

  test('leaves out what a message has no room for, and never the offer', () => {
    const { bodyA, subjectA } = written({
      channel: 'sms',
      products: ['A teapot of blue porcelain with a lid', 'Sencha'],
    });
    expect(subjectA).toBeUndefined();
    expect(bodyA).toBe('Thank you for being with us. For you until 2026-12-24: 10 % off.');
    expect(written({ channel: 'sms', language: 'zh' }).bodyA).toContain('立减 10%');
  });

  test('passes the check that models’ words must pass, for every channel, goal, language, offer and name', () => {
    const name = fc.oneof(
      fc.constantFrom('Sencha', '蓝色茶壶', 'Crème brûlée', 'AirPods Pro 2'),
      fc.string({ maxLength: 40 }),
    );
    const offer: fc.Arbitrary<Offer | null> = fc.option(
      fc.record({
        kind: fc.oneof(
          fc.record({ share: fc.integer({ min: 1, max: 100 }).map((percent) => percent / 100) }),
          fc.record({
            amount: fc.double({ min: 0.01, max: 1e9, noNaN: true }),
            currency: fc.constantFrom('EUR', 'CNY'),
            decimals: fc.constant(2),
          }),
          fc.constant('freeShipping' as const),
        ),
        lastDay: fc.option(fc.constantFrom('2026-12-24', '2027-01-01')),
      }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...channelSchema.options),
        fc.constantFrom(...goalSchema.options),
        fc.constantFrom('en' as const, 'zh' as const),
        offer,
        fc.option(name),
        fc.array(name, { maxLength: 5 }),
        (channel, goal, language, given, shopName, products) => {
          const { task } = campaignTask(
            campaign({ channel, goal, language, offer: given, shopName, products }),
          );
          // a name such as "new" stands in our own words too
          expect(checkDraft(task.template(), { ...task, names: [] })).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('every segment has an audience and a goal, without figures', () => {
    for (const { words } of Object.values(audiences)) expect(`${words.en} ${words.zh}`).not.toMatch(/\p{N}/u);
  });
});
