import { claimIn } from './claims.ts';
import { type Fact, fillPlaceholders, placeholder, placeholderPattern } from './facts.ts';
import { factMark, figureIn } from './figures.ts';
import { foreignName } from './foreignNames.ts';
import { isInLanguage } from './languageCheck.ts';
import { leakIn } from './leaks.ts';
import { lengthOf, roomOf } from './lengths.ts';
import { rulesFor } from './prompt.ts';
import type { Draft, Field, Task } from './task.ts';

export const complaintCodes = {
  malformed: 'the answer was not the JSON asked for',
  empty: 'a text was missing',
  placeholder: 'a placeholder was of no fact, or touched another or a letter',
  figure: 'a figure, price or date was no fact',
  character: 'there was more than plain letters and punctuation',
  name: 'a name was no fact',
  leak: 'the model wrote about itself or its instructions',
  claim: 'something was promised that no fact states',
  language: 'it was in another language',
  missingFact: 'the offer was not told',
  length: 'a text was too long for its channel',
} as const;
export type ComplaintCode = keyof typeof complaintCodes;

export interface Complaint {
  code: ComplaintCode;
  /** For whoever wrote the draft; it may repeat a word of it, and so is shown to nobody else. */
  message: string;
}

/**
 * All that keeps a draft from being used; empty for one that holds placeholders of facts and plain words alone. It promises: no digit,
 * number word, price, date or known name that is not a fact's; no promise in copy that no fact makes. Words that judge (`most`,
 * `growing`), and which fact a sentence is about, are the writer's.
 */
export function checkDraft(draft: Draft, task: Task): Complaint[] {
  return task.fields.flatMap((field) => {
    const text = draft[field.name] ?? '';
    const complaints: Found[] =
      text.trim() === '' ? [['empty', 'is missing or empty']] : complaintsOf(text, { field, task });
    return complaints.map(([code, message]) => ({ code, message: `${field.name}: ${message}` }));
  });
}

type Found = [code: ComplaintCode, message: string];

function complaintsOf(text: string, { field, task }: { field: Field; task: Task }): Found[] {
  // placeholders are longer than some facts, but not by so much: nothing else needs to be looked at
  if (text.length > 3 * field.maxLength + 200)
    return [['length', `has far more than ${field.maxLength} characters`]];
  const found = [
    ...complaintsOnPlaceholders(text, task.facts),
    ...complaintsOnWords(text, task),
    ...(field.carriesFacts === true ? missingFacts(text, task) : []),
  ];
  return found.length > 0 ? found : tooLong(text, { field, task });
}

function complaintsOnPlaceholders(text: string, facts: readonly Fact[]): Found[] {
  const placeholders = [...text.matchAll(placeholderPattern)];
  const known = new Set(facts.map(placeholder));
  const unknown = placeholders.find(([whole]) => !known.has(whole));
  const between = placeholders.slice(1).map((one, index) => {
    const before = placeholders[index] as RegExpMatchArray;
    return text.slice((before.index ?? 0) + before[0].length, one.index);
  });
  const touching =
    between.some((words) => !/[\p{L}，、；。（]|[,;.!?:] /u.test(words)) || besideLetterOrSign.test(text);
  return [
    ...(unknown ? [['placeholder', `holds ${unknown[0]}, which is not listed`] satisfies Found] : []),
    ...(touching
      ? [['placeholder', 'has a placeholder that touches another one, a letter or a sign'] satisfies Found]
      : []),
  ];
}

/** What would make another figure of a fact's: `-{{f1}}`, `.{{f1}}`, `{{f1}}k`, `{{f1}}.{{f2}}`. */
const besideLetterOrSign =
  /[\p{Script=Latin}.,:;'’&–—-]\{\{f\d+\}\}|\{\{f\d+\}\}(?:\p{Script=Latin}|[.,:&–—-][^\s])/u;

function complaintsOnWords(text: string, { kind, language, facts, names }: Task): Found[] {
  // in English a fact reads as a word, so that what follows it does not begin a sentence
  const words = text.replace(placeholderPattern, language === 'en' ? 'x' : '');
  const figure = figureIn(text.replace(placeholderPattern, factMark), language);
  const strange = notAllowed[language].exec(words) ?? insideWord.exec(words);
  const name = foreignName(words, { language, names });
  const leak = leakIn(words, rulesFor({ language }));
  const hasOffer = facts.some(({ required }) => required === true);
  const claim = kind === 'campaignCopy' ? claimIn(words, { hasOffer }) : null;
  const inLanguage = isInLanguage(words, language);
  const all: (Found | false)[] = [
    figure !== null && ['figure', `holds ${figure}; write placeholders in place of figures and dates`],
    strange !== null && [
      'character',
      `holds "${strange[0]}"; letters and plain punctuation alone are allowed`,
    ],
    name !== null && ['name', `holds ${name}; names are filled in through placeholders alone`],
    leak !== null && ['leak', `holds ${leak}`],
    claim !== null && ['claim', `promises ${claim}, which no fact states`],
    !inLanguage && ['language', `is not in ${language === 'en' ? 'English' : 'Simplified Chinese'}`],
  ];
  return all.filter((one) => one !== false);
}

const missingFacts = (text: string, { facts }: Task): Found[] =>
  facts
    .filter((fact) => fact.required === true && !text.includes(placeholder(fact)))
    .map((fact) => ['missingFact', `lacks ${placeholder(fact)} (${fact.meaning})`]);

function tooLong(text: string, { field, task }: { field: Field; task: Task }): Found[] {
  const filled = fillPlaceholders(text, task.facts, task.language);
  const [length, room] = [lengthOf(filled), roomOf(field, filled)];
  return length > room
    ? [['length', `has ${length} characters with its facts in place; at most ${room} fit`]]
    : [];
}

/** A stop within a word makes an address of it. */
const insideWord = /\p{L}[.:]\p{L}/u;

/** Everything but letters, spaces and the punctuation of plain sentences. */
const notAllowed = {
  en: /[^\p{L}\p{M}\s.,;:!?'’()&…–—-]/u,
  zh: /[^\p{L}\p{M}\s.,;:!?()，。！？；：、（）…—·-]/u,
};
