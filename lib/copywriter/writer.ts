import type { Prompt } from './prompt.ts';
import type { WriterName } from './settings.ts';
import type { Draft, Task } from './task.ts';

/** Whoever writes: templates, Amazon Bedrock, or a server that speaks as OpenAI does. */
export interface Writer {
  name: WriterName;
  /** Which model, at which settings of ours: part of what a kept text is found by. Null for templates. */
  model: string | null;
  /** Throws `WriterFailed`. */
  write(request: WritingRequest): Promise<Written>;
}

export interface WritingRequest {
  task: Task;
  prompt: Prompt;
  maxTokens: number;
  timeoutMs: number;
}

export interface Written {
  draft: Draft;
  /** Of prompt and answer, as the model's server counted them; null where it did not say. */
  tokens: number | null;
}

export const failureCodes = [
  'notConfigured',
  'noKey',
  'timeout',
  'throttled',
  'unreachable',
  'failed',
  'cutOff',
  'malformed',
  'refused',
] as const;
export type FailureCode = (typeof failureCodes)[number];

/** The model gave nothing to check. The message is ours: what a server said may repeat a prompt or a key. */
export class WriterFailed extends Error {
  override readonly name = 'WriterFailed';
  constructor(
    readonly code: FailureCode,
    message: string,
    /** What it cost all the same, where the server said so. */
    readonly tokens: number | null = null,
  ) {
    super(message);
  }
}

export const templateWriter: Writer = {
  name: 'template',
  model: null,
  write: async ({ task }) => ({ draft: task.template(), tokens: 0 }),
};
