import { describe, expect, test } from 'vitest';
import { TableRejected } from '../../../../lib/tables/types.ts';
import { encode } from '../uploads.ts';
import { orderLinesOf } from './orderLinesOf.ts';

/**
 * Files as people and programs spoil them, by the kinds of Vitagliano et al., "Pollock: A Data Loading Benchmark" (PVLDB 16, 2023):
 * delimiters, quotes, escapes, row and table ends, headers, preambles, footers, several tables, ragged rows; and encodings, NULs and
 * huge cells. Each is read as the clean file is, or the user is told.
 */
const names = ['customer', 'order_id', 'date', 'sku', 'note', 'quantity', 'amount'];
const rows = Array.from({ length: 12 }, (_, at) => [
  ...[`k${at % 5}`, `o${at >> 1}`, `2024-03-${String(at + 1).padStart(2, '0')}`, `S-${at % 3}`],
  ...[at % 4 === 0 ? 'red, "large"' : 'plain', String(1 + (at % 3)), `${at + 1}.50`],
]);
const quoted = (cell: string, delimiter = ','): string =>
  cell.includes(delimiter) || cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : cell;
const line = (cells: readonly string[], delimiter = ','): string =>
  cells.map((cell) => quoted(cell, delimiter)).join(delimiter);
const header = line(names);
const lines = rows.map((cells) => line(cells));
const joined = (all: readonly string[], end = '\n'): string => all.map((each) => `${each}${end}`).join('');
const clean = joined([header, ...lines]);

type Outcome = { refused: string } | { same: boolean; said: string[]; quarantined: number };

async function outcomeOf(content: string | Uint8Array): Promise<Outcome> {
  try {
    const { all, report } = await orderLinesOf(content);
    const told = all.map((each) => ({ ...each, sourceLine: 0 }));
    const said = report.notes.map(({ code }) => code).filter((code) => code !== 'layout');
    expect(report.rowsIn).toBe(report.rowsOk + report.rowsQuarantined);
    return {
      same: JSON.stringify(told) === JSON.stringify(expected),
      said,
      quarantined: report.rowsQuarantined,
    };
  } catch (error) {
    if (error instanceof TableRejected) return { refused: error.code };
    throw error;
  }
}
const expected = (await orderLinesOf(clean)).all.map((each) => ({ ...each, sourceLine: 0 }));

const isSilentlyDifferent = (outcome: Outcome): boolean =>
  'same' in outcome && !outcome.same && outcome.quarantined === 0 && outcome.said.length === 0;

const again = (delimiter: string, end = '\n') =>
  joined(
    [names, ...rows].map((cells) => line(cells, delimiter)),
    end,
  );
const title = ['Orders of March 2024', 'Exported by: Ada', ''];

