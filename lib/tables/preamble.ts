import { bestDialect, type Dialect, headerPlace, headersAt, type LinePlace } from './dialect.ts';
import { afterLineEnd, lineEnd, rawCells } from './record.ts';
import { TableRejected } from './types.ts';

/** Whether cells are column names of the table that is expected. */
export type HeaderTest = (cells: readonly string[]) => boolean;

/** Lines of text above the column names. */
export interface Preamble {
  firstLine: number;
  lastLine: number;
}

/** Lines from the top among which column names are looked for. */
const searchedLines = 50;

/**
 * Column names below lines of another kind, such as a report's title: the first line that holds names which are known, where
 * the file does not begin with one. Null where there is none. Lines above that are as wide as the names could be rows of a
 * table, so that the file is refused with both candidates.
 */
export function headerBelowPreamble(
  key: string,
  head: string,
  { isHeader, last }: { isHeader: HeaderTest; last: boolean },
): { dialect: Dialect; preamble: Preamble } | null {
  const top = headerPlace(head);
  const above: (LinePlace & { text: string })[] = [];
  for (const place of linesFrom(head, top)) {
    const known = headersAt(head, { ...place, declared: top.declared, last }).filter(({ header }) =>
      isHeader(header),
    );
    if (known.length > 0) {
      if (above.length === 0) return null;
      const dialect = bestDialect(head, known, last);
      refuseTableAbove(key, above, { dialect, line: place.line });
      const lastLine = above.at(-1)?.line ?? place.line;
      return { dialect, preamble: { firstLine: top.line, lastLine } };
    }
    if (place.text.trim() !== '') above.push(place);
  }
  return null;
}

function* linesFrom(head: string, { from, line }: LinePlace): Generator<LinePlace & { text: string }> {
  for (let number = line; number < line + searchedLines && from < head.length; number++) {
    const found = lineEnd(head, from);
    const end = found < 0 ? head.length : found;
    yield { from, line: number, text: head.slice(from, end) };
    from = afterLineEnd(head, end);
  }
}

function refuseTableAbove(
  key: string,
  above: readonly (LinePlace & { text: string })[],
  { dialect: { delimiter, header }, line }: { dialect: Dialect; line: number },
): void {
  const widthOf = (cells: readonly string[]) => cells.findLastIndex((cell) => cell.trim() !== '') + 1;
  const widths = above.map(({ text }) => widthOf(rawCells(text, delimiter)));
  const wide = above[widths.findIndex((width) => width >= widthOf(header))];
  if (wide !== undefined) {
    throw new TableRejected(
      key,
      'ambiguousHeader',
      `Line ${line} holds column names that are known, and line ${wide.line} above it is as wide, so it can be column names or a row as ` +
        'well. Delete the lines above the column names, or upload each table as a file of its own.',
    );
  }
  const alike = above[widths.findIndex((width, index) => width > 2 && width === widths[index + 1])];
  if (alike === undefined) return;
  throw new TableRejected(
    key,
    'severalTables',
    `Line ${line} holds column names that are known, and line ${alike.line} above it begins another table. Upload each table as a file of its own.`,
  );
}
