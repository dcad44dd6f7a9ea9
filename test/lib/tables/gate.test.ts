import { describe, expect, test } from 'vitest';
import { rawRows } from './rawRows.ts';
import { gzipped, upload } from './uploads.ts';

const read = (content: string | Uint8Array) => rawRows(upload(content));
const code = async (content: string | Uint8Array): Promise<string> =>
  read(content).then(
    () => 'read',
    (error: { code: string }) => error.code,
  );
const reasons = async (content: string | Uint8Array): Promise<[number, string | null, string][]> =>
  (await read(content)).rejected.map(({ line, column, reason }) => [line, column, reason]);

describe('a file that is no table is refused', () => {
  test.each([
    ['no byte at all', '', 'emptyFile'],
    ['white space alone', ' \n\r\n \n', 'emptyFile'],
    ['a byte order mark alone', '\uFEFF', 'emptyFile'],
    ['a header alone', 'id,spend\n', 'noRows'],
    ['a header without a line end', 'id,spend', 'noRows'],
    ['a header and blank lines', 'id,spend\n\n,\n', 'noRows'],
    ['an Excel workbook', 'PK\u0003\u0004\u0014\0\u0006\0', 'notCsv'],
    ['a zipped Excel workbook', gzipped('PK\u0003\u0004\u0014\0'), 'notCsv'],
    ['an old Excel workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'notCsv'],
    ['a Parquet file', 'PAR1\u0015', 'notCsv'],
    ['a web page', '\uFEFF <!DOCTYPE html><table>', 'notCsv'],
    ['binary data', Uint8Array.from({ length: 5000 }, (_, index) => ((index * 7) % 32) | 1), 'notCsv'],
    ['the same header twice', 'id,spend,id\n1,2,3\n', 'duplicateHeader'],
    ['a quote in the header that is never closed', 'id,"spend\n1,2\n', 'unreadableHeader'],
    ['full-width commas', '消费金额，购买频率\n1，2\n', 'fullWidthComma'],
    [
      'more than 1,000 columns',
      `${Array.from({ length: 1001 }, (_, at) => `c${at}`).join(',')}\n1\n`,
      'tooManyColumns',
    ],
  ])('%s', async (_, content, expected) => expect(await code(content)).toBe(expected));

  test('and the message says what to do', async () => {
    await expect(read('PK\u0003\u0004')).rejects.toThrow(/Excel workbook.*save it as "CSV UTF-8"/);
    await expect(read('id,a,id\n')).rejects.toThrow('Columns 1 and 3 are both named "id"');
  });
});

describe('gzip', () => {
  const csv = `id,note\n${Array.from({ length: 2000 }, (_, at) => `${at},${Math.sin(at)}`).join('\n')}\n`;

  test('is known by its bytes, not by its name, and its members are one file', async () => {
    const twoMembers = Buffer.concat([gzipped(csv), gzipped('x,y\n')]);
    expect((await read(twoMembers)).cells.at(-1)).toEqual(['x', 'y']);
  });

  test('that ends early is refused at every length', async () => {
    const whole = gzipped(csv);
    for (const length of [11, 20, whole.length >> 1, whole.length - 8, whole.length - 1]) {
      expect(await code(whole.subarray(0, length))).toBe('truncatedGzip');
    }
  });

  test('may be padded with zeros, as tapes and some uploads are', async () => {
    const padded = Buffer.concat([gzipped(csv), Buffer.alloc(512)]);
    expect((await read(padded)).cells).toHaveLength(2000);
  });

  test('that unzips to five hundred times its size is refused before it fills anything', async () => {
    const bomb = gzipped(`id,note\n${`1,${'a'.repeat(9_998)}\n`.repeat(15_000)}`);
    expect(await code(bomb)).toBe('gzipTooLarge');
  });

  test('with a wrong byte is refused', async () => {
    const bytes = Buffer.from(gzipped(csv));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 0xff;
    expect(await code(bytes)).toBe('damagedGzip');
  });

  test('counts the bytes that were uploaded', async () => {
    const bytes = gzipped(csv);
    expect((await read(bytes)).report.bytes).toBe(bytes.length);
  });

  test('an error of the store passes through as it is', async () => {
    const source = {
      key: 'customers/may.csv.gz',
      async *open() {
        yield gzipped(csv).subarray(0, 5000);
        throw new Error('the connection was reset');
      },
    };
    await expect(rawRows(source)).rejects.toThrow('the connection was reset');
  });
});

describe('the delimiter', () => {
  test.each([
    ['comma', 'id,spend\n1,2\n', ','],
    ['semicolon beside decimal commas', 'id;spend\n1;2,5\n2;3,5\n', ';'],
    ['tab', 'id\tspend\n1\t2\n', '\t'],
    ['pipe', 'id|spend\n1|2\n', '|'],
    ['semicolon though a name holds a comma', 'name, first;spend\na;1\nb;2\n', ';'],
    ['comma though a quoted name holds semicolons', '"a;b;c",spend\na,1\n', ','],
    ['the one that Excel declares', 'sep=;\nid,no;spend\n1,2;3\n', ';'],
  ])('is the %s', async (_, csv, delimiter) => expect((await read(csv)).report.delimiter).toBe(delimiter));
});

describe('lines', () => {
  test('are counted as a text editor counts them, breaks inside quotes included', async () => {
    const { rows } = await read('\n\nid,note\r\n1,"a\nb\r\nc"\n\n2,d\r3,e');
    expect(rows.map(({ number, line, cells }) => [number, line, cells[0]])).toEqual([
      [1, 4, '1'],
      [2, 8, '2'],
      [3, 9, '3'],
    ]);
  });

  test('that are blank are no rows; rows of empty cells are skipped and counted', async () => {
    const { cells, report } = await read('id,note\n\n1,a\n,\n  \n2,b\n,');
    expect(cells).toEqual([
      ['1', 'a'],
      ['2', 'b'],
    ]);
    expect(report.rowsIn).toBe(2);
    expect(report.notes).toMatchObject([{ code: 'emptyRows', count: 3 }]);
  });
});

describe('text that a spreadsheet was told to leave alone', () => {
  test('is read without its ="…", however the chunks cut it', async () => {
    const text = 'id,spend\n="0012",5\n"=""0013""",="6"\n="00,14",7\n="15,8\n';
    for (const chunkSizes of [[65_536], [1], [3, 5]]) {
      const { cells, rejected } = await rawRows(upload(text, { chunkSizes }));
      expect(cells).toEqual([
        ['0012', '5'],
        ['="0013"', '6'],
      ]);
      expect(rejected.map(({ line }) => line)).toEqual([4, 5]);
    }
  });
});

describe('a bad row is set aside with its line, column and reason', () => {
  test('too many and too few cells', async () => {
    expect(await reasons('id,a,b\n1,2,3\n1,2\n1,2,3,4\n1\n')).toEqual([
      [3, null, 'the row has 2 cells, the header 3'],
      [4, null, 'the row has 4 cells, the header 3'],
      [5, null, 'the row has 1 cell, the header 3'],
    ]);
  });

  test('wrong quotes', async () => {
    expect(await reasons('id,a\n1,x"y\n2,"x"y\n3,"x\n4,ok\n')).toEqual([
      [2, 'a', 'a quote stands inside a cell that does not begin with one'],
      [3, 'a', 'text follows the closing quote of the cell'],
      [4, 'a', 'a quote is opened and never closed'],
    ]);
  });

  test('a row with too many cells keeps its line breaks and stays one row', async () => {
    const { rejected, report } = await read('id,a,b\n1,"x\ny",3,4\n2,x,y\n');
    expect(rejected).toMatchObject([{ line: 2, raw: '1,"x\ny",3,4' }]);
    expect(report).toMatchObject({ rowsIn: 2, rowsOk: 1, rowsQuarantined: 1 });
  });

  test('two quotes that happen to pair over whole rows are flagged', async () => {
    const { report } = await read('id,a\n1,"x\n2,y\n3,z"\n4,w\n');
    expect(report.notes).toMatchObject([{ code: 'linesInsideQuotes', count: 1 }]);
    expect(report.notes[0]?.message).toContain('line 2');
  });

  test.each([
    ['in one quoted cell', `"${'x'.repeat(12 << 20)}"`],
    ['in one plain cell', 'x'.repeat(12 << 20)],
  ])('12 MB %s, of which 64 KB are kept', async (_, cell) => {
    const { cells, rejected, report } = await rawRows(upload(`id,a\n1,b\n2,${cell}\n3,c\n`));
    expect(cells).toEqual([
      ['1', 'b'],
      ['3', 'c'],
    ]);
    expect(rejected).toMatchObject([{ line: 3, column: 'a' }]);
    expect(rejected[0]?.raw.length).toBe(65_536);
    expect(report.notes).toMatchObject([{ code: 'cutRawText', count: 1 }]);
  });

  test('a cell of a little more than 1 MB', async () => {
    expect(await reasons(`id,a\n1,${'x'.repeat(1_100_000)}\n2,b\n`)).toEqual([
      [2, 'a', 'the cell is longer than 1 MB'],
    ]);
  });

  test('a quote opened and not closed in 5 MB takes no row with it', async () => {
    const rows = Array.from({ length: 250_000 }, (_, at) => `${at},good enough row`).join('\n');
    const { report, rejected } = await read(`id,a\n0,"open\n${rows}\n`);
    expect(report.rowsOk).toBe(250_000);
    expect(rejected).toMatchObject([{ line: 2, column: 'a', raw: '0,"open' }]);
  });
});
