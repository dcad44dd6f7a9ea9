import type { Fact } from './facts.ts';
import type { Language } from './settings.ts';

export type TaskKind = 'campaignCopy' | 'runSummary' | 'segmentExplanation';

/** One text of an answer. */
export interface Field {
  name: string;
  /** For the model: what it is for. */
  purpose: string;
  /** Characters, once facts stand in their places. */
  maxLength: number;
  /** Where characters outside of the GSM 03.38 alphabet halve what a message holds. */
  maxLengthBeyondGsm?: number;
  /** Whether the required facts must stand here. */
  carriesFacts?: boolean;
}

/** What is to be written: about a segment or a run as a whole, never about one customer. */
export interface Task {
  kind: TaskKind;
  language: Language;
  /** Who reads it and what it is to do, in sentences of ours. */
  brief: readonly string[];
  fields: readonly Field[];
  facts: readonly Fact[];
  /** Names that may stand in the text as a fact alone: products of the shop. */
  names: readonly string[];
  /** Texts by rule, one for each field, with placeholders; they keep what the check asks for. */
  template: () => Draft;
}

/** Text of each field, with placeholders. */
export type Draft = Record<string, string>;
