import { type Language, say } from '../words.ts';
import type { ChartContext } from './chart.ts';
import { formatsOf } from './formats.ts';
import { type Theme, themes } from './theme.ts';

/** What chart definitions are given, for a language and a theme. */
export const chartContext = (language: Language, theme: Theme['name']): ChartContext => ({
  language,
  theme: themes[theme],
  formats: formatsOf(language),
  say: (word, values) => say(language, word, values),
});
