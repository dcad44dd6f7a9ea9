import { type Fact, placeholder, type Spelled } from './facts.ts';
import type { Language } from './settings.ts';

/** A sentence by rule: it is told where every `{key}` in it is a fact. */
export interface Sentence extends Spelled {
  /** Told only where no fact of this key is there. */
  without?: string;
}

/** The sentences that the facts allow, in their order, with placeholders. */
export const tellable = (
  sentences: readonly Sentence[],
  { facts, language }: { facts: readonly Fact[]; language: Language },
): string[] =>
  sentences
    .filter(({ without }) => without === undefined || !facts.some(({ key }) => key === without))
    .flatMap((sentence) => {
      const keys = [...sentence[language].matchAll(/\{(\w+)\}/g)].map(([, key]) => key as string);
      const known = new Map(facts.map((fact) => [fact.key, placeholder(fact)]));
      if (!keys.every((key) => known.has(key))) return [];
      return [sentence[language].replace(/\{(\w+)\}/g, (_, key: string) => known.get(key) as string)];
    });

export const joined = (sentences: readonly string[], language: Language): string =>
  sentences.join(language === 'en' ? ' ' : '');
