import { namedText } from './namedText.ts';
import type { Language } from './settings.ts';

/** In both languages, as it stands in a text. */
export type Spelled = Record<Language, string>;

export interface GivenFact {
  /** By which templates find it. */
  key: string;
  /** What it is, for the model and for whoever reads the answer. English, ours, without figures. */
  meaning: string;
  text: Spelled;
  /** The text must stand in every variant: an offer that is made is told, with its end. */
  required?: boolean;
  /** The model sees what it is and not what it says: text of unknown origin that is longer than a name. */
  hidden?: boolean;
}

/** Something that we computed or were told, with the only name by which a writer may put it into a text. */
export interface Fact extends GivenFact {
  /** `f1`, `f2`, …: a text holds `{{f1}}` where the fact is to stand. */
  id: string;
}

export const numberFacts = (given: readonly GivenFact[]): Fact[] =>
  given.map((fact, index) => ({ ...fact, id: `f${index + 1}` }));

/** A fact that is a name from somebody's file; null where the text is none that could be shown or told to a model. */
export function nameFact(key: string, meaning: string, name: string): GivenFact | null {
  const text = namedText(name);
  return text === null ? null : { key, meaning, text: { en: text, zh: text } };
}

export const placeholder = ({ id }: Pick<Fact, 'id'>): string => `{{${id}}}`;

/** Puts every fact in its place. Throws on an id that no fact has: only checked drafts are filled. */
export function fillPlaceholders(draft: string, facts: readonly Fact[], language: Language): string {
  return draft.replace(placeholderPattern, (_, id: string) => {
    const fact = facts.find((one) => one.id === id);
    if (fact === undefined) throw new Error(`fillPlaceholders: no fact is called ${id}`);
    return fact.text[language];
  });
}

export const placeholderPattern = /\{\{(f[1-9]\d*)\}\}/g;
