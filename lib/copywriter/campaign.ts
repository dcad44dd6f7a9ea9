import * as z from 'zod/mini';
import { type Fact, type GivenFact, nameFact, numberFacts } from './facts.ts';
import type { Language } from './settings.ts';
import { spelledDay, spelledMoney, spelledShare } from './spelled.ts';
import type { Field, Task } from './task.ts';
import { campaignTemplate } from './templates/campaignTemplate.ts';

export const channelSchema = z.enum(['email', 'sms', 'push', 'wechat']);
export type Channel = z.infer<typeof channelSchema>;

/** What a campaign is to do; each segment has one that suits it. */
export const goalSchema = z.enum(['thank', 'welcome', 'grow', 'remind', 'winBack']);
export type Goal = z.infer<typeof goalSchema>;

/** An offer of the shop's; texts state it as it is, with its last day. */
export interface Offer {
  /** Share of the price, 0 to 1; or an amount in units of the currency; or delivery for nothing. */
  kind: { share: number } | { amount: number; currency: string; decimals: number } | 'freeShipping';
  /** `2026-12-24`; null where it does not end. */
  lastDay: string | null;
}

export interface Campaign {
  channel: Channel;
  goal: Goal;
  language: Language;
  /** What its customers have in common, in a sentence of ours without figures. */
  audience: string;
  offer: Offer | null;
  shopName: string | null;
  /** Products to be named. */
  products: readonly string[];
  /** Every product of the shop: none may be named but as a fact. */
  catalogue?: readonly string[];
}

/** What each channel has room for. An SMS is one message, with a blank and a link of 23 characters behind it. */
export const channelLimits: Record<
  Channel,
  Record<Part, Pick<Field, 'maxLength' | 'maxLengthBeyondGsm'> | null>
> = {
  email: { subject: { maxLength: 60 }, body: { maxLength: 800 }, callToAction: { maxLength: 30 } },
  sms: {
    subject: null,
    body: { maxLength: 115, maxLengthBeyondGsm: 37 },
    callToAction: { maxLength: 20, maxLengthBeyondGsm: 8 },
  },
  push: { subject: { maxLength: 45 }, body: { maxLength: 140 }, callToAction: { maxLength: 20 } },
  wechat: { subject: { maxLength: 40 }, body: { maxLength: 200 }, callToAction: { maxLength: 20 } },
};

export const parts = ['subject', 'body', 'callToAction'] as const;
export type Part = (typeof parts)[number];
/** Two texts for each part, to be tried against each other. */
export const variants = ['A', 'B'] as const;
export type Variant = (typeof variants)[number];

export const fieldName = (part: Part, variant: Variant): string => `${part}${variant}`;

export interface CampaignTask {
  task: Task;
  /** Names that were given and are not told to anybody, since they do not read like names. */
  withheld: number;
}

/** Copy for the customers of a segment. What the shop knows of them stays out: it is for the shop. */
export function campaignTask(campaign: Campaign): CampaignTask {
  const { channel, goal, audience, language, offer, shopName, products, catalogue = [] } = campaign;
  const names = [
    ...(shopName === null ? [] : [nameFact('shopName', 'the name of the shop', shopName)]),
    ...products.map((product, index) => nameFact(`product${index}`, 'the name of a product', product)),
  ];
  const known = names.filter((fact) => fact !== null);
  const facts = numberFacts([...(offer === null ? [] : offerFacts(offer)), ...known]);
  const task: Task = {
    kind: 'campaignCopy',
    language,
    brief: [
      `Write two different variants, A and B, of ${channelWords[channel]} to customers of the shop.`,
      `They are ${audience}. ${goalWords[goal]}`,
      'The reader is one of these customers and is addressed directly. Do not tell them how the shop groups or rates them.',
    ],
    fields: fieldsOf(channel),
    facts,
    names: [...products, ...catalogue],
    template: () => campaignTemplate({ channel, goal, language, facts, fields: fieldsOf(channel) }),
  };
  return { task, withheld: names.length - known.length };
}

function fieldsOf(channel: Channel): Field[] {
  return variants.flatMap((variant) =>
    parts.flatMap((part) => {
      const limits = channelLimits[channel][part];
      if (limits === null) return [];
      const purpose = `${partWords[part]} of variant ${variant}`;
      return [{ name: fieldName(part, variant), purpose, ...limits, carriesFacts: part === 'body' }];
    }),
  );
}

const partWords: Record<Part, string> = {
  subject: 'subject line or title',
  body: 'text',
  callToAction: 'words of the button or link',
};

const channelWords: Record<Channel, string> = {
  email: 'an email',
  sms: 'a text message (SMS)',
  push: 'a push notification',
  wechat: 'a WeChat message',
};

const goalWords: Record<Goal, string> = {
  thank: 'Thank them and keep them close.',
  welcome: 'Welcome them and bring them to their next order.',
  grow: 'Bring them to order more often.',
  remind: 'Remind them of the shop before they drift away.',
  winBack: 'Win them back.',
};

function offerFacts({ kind, lastDay }: Offer): GivenFact[] {
  const offer = { key: 'offer', meaning: 'the offer', text: offerText(kind), required: true };
  if (lastDay === null) return [offer];
  return [
    offer,
    { key: 'lastDay', meaning: 'the last day of the offer', text: spelledDay(lastDay), required: true },
  ];
}

function offerText(kind: Offer['kind']): Fact['text'] {
  if (kind === 'freeShipping') return { en: 'free delivery', zh: '免运费' };
  if ('share' in kind) {
    const { en, zh } = spelledShare(kind.share);
    return { en: `${en.replace('.0', '')} off`, zh: `立减 ${zh.replace('.0', '')}` };
  }
  const { en } = spelledMoney(kind.currency, kind.decimals)(kind.amount);
  return { en: `${en} off`, zh: `立减 ${en}` };
}
