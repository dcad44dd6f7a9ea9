import type { Draft, Field } from './task.ts';
import { WriterFailed } from './writer.ts';

/** The texts of a model's answer. Throws `WriterFailed` where it is no JSON object of texts. */
export function parseDraft(
  answer: string,
  { fields, tokens }: { fields: readonly Field[]; tokens: number | null },
): Draft {
  const parsed = parseJson(withoutWrapping(answer));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new WriterFailed('malformed', 'the model’s answer was not a JSON object', tokens);
  const texts = new Map(Object.entries(parsed));
  return Object.fromEntries(
    fields.flatMap(({ name }) => {
      const text = texts.get(name);
      return typeof text === 'string' ? [[name, text]] : [];
    }),
  );
}

/** Models that think aloud, or put their answer into a block of code. */
function withoutWrapping(answer: string): string {
  const said = (answer.split('</think>').at(-1) as string).trim();
  if (!said.startsWith('```') || !said.endsWith('```')) return said;
  return said.slice(said.indexOf('\n') + 1, -3);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
