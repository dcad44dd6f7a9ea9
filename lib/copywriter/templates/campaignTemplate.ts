import { type Channel, fieldName, type Goal, type Part, type Variant, variants } from '../campaign.ts';
import { type Fact, fillPlaceholders, placeholder } from '../facts.ts';
import { fits } from '../lengths.ts';
import type { Language } from '../settings.ts';
import type { Draft, Field } from '../task.ts';
import { campaignTexts } from './campaignTexts.ts';

interface CampaignTemplate {
  channel: Channel;
  goal: Goal;
  language: Language;
  facts: readonly Fact[];
  fields: readonly Field[];
}

/** Copy by rule. Of the richer and the leaner bodies, the first that fits its channel with all facts in place. */
export function campaignTemplate({ channel, goal, language, facts, fields }: CampaignTemplate): Draft {
  const textOf = (part: Part, variant: Variant): string => {
    const { subject, body, short, callToAction } = campaignTexts[goal][language][variant];
    if (part === 'subject') return subject;
    if (part === 'callToAction') return callToAction;
    const field = fields.find(({ name }) => name === fieldName('body', variant)) as Field;
    const first = channel === 'email' || channel === 'wechat' ? [body, short] : [short];
    const bodies = bodiesOf(first, { facts, language, signs: channel === 'email' });
    const fitting = bodies.find((text) => fits(field, fillPlaceholders(text, facts, language)));
    return fitting ?? (bodies.at(-1) as string);
  };
  const parts = ['subject', 'body', 'callToAction'] as const;
  const all = variants.flatMap((variant) =>
    parts.map((part) => [fieldName(part, variant), textOf(part, variant)] as const),
  );
  return Object.fromEntries(all.filter(([name]) => fields.some((field) => field.name === name)));
}

/** Richest first: with products and signature, without products, without the signature, and at last the offer alone. */
function bodiesOf(
  first: readonly string[],
  { facts, language, signs }: { facts: readonly Fact[]; language: Language; signs: boolean },
): string[] {
  const offer = offerSentence(facts, language);
  const products = productSentence(facts, language);
  const signature = signs ? signatureOf(facts, language) : '';
  const join = (...sentences: string[]): string =>
    sentences.filter((sentence) => sentence !== '').join(language === 'en' ? ' ' : '');
  return [
    ...first.flatMap((text) => [
      `${join(text, products, offer)}${signature}`,
      `${join(text, offer)}${signature}`,
      join(text, offer),
    ]),
    ...(offer === '' ? [] : [offer]),
  ];
}

const named = (facts: readonly Fact[], key: string): Fact | undefined =>
  facts.find((fact) => fact.key === key);

function offerSentence(facts: readonly Fact[], language: Language): string {
  const [offer, lastDay] = [named(facts, 'offer'), named(facts, 'lastDay')];
  if (offer === undefined) return '';
  if (lastDay === undefined)
    return { en: `For you: ${placeholder(offer)}.`, zh: `专享${placeholder(offer)}。` }[language];
  return {
    en: `For you until ${placeholder(lastDay)}: ${placeholder(offer)}.`,
    zh: `专享${placeholder(offer)}，至${placeholder(lastDay)}。`,
  }[language];
}

function productSentence(facts: readonly Fact[], language: Language): string {
  const products = facts.filter(({ key }) => /^product\d+$/.test(key)).map(placeholder);
  if (products.length === 0) return '';
  if (language === 'zh') return `您可能会喜欢：${products.join('、')}。`;
  const last = products.at(-1) as string;
  const list = products.length === 1 ? last : `${products.slice(0, -1).join(', ')} and ${last}`;
  return `You may like ${list}.`;
}

function signatureOf(facts: readonly Fact[], language: Language): string {
  const shop = named(facts, 'shopName');
  if (shop === undefined) return '';
  return { en: `\n\nYour team at ${placeholder(shop)}`, zh: `\n\n${placeholder(shop)}敬上` }[language];
}
