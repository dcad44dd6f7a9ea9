import { encode } from './uploads.ts';

/**
 * Files as people and programs spoil them, by the kinds of Vitagliano et al., "Pollock: A Data Loading Benchmark" (PVLDB 16, 2023):
 * delimiters, quotes, escapes, row and table ends, headers, preambles, footers, several tables, ragged rows; and encodings, NULs and
 * huge cells. A file that is not one of these is made of a clean table by `readAsClean`, `refused`, `told` or `damages`.
 */
export interface CleanTable {
  names: readonly string[];
  /** Twelve or more. */
  rows: readonly (readonly string[])[];
  /** The place of a name without which the table cannot be read; and that of a text which may be anything. */
  needed: number;
  text: number;
}

const quoted = (cell: string, delimiter = ','): string =>
  cell.includes(delimiter) || cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : cell;
export const line = (cells: readonly string[], delimiter = ','): string =>
  cells.map((cell) => quoted(cell, delimiter)).join(delimiter);
export const joined = (lines: readonly string[], end = '\n'): string =>
  lines.map((each) => `${each}${end}`).join('');

const linesOf = ({ names, rows }: CleanTable) => ({
  header: line(names),
  lines: rows.map((cells) => line(cells)),
});

export function cleanFile(table: CleanTable): string {
  const { header, lines } = linesOf(table);
  return joined([header, ...lines]);
}

const again = ({ names, rows }: CleanTable, delimiter: string, end = '\n') =>
  joined(
    [names, ...rows].map((cells) => line(cells, delimiter)),
    end,
  );
const title = ['Report of March 2024', 'Exported by: Ada', ''];

