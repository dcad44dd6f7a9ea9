import type { FieldAliases } from '../aliases.ts';
import { eventWords } from './eventKinds.ts';
import { eventAliases, type OrderField, orderAliases, orderFields } from './fields.ts';
import { type OrderProfile, orderProfiles } from './profiles.ts';
import { statusWords } from './statuses.ts';

/** What docs/uploads.md says about layouts and names of `orders/` and `events/`, by the name of the passage. */
export const orderGuide = (): ReadonlyMap<string, string> =>
  new Map([
    ['layouts of orders', orderProfiles.map(layout).join('\n\n')],
    ['columns of orders', aliasTable(orderAliases)],
    ['states of orders', wordTable(['state', 'words'], statusWords)],
    ['columns of events', aliasTable(eventAliases)],
    ['kinds of events', wordTable(['kind', 'words'], eventWords)],
  ]);

function layout({ title, signature, columns, rules }: OrderProfile): string {
  const fields = Object.keys(orderFields) as OrderField[];
  const readAs = fields.flatMap((field) => {
    const names = columns[field];
    return names === undefined ? [] : [`\`${field}\` ← ${names.join(' or else ')}`];
  });
  return [
    `**${title}.** Known by ${signature.join(', ')}. Read: ${readAs.join('; ')}.`,
    ...rules.map((rule) => `- ${rule}`),
  ].join('\n');
}

const aliasTable = (aliases: readonly FieldAliases[]): string =>
  [
    '| column | what it holds | names | names that give way |',
    '|---|---|---|---|',
    ...aliases.map(
      ({ field, meaning, names, fallbacks }) =>
        `| \`${field}\` | ${meaning} | ${names.join(', ')} | ${fallbacks.join(', ')} |`,
    ),
  ].join('\n');

const wordTable = (head: [string, string], words: Readonly<Record<string, readonly string[]>>): string =>
  [
    `| ${head.join(' | ')} |`,
    '|---|---|',
    ...Object.entries(words).map(([meaning, each]) => `| \`${meaning}\` | ${each.join(', ')} |`),
  ].join('\n');
