import type { Language } from './settings.ts';

/**
 * A name that stands in the text by itself, and not as a fact: one of those that are known, or a word with a capital inside a sentence,
 * in Chinese a word in Latin letters; null where there is none. A known one is not quoted, since it may be text that no model is to see.
 * A name that begins an English sentence, and is not known, is not seen.
 */
export function foreignName(
  text: string,
  { language, names }: { language: Language; names: readonly string[] },
): string | null {
  return knownName(text, names) ?? (language === 'en' ? capitalised(text) : inLatinLetters(text));
}

/** Shorter names would be found within everyday words. */
const shortestName = { latin: 4, han: 2 };

function knownName(text: string, names: readonly string[]): string | null {
  const searched = ` ${comparable(text)} `;
  for (const wanted of comparableOf(names)) {
    const isHan = /\p{Script=Han}/u.test(wanted);
    if (wanted.length < (isHan ? shortestName.han : shortestName.latin)) continue;
    if (searched.includes(isHan ? wanted : ` ${wanted} `)) return 'a name of a product';
  }
  return null;
}

/** A catalogue is long, and each of several texts is compared with it. */
function comparableOf(names: readonly string[]): readonly string[] {
  const known = comparableNames.get(names);
  if (known !== undefined) return known;
  const compared = names.map(comparable);
  comparableNames.set(names, compared);
  return compared;
}

const comparableNames = new WeakMap<readonly string[], readonly string[]>();

const comparable = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const plainCapitals = /^(I|I'm|I'll|I've|I'd|RFM|CSV|API|AUC|ROC|SMS)$/;

function capitalised(text: string): string | null {
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{M}]+(?:['’][\p{L}]+)?/gu)) {
    const beginsSentence = isSentenceStart(text, index);
    const bare = word.replace('’', "'");
    const hasInnerCapital = /\p{Lu}/u.test(bare.slice(1));
    if (plainCapitals.test(bare)) continue;
    if (hasInnerCapital || (!beginsSentence && /^\p{Lu}/u.test(bare))) return quoted(word);
  }
  return null;
}

const quoted = (word: string): string => `the name "${word.slice(0, 30)}"`;

/** At the text's beginning, on a new line, or after what ends a sentence; blanks, dashes and brackets may stand between. */
function isSentenceStart(text: string, index: number): boolean {
  let at = index - 1;
  while (at >= 0 && /[ \t(–—’'-]/.test(text[at] as string)) at--;
  return at < 0 || /[.!?:…\n]/.test(text[at] as string);
}

function inLatinLetters(text: string): string | null {
  for (const [word] of text.matchAll(/\p{Script=Latin}+/gu))
    if (!plainCapitals.test(word)) return quoted(word);
  return null;
}
