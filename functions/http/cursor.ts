import * as z from 'zod/mini';
import { Problem } from './problem.ts';

/**
 * Where the next page of a list begins. It names the run as well, so that a list which is read page by page stays that of
 * one run while newer ones are published.
 */
const cursorSchema = z.object({
  runId: z.string().check(z.regex(/^[0-9a-f]{20}$/)),
  list: z.string().check(z.maxLength(50)),
  page: z.int().check(z.minimum(0), z.maximum(10_000_000)),
  offset: z.int().check(z.minimum(0), z.maximum(1_000_000)),
});
export type Cursor = z.infer<typeof cursorSchema>;

export function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** The cursor of this very list; any other text is refused. */
export function readCursor(text: string, list: string): Cursor {
  const parsed = cursorSchema.safeParse(jsonOrUndefined(Buffer.from(text, 'base64url').toString('utf8')));
  if (!parsed.success || parsed.data.list !== list) throw badCursor();
  return parsed.data;
}

export const badCursor = (): Problem =>
  new Problem('invalidRequest', 'the cursor is not one that this list gave', {
    errors: [{ path: 'cursor', message: 'must be a cursor that this list gave, unchanged' }],
  });

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
