import type { FieldAliases } from './aliases.ts';
import { normaliseHeader } from './columns.ts';
import { readBoolean } from './featureCells.ts';
import { isValue } from './namedColumns.ts';
import type { HeaderTest } from './preamble.ts';

/**
 * Knows column names by the fields that they name: a line is one of column names where these are enough. A line with a number, a date,
 * an address or a yes or no among its cells is none, whatever else it holds.
 */
export function headerTest(
  aliases: readonly FieldAliases[],
  isEnough: (fields: ReadonlySet<string>) => boolean,
): HeaderTest {
  const fieldOf = new Map(
    aliases.flatMap(({ field, names, fallbacks }) =>
      [...names, ...fallbacks].map((alias) => [normaliseHeader(alias).name, field] as const),
    ),
  );
  return (cells) => {
    const names = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
    if (names.some((name) => isValue(name) || readBoolean(name) !== null)) return false;
    const fields = names.map((name) => fieldOf.get(normaliseHeader(name).name));
    return isEnough(new Set(fields.filter((field) => field !== undefined)));
  };
}
