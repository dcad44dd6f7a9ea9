/** Matching of EventBridge patterns, as far as our rules use them; anything else is refused when the rule is read. */

export type EventPattern = { [field: string]: EventPattern | Matcher[] };
export type Matcher =
  | string
  | number
  | boolean
  | null
  | { prefix: string }
  | { suffix: string }
  | { wildcard: string };

/** Every field of the pattern must match; entries of a list are alternatives. */
export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    const value = isRecord(event) ? event[field] : undefined;
    return Array.isArray(expected)
      ? expected.some((matcher) => matchesValue(matcher, value))
      : matchesPattern(expected, value);
  });
}

export function parsePattern(raw: unknown, path = 'pattern'): EventPattern {
  if (!isRecord(raw))
    throw new Error(`${path} is ${JSON.stringify(raw)}; a rule needs fields or lists there`);
  return Object.fromEntries(
    Object.entries(raw).map(([field, value]) => [
      field,
      Array.isArray(value)
        ? value.map((matcher) => parseMatcher(matcher, `${path}.${field}`))
        : parsePattern(value, `${path}.${field}`),
    ]),
  );
}

function parseMatcher(raw: unknown, path: string): Matcher {
  if (raw === null || ['string', 'number', 'boolean'].includes(typeof raw)) return raw as Matcher;
  const [kind, ...others] = Object.keys(raw as object);
  const understood =
    kind !== undefined && ['prefix', 'suffix', 'wildcard'].includes(kind) && others.length === 0;
  if (!understood) throw new Error(`${path}: the local event bus does not know ${JSON.stringify(raw)}`);
  return raw as Matcher;
}

function matchesValue(matcher: Matcher, value: unknown): boolean {
  if (typeof matcher !== 'object' || matcher === null) return matcher === value;
  if (typeof value !== 'string') return false;
  if ('prefix' in matcher) return value.startsWith(matcher.prefix);
  if ('suffix' in matcher) return value.endsWith(matcher.suffix);
  return matchesWildcard(matcher.wildcard, value);
}

/** `*` stands for any number of characters, `/` among them. Walks the pieces, so no pattern can be slow. */
function matchesWildcard(wildcard: string, value: string): boolean {
  const [first = '', ...pieces] = wildcard.split('*');
  const last = pieces.pop();
  if (last === undefined) return value === first;
  if (!value.startsWith(first)) return false;
  let position = first.length;
  for (const piece of pieces) {
    const found = value.indexOf(piece, position);
    if (found < 0) return false;
    position = found + piece.length;
  }
  return value.length - last.length >= position && value.endsWith(last);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
