/** What the service has told so far, by the name of the field: ids, cursors, names that a fair request would use. */
export interface KnownValues {
  of(name: string): string[];
  /** Takes in every text of an answer. */
  learn(answer: unknown): void;
  /** `name` takes what was told as `from`: the `over` of a rollback is the `runId` of a model. */
  alias(name: string, texts: readonly string[]): void;
}

/** So many of a name: a list of a thousand customers tells nothing more. */
const mostOfAName = 40;

export function knownValues(): KnownValues {
  const byName = new Map<string, Set<string>>();
  const add = (name: string, text: string) => {
    const texts = byName.get(name) ?? new Set();
    if (texts.size < mostOfAName) byName.set(name, texts.add(text));
  };
  const learn = (value: unknown, name: string): void => {
    if (typeof value === 'string') add(name, value);
    else if (Array.isArray(value)) for (const item of value) learn(item, name);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) learn(inner, key);
  };
  return {
    of: (name) => [...(byName.get(name) ?? [])],
    learn: (answer) => learn(answer, ''),
    alias: (name, texts) => {
      byName.set(name, new Set(texts));
    },
  };
}
