import type { EChartsCoreOption } from 'echarts/core';
import type { Language, Word } from '../words.ts';
import type { Formats } from './formats.ts';
import type { Theme } from './theme.ts';

/**
 * A chart as the page draws it and the report prints it. Definitions are pure: an answer of the API in, this out. They leave
 * out nothing that a table would have, and compute nothing that the API does not say.
 */
export interface Chart {
  id: string;
  title: string;
  /** What axes and cells count in. */
  units: string;
  /** Which run the figures are from, and to when its data go. */
  source: string;
  /** What the chart shows, in a sentence: for who does not see it, and above it for who does. */
  sentence: string;
  /** Where there is nothing to draw: what to upload. Then there is no option, and the table is empty. */
  empty: string | null;
  option: EChartsCoreOption | null;
  /** Pixels, at any width. */
  height: number;
  table: ChartTable;
}

/** The same numbers as the drawing. */
export interface ChartTable {
  /** `words` may take several lines; the others stay on theirs. */
  columns: { label: string; kind: 'number' | 'text' | 'words' }[];
  rows: string[][];
}

/** What a definition needs to know beside the answer. */
export interface ChartContext {
  language: Language;
  theme: Theme;
  formats: Formats;
  say(word: Word, values?: Record<string, string | number>): string;
}

interface Named {
  id: string;
  title: string;
  units: string;
  source: string;
}

/** A chart in whose place stands what to upload. */
export const emptyChart = (named: Named, empty: string): Chart => ({
  ...named,
  sentence: empty,
  empty,
  option: null,
  height: 0,
  table: { columns: [], rows: [] },
});

export const text = (label: string): ChartTable['columns'][number] => ({ label, kind: 'text' });
export const words = (label: string): ChartTable['columns'][number] => ({ label, kind: 'words' });
export const number = (label: string): ChartTable['columns'][number] => ({ label, kind: 'number' });

/** Which run an answer is of, and to when its data go, as every chart says it. */
export const sourceOf = (
  { say, formats }: ChartContext,
  { runId, asOf, lastDay = asOf }: { runId: string; asOf: string; lastDay?: string },
): string => say('sourceOf', { run: runId.slice(0, 8), asOf: formats.day(lastDay) });
