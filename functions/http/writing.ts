import type { Language } from '../../lib/copywriter/settings.ts';
import type { Task } from '../../lib/copywriter/task.ts';
import { type Fallback, templateWords, type Words, writeWords } from '../../lib/copywriter/writeWords.ts';
import type { Settings } from '../../lib/pipeline/settings.ts';
import { putDraft, readDraft, reserveTokens, settleTokens } from '../../lib/store/words.ts';
import type { ApiWiring, WordsWiring } from '../wiring/apiWiring.ts';

/** The words of a task, in the words of the API. */
export interface WritingDesk {
  settings: Settings;
  language: Language;
  write(task: Task): Promise<Words>;
  /** By rule, whatever the settings say. */
  byRule(task: Task, reason: Fallback): Words;
}

/** With the settings as they are now; those that cannot be used leave the template to write, and the answer says so. */
export async function openDesk(
  wiring: ApiWiring,
  asked: { language?: Language | undefined },
): Promise<WritingDesk> {
  const { readSettings, writers } = wiring.words ?? refuseWithoutWords();
  const { settings, problem } = await readSettings();
  const writer = problem === null ? await writers(settings.words.writer) : null;
  return {
    settings,
    language: asked.language ?? settings.words.language,
    byRule: templateWords,
    write: async (task) => {
      if (writer === null) return templateWords(task, problem);
      if ('code' in writer) return templateWords(task, writer);
      return writeWords(task, {
        writer,
        memory: memoryOf(wiring, settings.words),
        settings: settings.words,
        onFallback: ({ code, message }) =>
          wiring.log.warn('the template wrote in place of a model', {
            code,
            reason: message,
            kind: task.kind,
          }),
      });
    },
  };
}

function memoryOf({ table, clock }: ApiWiring, { dailyTokens }: Settings['words']) {
  const nowMs = clock();
  return {
    recall: (hash: string) => readDraft(table, hash),
    remember: (hash: string, draft: Record<string, string>) =>
      putDraft(table, { hash, draft, nowMs: clock() }),
    reserve: (tokens: number) => reserveTokens(table, { tokens, dailyTokens, nowMs }),
    // on the day of the reservation, should midnight have come between
    settle: (tokens: number) => settleTokens(table, { tokens, nowMs }),
  };
}

/** Who wrote, and with which facts. */
export const writtenBy = ({ writer, model, cached, reason }: Words, { facts, language }: Task) => ({
  language,
  writer,
  model,
  cached,
  reason,
  facts: facts.map(({ meaning, text }) => ({ meaning, text: text[language] })),
});

function refuseWithoutWords(): WordsWiring {
  throw new Error('this function has no writers; serverless.yml gives this route to another');
}
