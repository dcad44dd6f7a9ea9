import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decoded } from '../../../lib/tables/encoding.ts';
import { rawRows } from './rawRows.ts';
import { encode, type TestEncoding, upload } from './uploads.ts';

const gbk = (text: string) => encode(text, 'gb18030');
const encodingOf = async (bytes: Uint8Array) => (await rawRows(upload(bytes))).report.encoding;

describe('the encoding', () => {
  test('is UTF-16 without a mark where every other byte is NUL, Chinese header or not', async () => {
    const csv = '消费金额,购买频率,浏览时长\r\n100,5,10\r\n';
    expect(await encodingOf(encode(csv, 'utf-16le'))).toBe('utf-16le');
    expect(await encodingOf(encode(csv, 'utf-16be'))).toBe('utf-16be');
  });

  test.each(['id', 'ids'])('is UTF-8 though NULs stand beside separators here and there (%s)', async (id) => {
    const rows = Array.from({ length: 20 }, (_, at) => `${at},note\n`).join('');
    const { report } = await rawRows(upload(`${id},note\n1,\0\n${rows}`));
    expect(report).toMatchObject({ encoding: 'utf-8', rowsOk: 20, rowsQuarantined: 1 });
  });

  test('is GB18030 for what a Chinese shop exports, and the report says so', async () => {
    const { header, cells, report } = await rawRows(upload(gbk('买家会员名,备注\n小明,偶尔\n')));
    expect(header).toEqual(['买家会员名', '备注']);
    expect(cells).toEqual([['小明', '偶尔']]);
    expect(report.notes).toMatchObject([{ code: 'encoding', message: expect.stringContaining('GB18030') }]);
  });

  test('is windows-1252 where accents stand between plain letters, and the report calls it a guess', async () => {
    const { cells, report } = await rawRows(
      upload(Buffer.from('id,name\n1,Andr\xe9s\n2,Ren\xe9e \x80\n', 'latin1')),
    );
    expect(cells).toEqual([
      ['1', 'Andrés'],
      ['2', 'Renée €'],
    ]);
    expect(report.encoding).toBe('windows-1252');
    expect(report.notes[0]?.message).toContain('a guess');
  });

  test('found wrong after megabytes of plain text starts the reading again, and no row is read twice', async () => {
    const many = Array.from({ length: 200_000 }, (_, at) => `${at},plain`).join('\n');
    const { report, cells } = await rawRows(upload(gbk(`id,note\n${many}\n200000,客户客户\n`)));
    expect(report).toMatchObject({ rowsIn: 200_001, rowsOk: 200_001, encoding: 'gb18030' });
    expect(cells.at(-1)).toEqual(['200000', '客户客户']);
  });

  test('of a GB18030 file with one broken character stays, and that row is set aside', async () => {
    const rows = Array.from({ length: 60 }, (_, at) => `${at},购买历史频繁\n`).join('');
    const broken = Buffer.concat([
      gbk(`id,note\n${rows}`),
      Buffer.from([0x39, 0x2c, 0xcf, 0x2c, 0x0a]),
      gbk('61,好\n'),
    ]);
    const { report, cells } = await rawRows(upload(broken));
    expect(report).toMatchObject({ rowsOk: 61, rowsQuarantined: 1, encoding: 'gb18030' });
    expect(cells.at(-1)).toEqual(['61', '好']);
  });

  test('of a UTF-16 file cut in the middle of a character stays, and the last row is set aside', async () => {
    const { report } = await rawRows(upload(encode('id,note\n1,abc\n2,def', 'utf-16le').subarray(0, -1)));
    expect(report).toMatchObject({ rowsOk: 1, rowsQuarantined: 1, encoding: 'utf-16le' });
  });

  test('is UTF-8 though a replacement character is part of the text', async () => {
    const { cells } = await rawRows(upload('id,note\n1,a\uFFFDb\n'));
    expect(cells).toEqual([['1', 'a\uFFFDb']]);
  });
});

test('characters that chunks cut are put together again', async () => {
  const encodings = fc.constantFrom<TestEncoding>('utf-8', 'utf-16le', 'utf-16be', 'gb18030');
  // GB18030 has no agreed place for every character of the private use area.
  const text = fc.string({ unit: 'binary', maxLength: 30 }).map((any) => any.replace(/[\uE000-\uF8FF]/g, ''));
  const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(text, encodings, sizes, fc.boolean(), async (text, encoding, chunkSizes, damaged) => {
      const chunks = upload(encode(text, encoding), { chunkSizes }).open();
      const decoding = { encoding: encoding as 'utf-8' | 'gb18030', damaged };
      let read = '';
      for await (const part of decoded(chunks, decoding)) read += part;
      expect(read).toBe(text);
    }),
    { numRuns: 500 },
  );
});