describe('read as the clean file', () => {
  test.each<[string, string | Uint8Array, string[]]>([
    ['delimited by semicolons', again(';'), []],
    ['delimited by tabs', again('\t'), []],
    ['delimited by pipes', again('|'), []],
    ['delimited by a comma and a blank', clean.replace(/,(?=[^"\s])/g, ', '), []],
    [
      'every cell in quotes',
      joined(
        [names, ...rows].map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')),
      ),
      [],
    ],
    ['rows ended by CRLF', again(',', '\r\n'), []],
    ['rows ended by CR', again(',', '\r'), []],
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
    ['with a column without a name', joined([`${header},`, ...lines.map((each) => `${each},x`)]), []],
    ['with further columns', joined([`${header},colour`, ...lines.map((each) => `${each},red`)]), []],
    ['with rows of empty cells', joined([header, ...lines, ',,,,,,']), ['emptyRows']],
    ['below a title', joined([...title, header, ...lines]), ['preamble']],
    [
      'below a title with the table’s commas',
      joined(['Orders,,,,,,', 'March,2024,,,,,', header, ...lines]),
      ['preamble'],
    ],
    ['below remarks', joined(['#shop: Ada', '# a "quote', '#-----', header, ...lines]), ['preamble']],
    [
      'below dates in two columns',
      joined(['From,2024-03-01', 'To,2024-03-31', header, ...lines]),
      ['preamble'],
    ],
    ['below a title in a German file', `Bestellungen\n\n${again(';')}`, ['preamble']],
    ['above its sum', joined([header, ...lines, 'Total,,,,,24,84.00']), ['footer']],
    [
      'above a blank line, its sum and a remark',
      joined([header, ...lines, '', '合计,,,,,,84.00', 'Ada Ltd.', 'Page 1 of 1']),
      ['footer'],
    ],
    ['above a remark', joined([header, ...lines, 'Generated on 2024-04-01 10:00']), ['footer']],
    ['above the number of its rows', joined([header, ...lines, '', '(12 rows)']), ['footer']],
    [
      'between title and sum',
      joined([...title, header, ...lines, '', 'Grand total,,,,,,84.00']),
      ['preamble', 'footer'],
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
  ])('%s', async (_, content, said) => {
    expect(await outcomeOf(content)).toEqual({ same: true, said, quarantined: 0 });
  });
});

describe('refused, with what to do', () => {
  const events = ['user,time,page', 'k1,2024-03-01,home'];
  const other = ['customer,date,order_id,sku,note,amount,quantity', 'k1,2024-03-01,o1,S,x,1.00,1'];
  test.each<[string, string | Uint8Array, string]>([
    ['without a header', joined(lines), 'noHeader'],
    ['with the same name twice', clean.replace('note', 'sku'), 'duplicateHeader'],
    [
      'with a further name twice',
      joined([`${header},x,x`, ...lines.map((each) => `${each},1,2`)]),
      'duplicateHeader',
    ],
    ['with a name missing that is needed', clean.replace('date', ''), 'missingColumn'],
    [
      'below rows as wide as its names',
      joined([...lines.slice(0, 2), header, ...lines.slice(2)]),
      'ambiguousHeader',
    ],
    ['above another table of orders', joined([header, ...lines, '', ...other]), 'severalTables'],
    ['below another table of orders', joined([...other, '', header, ...lines]), 'severalTables'],
    ['a table of events above one of orders', joined([...events, '', header, ...lines]), 'severalTables'],
    ['with a header of another language’s comma', joined([names.join('，'), ...lines]), 'fullWidthComma'],
    ['rows ended by a record separator', again(',', '\u001e'), 'duplicateHeader'],
  ])('%s', async (_, content, code) => {
    expect(await outcomeOf(content)).toEqual({ refused: code });
  });
});

describe('told', () => {
  test.each<[string, string | Uint8Array, Partial<{ said: string[]; quarantined: number }>]>([
    [
      'a second line of names',
      joined([header, 'text,text,day,text,text,pieces,money', ...lines]),
      { said: ['maybeSeveralTables'], quarantined: 1 },
    ],
    ['a name too many', joined([`${header},colour`, ...lines]), { quarantined: 12 }],
    ['a name too few', joined([line(names.slice(0, 6)), ...lines]), {}],
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
    ['a row that was cut', clean.slice(0, -12), { quarantined: 1 }],
    [
      'customers in single quotes',
      joined([header, ...rows.map(([id, ...cells]) => line([`'${id}'`, ...cells]))]),
      { said: ['foreignQuotes'] },
    ],
    [
      'customers in curly quotes',
      joined([header, ...rows.map(([id, ...cells]) => line([`“${id}”`, ...cells]))]),
      { said: ['foreignQuotes'] },
    ],
    [
      'customers that are masked',
      joined([header, ...rows.map(([, ...cells]) => line(['t**1', ...cells]))]),
      { said: ['maskedCustomers'] },
    ],
    [
      'letters of another encoding',
      Buffer.from(clean.replaceAll('plain', 'café'), 'latin1'),
      { said: ['encoding'] },
    ],
    [
      'a huge cell',
      joined([header, ...lines, line(['k1', 'o9', '2024-03-20', 'S', 'x'.repeat(1_100_000), '1', '1.00'])]),
      { quarantined: 1 },
    ],
  ])('%s', async (_, content, seen) => {
    const outcome = await outcomeOf(content);
    if ('refused' in outcome) expect(outcome.refused).toBe('missingColumn');
    else
      expect(outcome).toMatchObject({
        ...seen,
        ...(seen.said !== undefined && { said: expect.arrayContaining(seen.said) }),
      });
    expect(isSilentlyDifferent(outcome)).toBe(false);
  });
});

/** What can befall one row: by its cells and the cell at fault. */
const damages: Record<string, (cells: string[], at: number) => string> = {
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
  'a line break in a cell without quotes': (cells, at) => line(cells.with(at, `a\nb${cells[at]}`)),
};

test.each(Object.entries(damages))(
  '%s in any row and cell is never a silent difference',
  async (_, damage) => {
    for (const [row, cells] of rows.entries()) {
      for (let at = 0; at < names.length; at++) {
        const polluted = joined([header, ...lines.with(row, damage(cells, at))]);
        const outcome = await outcomeOf(polluted);
        expect(isSilentlyDifferent(outcome), `row ${row}, cell ${at}`).toBe(false);
      }
    }
  },
);