/** Read as the clean file is, with the notes that are told; `sums` stands for what is said of sums below a table. */
export function readAsClean(table: CleanTable): [string, string | Uint8Array, string[]][] {
  const { names, rows } = table;
  const { header, lines } = linesOf(table);
  const clean = joined([header, ...lines]);
  const commas = ','.repeat(names.length - 1);
  return [
    ['delimited by semicolons', again(table, ';'), []],
    ['delimited by tabs', again(table, '\t'), []],
    ['delimited by pipes', again(table, '|'), []],
    ['delimited by a comma and a blank', clean.replace(/,(?=[^"\s,])/g, ', '), []],
    [
      'every cell in quotes',
      joined(
        [names, ...rows].map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')),
      ),
      [],
    ],
    ['rows ended by CRLF', again(table, ',', '\r\n'), []],
    ['rows ended by CR', again(table, ',', '\r'), []],
    [
      'rows ended by all three',
      joined(
        [header, ...lines].map((each, at) => `${each}${['\n', '\r\n', '\r'][at % 3]}`),
        '',
      ),
      [],
    ],
    ['without an end of the last row', clean.slice(0, -1), []],
    ['with blank lines between the rows', joined([header, ...lines], '\n\n'), []],
    ['with blank lines at the end', `${clean}\n\n\n`, []],
    ['with a byte order mark', encode(clean, 'utf-8 with BOM'), []],
    ['in UTF-16', encode(clean, 'utf-16le'), []],
    [
      'with a delimiter behind every row, and none behind the names',
      joined([header, ...lines.map((each) => `${each},`)]),
      ['trailingDelimiters'],
    ],
    ['with rows of empty cells', joined([header, ...lines, commas]), ['emptyRows']],
    ['below a title', joined([...title, header, ...lines]), ['preamble']],
    [
      'below a title with the table’s commas',
      joined([`Report${commas}`, `March,2024${commas.slice(1)}`, header, ...lines]),
      ['preamble'],
    ],
    ['below remarks', joined(['#shop: Ada', '# a "quote', '#-----', header, ...lines]), ['preamble']],
    [
      'below dates in two columns',
      joined(['From,2024-03-01', 'To,2024-03-31', header, ...lines]),
      ['preamble'],
    ],
    ['below a title in a German file', `Bericht\n\n${again(table, ';')}`, ['preamble']],
    ['above its sum', joined([header, ...lines, `Total${commas}`]), ['sums']],
    [
      'above a blank line, its sum and a remark',
      joined([header, ...lines, '', `合计${commas}`, 'Ada Ltd.', 'Page 1 of 1']),
      ['sums', 'footer'],
    ],
    ['above a remark', joined([header, ...lines, 'Generated on 2024-04-01 10:00']), ['footer']],
    [
      'above a remark with the table’s commas',
      joined([header, ...lines, `Generated on 2024-04-01 10:00${commas}`]),
      ['footer'],
    ],
    ['above the number of its rows', joined([header, ...lines, '', '(12 rows)']), ['footer']],
    [
      'between title and sum',
      joined([...title, header, ...lines, '', `Grand total${commas}`]),
      ['preamble', 'sums'],
    ],
    [
      'joined from two exports',
      joined([header, ...lines.slice(0, 6), header, ...lines.slice(6)]),
      ['repeatedHeader'],
    ],
    [
      'joined from two exports with byte order marks',
      `\uFEFF${joined([header, ...lines.slice(0, 6)])}\uFEFF${joined([header, ...lines.slice(6)])}`,
      ['repeatedHeader'],
    ],
  ];
}

/** Refused, with a code each. */
export function refused(table: CleanTable): [string, string | Uint8Array, string][] {
  const { names, rows, needed, text } = table;
  const { header, lines } = linesOf(table);
  const other = [names.toReversed(), ...rows.slice(0, 1).map((row) => row.toReversed())].map((each) =>
    line(each),
  );
  const twice = line(names.with(text, names[needed] as string));
  return [
    ['without a header', joined(lines), 'noHeader'],
    ['with the same name twice', joined([twice, ...lines]), 'duplicateHeader'],
    [
      'with a further name twice',
      joined([`${header},x,x`, ...lines.map((each) => `${each},1,2`)]),
      'duplicateHeader',
    ],
    ['with a name missing that is needed', joined([line(names.with(needed, '')), ...lines]), 'missingColumn'],
    [
      'below rows as wide as its names',
      joined([...lines.slice(0, 2), header, ...lines.slice(2)]),
      'ambiguousHeader',
    ],
    ['above another table of its kind', joined([header, ...lines, '', ...other]), 'severalTables'],
    ['below another table of its kind', joined([...other, '', header, ...lines]), 'severalTables'],
    ['with a header of another language’s comma', joined([names.join('，'), ...lines]), 'fullWidthComma'],
    ['rows ended by a record separator', again(table, ',', '\u001e'), 'oneLine'],
  ];
}

/** Read with less than the clean file, which is told. */
export function told(
  table: CleanTable,
): [string, string | Uint8Array, { said?: string[]; quarantined?: number }][] {
  const { names, rows, text } = table;
  const { header, lines } = linesOf(table);
  const clean = joined([header, ...lines]);
  const huge = (rows[0] ?? []).with(text, 'x'.repeat(1_100_000));
  return [
    ['a name too many', joined([`${header},hue`, ...lines]), { quarantined: rows.length }],
    ['a name too few', joined([line(names.slice(0, -1)), ...lines]), {}],
    [
      'another kind of table below',
      joined([header, ...lines, '', 'customer,name', 'k1,Ada']),
      { said: ['maybeSeveralTables'], quarantined: 2 },
    ],
    [
      'a table beside it, on some rows',
      joined([header, ...lines.map((each, at) => (at < 3 ? `${each},,k1,Ada` : each))]),
      { quarantined: 3 },
    ],
    ['an end-of-file character', `${clean}\u001a`, { quarantined: 1 }],
    ['zeros behind the end', Buffer.concat([Buffer.from(clean), Buffer.alloc(64)]), { quarantined: 1 }],
    ['a row that was cut', clean.slice(0, -(lines.at(-1) as string).length + 2), { quarantined: 1 }],
    [
      'letters of another encoding',
      Buffer.from(clean.replaceAll('plain', 'café'), 'latin1'),
      { said: ['encoding'] },
    ],
    ['a huge cell', joined([header, ...lines, line(huge)]), { quarantined: 1 }],
  ];
}

/** What can befall one row: by its cells and the place of the cell at fault. */
export const damages: Record<string, (cells: readonly string[], at: number) => string> = {
  'a delimiter too many': (cells, at) => line(cells.toSpliced(at, 0, '')),
  'a delimiter too few': (cells, at) => `${line(cells.slice(0, at + 1))}${line(cells.slice(at + 1))}`,
  'a cell too few': (cells, at) => line(cells.toSpliced(at, 1)),
  'semicolons for commas': (cells) => line(cells, ';'),
  'tabs for commas': (cells) => line(cells, '\t'),
  'blanks for commas': (cells) => cells.join(' '),
  'a quote that is not closed': (cells, at) =>
    cells.map((cell, index) => (index === at ? `"${cell}` : quoted(cell))).join(','),
  'a quote that is not opened': (cells, at) =>
    cells.map((cell, index) => (index === at ? `${cell}"` : quoted(cell))).join(','),
  'quotes that are escaped by a backslash': (cells, at) =>
    cells.map((cell, index) => (index === at ? `"a \\"${cell}\\", b"` : quoted(cell))).join(','),
  'single quotes': (cells) => cells.map((cell) => `'${cell.replaceAll(',', ';')}'`).join(','),
  'a NUL': (cells, at) => line(cells.with(at, `${cells[at]}\0`)),
  'a line break in a cell without quotes': (cells, at) =>
    cells.map((cell, index) => (index === at ? 'a\nb' : quoted(cell))).join(','),
};

/** The file with the damage at one cell of one row. */
export function damaged(
  table: CleanTable,
  { damage, row, at }: { damage: string; row: number; at: number },
): string {
  const { header, lines } = linesOf(table);
  const spoil = damages[damage] as (cells: readonly string[], at: number) => string;
  return joined([header, ...lines.with(row, spoil(table.rows[row] ?? [], at))]);
}
