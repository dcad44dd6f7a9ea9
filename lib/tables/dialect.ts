import { afterLineEnd, readRecord } from './record.ts';
import { limits } from './recordReader.ts';
import { TableRejected } from './types.ts';

export interface Dialect {
  delimiter: string;
  header: string[];
  /** Where the first row after the header begins, and its physical line. */
  bodyStart: number;
  bodyLine: number;
}

/** A place of a text at which a line begins, and the line's number. */
export interface LinePlace {
  from: number;
  line: number;
}

const delimiters = [',', ';', '\t', '|'];
const sampledRows = 20;

/**
 * Header and delimiter of a file by the beginning of its text: the delimiter that the header holds; where it holds
 * several, the one that cuts the rows below into as many cells. A line `sep=;`, as Excel writes it, decides.
 */
export function detectDialect(key: string, head: string, last: boolean): Dialect {
  const place = headerPlace(head);
  if (head.slice(place.from).trim() === '') {
    throw new TableRejected(
      key,
      'emptyFile',
      'The file is empty. Upload a CSV with one line of column names and one line per row.',
    );
  }
  const candidates = headersAt(head, { ...place, last });
  if (candidates.length === 0) throw unreadableHeader(key, place.line);
  return bestDialect(head, candidates, last);
}

/** Where the first line stands that is not blank, and what a line `sep=;` above it declares. */
export function headerPlace(head: string): LinePlace & { declared: string | null } {
  let from = 0;
  let line = 1;
  let declared: string | null = null;
  for (;;) {
    const rest = /^([^\S\r\n]*|sep=(.))(\r\n|\n|\r)/i.exec(head.slice(from, from + 1024));
    if (rest === null) return { from, line, declared };
    from += rest[0].length;
    line++;
    declared = rest[2] ?? declared;
  }
}

/** The line at a place as a header, once for each delimiter by which it can be read. */
export const headersAt = (
  head: string,
  { from, line, declared, last }: LinePlace & { declared: string | null; last: boolean },
): Dialect[] =>
  (declared === null ? delimiters : [declared])
    .map((delimiter) => readHeader(head, { from, line, delimiter, last }))
    .filter((dialect) => dialect !== null);

/** The one that has several columns, and cuts the rows below alike. */
export function bestDialect(head: string, candidates: Dialect[], last: boolean): Dialect {
  const wide = candidates.filter(({ header }) => header.length > 1);
  const [chosen] = (wide.length > 0 ? wide : candidates)
    .map((dialect) => ({ dialect, agreeing: agreeingRows(head, dialect, last) }))
    .sort((a, b) => b.agreeing - a.agreeing || b.dialect.header.length - a.dialect.header.length);
  return (chosen as { dialect: Dialect }).dialect;
}

/**
 * Whether the rows, as far as they are sampled, all end with a delimiter more than the column names: they then have a cell more, which is
 * empty, as in the item report of 淘宝.
 */
export function hasTrailingDelimiters(head: string, dialect: Dialect, last: boolean): boolean {
  const rows = [...sampledCells(head, dialect, last)];
  const width = dialect.header.length + 1;
  return rows.length > 0 && rows.every((cells) => cells?.length === width && cells[width - 1] === '');
}

function readHeader(
  head: string,
  { from, line, delimiter, last }: LinePlace & { delimiter: string; last: boolean },
): Dialect | null {
  const reading = readRecord(head, { from, delimiter, last });
  if (reading.kind !== 'record') return null;
  const lines = head.slice(from, reading.end).split(/\r\n|\n|\r/).length;
  const header = reading.cells.map((cell) => cell.trim());
  return { delimiter, header, bodyStart: reading.next, bodyLine: line + lines };
}

const agreeingRows = (head: string, dialect: Dialect, last: boolean): number =>
  [...sampledCells(head, dialect, last)].filter((cells) => cells?.length === dialect.header.length).length;

/** The cells of the first rows; null for a row that cannot be read. */
function* sampledCells(
  head: string,
  { delimiter, bodyStart }: Dialect,
  last: boolean,
): Generator<string[] | null> {
  let from = bodyStart;
  for (let row = 0; row < sampledRows && from < head.length; row++) {
    const reading = readRecord(head, { from, delimiter, last });
    if (reading.kind === 'unfinished') return;
    const lf = head.indexOf('\n', from);
    from = reading.kind === 'record' ? reading.next : lf < 0 ? head.length : afterLineEnd(head, lf);
    yield reading.kind === 'record' ? reading.cells : null;
  }
}

function unreadableHeader(key: string, line: number): TableRejected {
  return new TableRejected(
    key,
    'unreadableHeader',
    `The column names in line ${line} cannot be read: a quote is opened and not closed, stands inside a name, or the line ` +
      `is longer than ${limits.rawCharacters * 4} characters. Write the names in one line, separated by commas.`,
  );
}
