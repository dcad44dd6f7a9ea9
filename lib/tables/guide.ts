import type { FieldAliases } from './aliases.ts';

/** How docs/uploads.md tells what is known of a layout, of names and of words, so that the page cannot lag behind. */

/** A profile in a sentence, and its rules. */
export function layoutText<Field extends string>(
  {
    title,
    signature,
    columns,
    rules,
  }: {
    title: string;
    signature: readonly string[];
    columns: Readonly<Partial<Record<Field, readonly string[]>>>;
    rules: readonly string[];
  },
  fields: readonly Field[],
): string {
  const readAs = fields.flatMap((field) => {
    const names = columns[field];
    return names === undefined ? [] : [`\`${field}\` ← ${names.join(' or else ')}`];
  });
  return [
    `**${title}.** Known by ${signature.join(', ')}. Read: ${readAs.join('; ')}.`,
    ...rules.map((rule) => `- ${rule}`),
  ].join('\n');
}

export const aliasTable = (aliases: readonly FieldAliases[]): string =>
  [
    '| column | what it holds | names | names that give way |',
    '|---|---|---|---|',
    ...aliases.map(
      ({ field, meaning, names, fallbacks }) =>
        `| \`${field}\` | ${meaning} | ${names.join(', ')} | ${fallbacks.join(', ')} |`,
    ),
  ].join('\n');

export const wordTable = (
  head: [string, string],
  words: Readonly<Record<string, readonly string[]>>,
): string =>
  [
    `| ${head.join(' | ')} |`,
    '|---|---|',
    ...Object.entries(words).map(([meaning, each]) => `| \`${meaning}\` | ${each.join(', ')} |`),
  ].join('\n');
