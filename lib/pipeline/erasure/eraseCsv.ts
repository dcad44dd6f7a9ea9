import { restoreText } from '../../tables/spreadsheetText.ts';

/** How the CSVs that we write call the column of ids. */
const idHeaders = ['customer_id', '客户编号'];

/**
 * One of our own CSVs without the rows of the erased: those of a file of customers by its column of ids, those of a file of rejected rows
 * by any cell of the row's text. Null where it holds none of them.
 */
export function eraseFromCsv(text: string, isErased: (id: string) => boolean): string | null {
  const records = recordsOf(text);
  const header = cellsOfRecord((records[0] ?? '').replace(/^\uFEFF/, ''));
  const idAt = header.findIndex((name) => idHeaders.includes(name));
  const rawAt = header.indexOf('raw');
  if (idAt < 0 && rawAt < 0) return null;
  const kept = records.filter((record, index) => {
    if (index === 0) return true;
    if (idAt < 0) return !cellsOf(cellsOfRecord(record)[rawAt] ?? '').some(isErased);
    return !isErased(restoreText(cellsOfRecord(record, idAt + 1)[idAt] ?? ''));
  });
  return kept.length === records.length ? null : kept.join('');
}

/** The cells of a row's text as it was uploaded, whatever its delimiter. */
export const cellsOf = (raw: string): string[] =>
  raw.split(/[,;\t|]/).map((cell) => {
    const trimmed = cell.trim();
    const quoted = trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"');
    return quoted ? trimmed.slice(1, -1).replaceAll('""', '"').trim() : trimmed;
  });

/** Each with the line feed that ends it; one within quotes does not. */
function recordsOf(text: string): string[] {
  const records: string[] = [];
  let start = 0;
  let quotes = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quoteCode) quotes++;
    if (code !== lineFeedCode || quotes % 2 > 0) continue;
    records.push(text.slice(start, at + 1));
    start = at + 1;
  }
  if (start < text.length) records.push(text.slice(start));
  return records;
}

const quoteCode = 34;
const lineFeedCode = 10;

function cellsOfRecord(record: string, most = Number.POSITIVE_INFINITY): string[] {
  const cells: string[] = [];
  const cell = /("(?:[^"]|"")*"|[^,\n]*)(,|\n|$)/y;
  while (cells.length < most) {
    const [, text = '', end] = cell.exec(record) ?? [];
    cells.push(text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);
    if (end !== ',') break;
  }
  return cells;
}
