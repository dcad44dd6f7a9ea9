import { limits } from './recordReader.ts';
import { TableRejected } from './types.ts';

/** Refuses a header that no table of ours can have: too wide, or with the same name twice. */
export function checkHeader(key: string, header: readonly string[]): void {
  if (header.length > limits.columns) {
    throw new TableRejected(
      key,
      'tooManyColumns',
      `The header has ${header.length} columns; ${limits.columns} are the most that are read. Leave out what is not needed.`,
    );
  }
  const [only] = header;
  if (header.length === 1 && only?.includes('，')) {
    throw new TableRejected(
      key,
      'fullWidthComma',
      'The column names are separated by the full-width comma "，". Separate names and cells by the plain comma ",".',
    );
  }
  const seen = new Map<string, number>();
  for (const [index, name] of header.entries()) {
    const first = name === '' ? undefined : seen.get(name);
    if (first !== undefined) {
      throw new TableRejected(
        key,
        'duplicateHeader',
        `Columns ${first + 1} and ${index + 1} are both named "${shown(name)}". Rename or delete one of them.`,
      );
    }
    seen.set(name, index);
  }
}

/** A column's name, short enough for a message. */
export const shown = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}…` : name);

/** Chinese where any name has a Chinese character. */
export const languageOf = (header: readonly string[]): 'en' | 'zh' =>
  header.some((name) => /\p{Script=Han}/u.test(name)) ? 'zh' : 'en';
