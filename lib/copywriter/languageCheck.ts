import type { Language } from './settings.ts';

/** Whether a text is in the language asked for; one of a few words is judged by its letters alone. */
export function isInLanguage(text: string, language: Language): boolean {
  const letters = text.match(/\p{L}/gu) ?? [];
  if (letters.length === 0) return true;
  const script = language === 'zh' ? /\p{Script=Han}/u : /\p{Script=Latin}/u;
  const share = letters.filter((letter) => script.test(letter)).length / letters.length;
  if (language === 'zh') return share >= 0.8;
  return share === 1 && soundsEnglish(text);
}

/** From so many words on, English cannot do without these. */
const enoughWords = 8;
const leastShare = 0.15;
const functionWords = new Set(
  (
    'the a an and or but if so as of to in on at by for from with without about into over after before since than that this these those ' +
    'you your we our us it its they them their he she i me my is are was were be been being has have had do does did will would can could ' +
    'may might should must not no all any each every some more most other there here when where what who how why which up out just'
  ).split(' '),
);

function soundsEnglish(text: string): boolean {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  if (words.length < enoughWords) return true;
  return words.filter((word) => functionWords.has(word)).length / words.length >= leastShare;
}
