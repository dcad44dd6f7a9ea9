import { type Complaint, checkDraft, complaintCodes } from './checkDraft.ts';
import { fillPlaceholders } from './facts.ts';
import { keyOf, type Prompt, promptFor } from './prompt.ts';
import type { WordsSettings, WriterName } from './settings.ts';
import type { Draft, Task } from './task.ts';
import { type FailureCode, type Writer, WriterFailed, type Written } from './writer.ts';

/** What a day's tokens and texts that were written before are kept in. */
export interface WordsMemory {
  /** A draft that was accepted before; null where there is none. */
  recall(key: string): Promise<Draft | null>;
  remember(key: string, draft: Draft): Promise<void>;
  /** Takes tokens from those of the day; false where it has fewer left. */
  reserve(tokens: number): Promise<boolean>;
  /** Gives back what was reserved and not used; below 0 where more was used. */
  settle(tokens: number): Promise<void>;
}

export interface WordsOptions {
  writer: Writer;
  memory: WordsMemory;
  settings: Pick<WordsSettings, 'maxTokens' | 'timeoutSeconds'>;
  /** Told of every draft that was not used, by codes alone. */
  onFallback?: (reason: Fallback) => void;
}

/** Why the template wrote although another writer is chosen. */
export interface Fallback {
  code: FailureCode | 'rejected' | 'tokenCap' | 'memory' | 'badSettings' | 'unpublished';
  message: string;
}

export interface Words {
  /** Of each field of the task, with facts in their places. */
  texts: Record<string, string>;
  writer: WriterName;
  model: string | null;
  /** Whether these words were written before, for the same facts. */
  cached: boolean;
  reason: Fallback | null;
}

/**
 * The task's texts: those of the writer if they pass the check, at most after one more try that is told what was wrong; otherwise the
 * template's, with the reason. It does not throw for anything that a model or its server does.
 */
export async function writeWords(task: Task, options: WordsOptions): Promise<Words> {
  const { writer, onFallback } = options;
  if (writer.model === null) return templateWords(task, null);
  const outcome = await draftByModel(task, { ...options, model: writer.model });
  if ('code' in outcome) {
    onFallback?.(outcome);
    return templateWords(task, outcome);
  }
  const { draft, cached } = outcome;
  return { texts: filled(draft, task), writer: writer.name, model: writer.model, cached, reason: null };
}

/** The template's words, which need no model. */
export const templateWords = (task: Task, reason: Fallback | null): Words => ({
  texts: filled(task.template(), task),
  writer: 'template',
  model: null,
  cached: false,
  reason,
});

const filled = (draft: Draft, { facts, fields, language }: Task): Record<string, string> =>
  Object.fromEntries(
    fields.map(({ name }) => [name, fillPlaceholders((draft[name] ?? '').trim(), facts, language)]),
  );

type Outcome = { draft: Draft; cached: boolean } | Fallback;

async function draftByModel(task: Task, options: WordsOptions & { model: string }): Promise<Outcome> {
  const { memory, model, settings } = options;
  const key = keyOf(task, { model, maxTokens: settings.maxTokens });
  try {
    const kept = await memory.recall(key);
    if (kept !== null && checkDraft(kept, task).length === 0) return { draft: kept, cached: true };
  } catch {
    return uncounted;
  }
  const outcome = await askTwice(task, options);
  // a text that is not kept is asked for again, and no less right
  if ('draft' in outcome) await memory.remember(key, outcome.draft).catch(() => {});
  return outcome;
}

/** One try, and a second that is told what was wrong with the first. */
async function askTwice(task: Task, options: WordsOptions): Promise<Outcome> {
  let complaints: Complaint[] = [];
  for (let attempt = 1; attempt <= 2; attempt++) {
    const prompt = promptFor(
      task,
      complaints.map(({ message }) => message),
    );
    const asked = await askWithinCap({ task, prompt }, options);
    if ('code' in asked && asked.code !== 'malformed') return asked;
    complaints = 'code' in asked ? [notJson] : checkDraft(asked.draft, task);
    if ('draft' in asked && complaints.length === 0) return { draft: asked.draft, cached: false };
  }
  return rejection(complaints);
}

const notJson: Complaint = { code: 'malformed', message: 'it was not the JSON object asked for' };

function rejection(complaints: readonly Complaint[]): Fallback {
  const codes = [...new Set(complaints.map(({ code }) => code))];
  const found = codes.map((code) => complaintCodes[code]).join('; ');
  return { code: 'rejected', message: `what the model wrote was rejected twice: ${found}` };
}

async function askWithinCap(
  asked: { task: Task; prompt: Prompt },
  { writer, memory, settings: { maxTokens, timeoutSeconds } }: WordsOptions,
): Promise<Written | Fallback> {
  const reserved = mostTokens(asked.prompt, maxTokens);
  try {
    if (!(await memory.reserve(reserved))) return capReached;
  } catch {
    return uncounted;
  }
  // should this fail, too much counts as used, never too little
  const settle = async (used: number | null): Promise<void> => {
    if (used !== null) await memory.settle(reserved - used).catch(() => {});
  };
  try {
    const written = await writer.write({ ...asked, maxTokens, timeoutMs: 1000 * timeoutSeconds });
    await settle(written.tokens);
    return written;
  } catch (error) {
    if (!(error instanceof WriterFailed)) return { code: 'failed', message: 'asking the model failed' };
    await settle(error.tokens);
    return { code: error.code, message: error.message };
  }
}

const capReached: Fallback = {
  code: 'tokenCap',
  message: 'the tokens of this day (words.dailyTokens) are used up',
};
/** A cap that cannot be held is no cap. */
const uncounted: Fallback = {
  code: 'memory',
  message: 'the day’s tokens could not be counted, so no model was asked',
};

/** A token is at least one byte of UTF-8; what servers put around messages and schemas comes to fewer than this many. */
const tokensAround = 500;

const mostTokens = ({ system, user, schema }: Prompt, maxTokens: number): number =>
  Buffer.byteLength(system + user + JSON.stringify(schema)) + tokensAround + maxTokens;
