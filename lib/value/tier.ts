import * as z from 'zod/mini';

/** The three groups of a ranking, best first. Every customer is in exactly one. */
export const tierSchema = z.enum(['high', 'mid', 'low']);
export type Tier = z.infer<typeof tierSchema>;

export const tiersBestFirst: readonly Tier[] = ['high', 'mid', 'low'];

/** What a tier is called in a table whose header is in this language. */
export const tierLabels: Record<'en' | 'zh', Record<Tier, string>> = {
  en: { high: 'high value', mid: 'mid value', low: 'low value' },
  zh: { high: '高价值客户', mid: '中价值客户', low: '低价值客户' },
};
