const quote = '"';

/** One record of a text, or why there is none. `next` is where the following record begins. */
export type RecordReading =
  | { kind: 'record'; cells: string[]; end: number; next: number }
  /** The text ends before the record does; `cell` is the index of the open one. */
  | { kind: 'unfinished'; cell: number; inQuotes: boolean }
  | { kind: 'fault'; cell: number; reason: string };

/**
 * Reads the record that begins at `from` by RFC 4180, strictly: a cell is quoted as a whole or not at all, and a quote
 * inside is doubled. LF, CRLF and CR end a record. `last` says that nothing follows `text`.
 */
export function readRecord(
  text: string,
  { from, delimiter, last }: { from: number; delimiter: string; last: boolean },
): RecordReading {
  const cells: string[] = [];
  let at = from;
  for (;;) {
    const quoted = text[at] === quote;
    const cell = quoted ? quotedCell(text, at, last) : plainCell(text, at, delimiter);
    if (cell === 'unfinished' || (cell.end >= text.length && !last)) {
      return { kind: 'unfinished', cell: cells.length, inQuotes: quoted && cell === 'unfinished' };
    }
    if ('reason' in cell) return { kind: 'fault', cell: cells.length, reason: cell.reason };
    cells.push(cell.text);
    const after = text[cell.end];
    if (after === delimiter) {
      at = cell.end + 1;
      continue;
    }
    if (after === '\r' && cell.end + 1 === text.length && !last) {
      return { kind: 'unfinished', cell: cells.length, inQuotes: false };
    }
    if (after === undefined || after === '\n' || after === '\r') {
      return { kind: 'record', cells, end: cell.end, next: afterLineEnd(text, cell.end) };
    }
    return { kind: 'fault', cell: cells.length - 1, reason: 'text follows the closing quote of the cell' };
  }
}

/** The cells of a line; where its quotes are wrong, what stands between the delimiters. */
export function rawCells(raw: string, delimiter: string): string[] {
  const reading = readRecord(raw, { from: 0, delimiter, last: true });
  return reading.kind === 'record' ? reading.cells : raw.split(delimiter);
}

/** Where the line that `end` ends is followed by the next one: CRLF is one line end. */
export function afterLineEnd(text: string, end: number): number {
  return text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
}

/** Where the line that holds `from` ends; -1 where the text ends first. */
export function lineEnd(text: string, from: number): number {
  const lf = text.indexOf('\n', from);
  const cr = text.slice(from, lf < 0 ? text.length : lf).indexOf('\r');
  return cr < 0 ? lf : from + cr;
}

type CellReading = { text: string; end: number } | { reason: string; end: number };

function quotedCell(text: string, from: number, last: boolean): CellReading | 'unfinished' {
  let doubled = false;
  let close = text.indexOf(quote, from + 1);
  while (close >= 0 && text[close + 1] === quote) {
    doubled = true;
    close = text.indexOf(quote, close + 2);
  }
  if (close < 0) return last ? { reason: 'a quote is opened and never closed', end: from } : 'unfinished';
  const inner = text.slice(from + 1, close);
  return { text: doubled ? inner.replaceAll('""', quote) : inner, end: close + 1 };
}

/** `="0012"`: how exports keep a spreadsheet from making a number of an id. */
const keptText = /="([^"\r\n]*)("?)/y;

function plainCell(text: string, from: number, delimiter: string): CellReading {
  const kept = text[from] === '=' ? keptCell(text, from, delimiter) : null;
  if (kept !== null) return kept;
  let end = from;
  for (; end < text.length; end++) {
    const character = text[end];
    if (character === delimiter || character === '\n' || character === '\r') break;
    if (character === quote)
      return { reason: 'a quote stands inside a cell that does not begin with one', end: from };
  }
  return { text: text.slice(from, end), end };
}

function keptCell(text: string, from: number, delimiter: string): CellReading | null {
  keptText.lastIndex = from;
  const [, inner = delimiter, close] = keptText.exec(text) ?? [];
  if (inner.includes(delimiter)) return null;
  return close === '"'
    ? { text: inner, end: keptText.lastIndex }
    : { reason: 'a quote is opened and never closed', end: keptText.lastIndex };
}
