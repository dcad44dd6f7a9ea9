import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeCsv } from '../../../lib/tables/csv.ts';
import { rawRows } from './rawRows.ts';
import { upload } from './uploads.ts';

const header = ['id', 'note', 'spend'];

const damages: Record<string, (line: string) => Uint8Array | string> = {
  'a quote that is never closed': () => '7,"abc,1',
  'a quote alone': () => '"',
  'a quote inside a cell': () => '7,a"b,1',
  'text after the closing quote': () => '7,"a"b,1',
  'a cell too few': () => '7,a',
  'a cell too many': () => '7,a,b,1',
  'a NUL': () => '7,a\0b,1',
  'an odd number of quotes': (line) => `${line}"`,
  'bytes that are not UTF-8': () =>
    Buffer.concat([Buffer.from('7,caf'), Buffer.from([0xe9]), Buffer.from(',1')]),
  'half a character': () =>
    Buffer.concat([Buffer.from('7,'), Buffer.from('消').subarray(0, 2), Buffer.from(',1')]),
};

const texts = (units: string[]) => fc.string({ unit: fc.constantFrom(...units), maxLength: 8 });
const tables = (text: fc.Arbitrary<string>) =>
  fc.array(fc.tuple(fc.constant('7'), text, fc.constant('1')), { minLength: 2, maxLength: 10 });
const chunkSizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 });

/** The table's CSV with one of its rows damaged, after enough Chinese that the file is UTF-8 beyond doubt. */
function damagedCsv(rows: string[][], at: number, damage: (line: string) => Uint8Array | string): Uint8Array {
  const written = [['0', '购买历史购买历史购买历史', '1'], ...rows].map((row) => writeCsv(row, []));
  const lines = written.map((line, index) =>
    index === at + 1
      ? Buffer.concat([Buffer.from(damage(line.slice(0, -1))), Buffer.from('\n')])
      : Buffer.from(line),
  );
  return Buffer.concat([Buffer.from('id,note,spend\n'), ...lines]);
}

test.each(Object.keys(damages))('%s is set aside alone, and no neighbour changes', async (name) => {
  const damage = damages[name] as (line: string) => Uint8Array | string;
  await fc.assert(
    fc.asyncProperty(
      tables(texts(['"', ',', ';', ' ', 'a', '=', '消'])),
      fc.nat(),
      chunkSizes,
      async (rows, place, chunkSizes) => {
        const at = place % rows.length;
        const read = await rawRows(upload(damagedCsv(rows, at, damage), { chunkSizes }));
        const neighbours = rows.filter((_, index) => index !== at);
        expect(read.header).toEqual(header);
        expect(read.cells.slice(1)).toEqual(
          neighbours.map(([id, note, spend]) => [id, spreadsheetSafe(note), spend]),
        );
        expect(read.rejected.map(({ line }) => line)).toEqual([at + 3]);
        expect(read.rows.map(({ number }) => number)).not.toContain(at + 2);
      },
    ),
    { numRuns: 200 },
  );
});

// Between two quotes that stand wrong, line breaks and rows look alike: nobody can tell, but the file can be flagged.
test('among cells with line breaks, a damaged row changes no neighbour without saying so', async () => {
  await fc.assert(
    fc.asyncProperty(
      tables(texts(['"', ',', '\n', '\r', 'a', '1'])),
      fc.nat(),
      fc.constantFrom(...Object.values(damages)),
      async (rows, place, damage) => {
        const at = place % rows.length;
        const read = await rawRows(upload(damagedCsv(rows, at, damage)));
        const neighbours = rows.filter((_, index) => index !== at);
        const found = read.cells.slice(1).map((cells) => cells.join('\u0001'));
        const lost = neighbours.filter(
          (row) => !found.includes([row[0], spreadsheetSafe(row[1]), row[2]].join('\u0001')),
        );
        const said =
          read.rejected.length > 0 || read.report.notes.some(({ code }) => code === 'linesInsideQuotes');
        expect(lost.length === 0 || said).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});

const spreadsheetSafe = (text = ''): string => (/^'*[=\r]/.test(text) ? `'${text}` : text);
