import { describe, expect, test } from 'vitest';
import { readScoring } from '../../../lib/tables/readScoring.ts';
import { readTraining } from '../../../lib/tables/readTraining.ts';
import { upload } from './uploads.ts';

const file = (csv: string, key = 'training/a.csv') => upload(csv, { key });
const read = (...csvs: string[]) => readTraining(csvs.map((csv, at) => file(csv, `training/${at}.csv`)));
const kindsOf = async (...csvs: string[]) => {
  const { table } = await read(...csvs);
  return Object.fromEntries(table.columns.map(({ name, kind }) => [name, kind]));
};

describe('training', () => {
  test('columns are numbers, words or yes and no; the label is not among them', async () => {
    const { table, files } = await read(
      '浏览时长,购买历史,会员,是否购买\n10,偶尔,是,0\n20,,否,1\n,频繁,是,是\n',
    );
    expect(table).toEqual({
      ids: ['0.csv:1', '0.csv:2', '0.csv:3'],
      columns: [
        { name: '浏览时长', kind: 'numeric', values: [10, 20, null] },
        { name: '购买历史', kind: 'categorical', values: ['偶尔', null, '频繁'] },
        { name: '会员', kind: 'boolean', values: [1, 0, 1] },
      ],
      labels: Uint8Array.of(0, 1, 1),
    });
    expect(files[0]?.report.columns.map(({ readAs }) => readAs)).toEqual([
      'numeric',
      'categorical',
      'boolean',
      'bought',
    ]);
  });

  test('kinds are inferred over all files, and columns may stand in another order', async () => {
    const { table, files } = await read('id,a,b,label\nx,1,u,1\n', 'label,B,a,id\n0,v,7b,y\n1,w,8c,z\n');
    expect(table.ids).toEqual(['x', 'y', 'z']);
    expect(table.columns).toEqual([
      { name: 'a', kind: 'categorical', values: ['1', '7b', '8c'] },
      { name: 'b', kind: 'categorical', values: ['u', 'v', 'w'] },
    ]);
    expect(files.map(({ report }) => report.rowsOk)).toEqual([1, 2]);
  });

  test('numbers in all files are numbers', async () => {
    expect(await kindsOf('a,label\n1,1\n', 'a,label\n2,0\n')).toEqual({ a: 'numeric' });
  });

  test('a column of numbers with a few other cells stays one, and those rows are set aside', async () => {
    const numbers = Array.from({ length: 97 }, (_, at) => `${at},${at % 2}\n`).join('');
    const { table, files } = await read(`a,label\n${numbers}NaN,1\noops,1\n"1,234",1\n`);
    expect(table.columns[0]).toMatchObject({ kind: 'numeric' });
    expect(table.labels.length).toBe(97);
    expect(files[0]?.rejected.map(({ line }) => line)).toEqual([99, 100, 101]);
  });

  test('a sum below a table without ids is no row, and says nothing of its columns', async () => {
    const rows = Array.from({ length: 10 }, (_, at) => `${at},${at + 3},${at % 2}\n`).join('');
    const { table, files } = await read(`visits,minutes,label\n${rows}合计,75,1\n`);
    expect(table.columns.map(({ kind }) => kind)).toEqual(['numeric', 'numeric']);
    expect(table.labels.length).toBe(10);
    expect(files[0]?.report).toMatchObject({ rowsIn: 10, notes: [{ code: 'footer', count: 1 }, {}] });
  });

  test('a bad row with a word that names a column stays one, not another table', async () => {
    const { files } = await read('id,page,visits,purchase\na,purchase,3,1\nb,purchase,3,1,x\nc,home,4,0\n');
    expect(files[0]?.rejected.map(({ line }) => line)).toEqual([3]);
  });

  test('NaN speaks for numbers, however often it comes', async () => {
    expect(await kindsOf('a,b,label\nNaN,x,1\nNaN,y,0\n3,z,1\n')).toEqual({ a: 'numeric', b: 'categorical' });
  });

  test('0 and 1 are numbers; 1,234 is read by the decimals of the other cells', async () => {
    const { table } = await read('a,b,label\n1,"1,234",1\n0,2.5,0\n');
    expect(table.columns).toMatchObject([{ kind: 'numeric' }, { kind: 'numeric', values: [1234, 2.5] }]);
  });

  test('a row without a label, or with one that is neither yes nor no, is set aside', async () => {
    const { files } = await read('a,bought\n1,\n2,maybe\n3,YES\n4,0.0\n5,2\n');
    expect(files[0]?.rejected.map(({ line, column }) => [line, column])).toEqual([
      [2, 'bought'],
      [3, 'bought'],
      [6, 'bought'],
    ]);
  });

  test('columns without a name, of row numbers and of no value are left out, and so is revenue beside a label', async () => {
    const { table, files } = await read(
      ',,Unnamed: 2,a,empty,revenue,purchased\n0,0,0,5,,10,1\n1,1,1,6,,0,0\n',
    );
    expect(table.columns.map(({ name }) => name)).toEqual(['a']);
    const codes = files[0]?.report.notes.map(({ code }) => code);
    expect(codes).toEqual(['syntheticIds', 'unnamedColumns', 'passedOverColumns', 'unusedColumns']);
  });

  test('__proto__ and constructor are features like any other', async () => {
    const { table } = await read('__proto__,constructor,label\n1,a,1\n2,b,0\n');
    expect(table.columns).toEqual([
      { name: '__proto__', kind: 'numeric', values: [1, 2] },
      { name: 'constructor', kind: 'categorical', values: ['a', 'b'] },
    ]);
  });

  test('files with other columns are refused by name', async () => {
    await expect(read('a,b,label\n1,2,1\n', 'a,c,label\n1,2,1\n')).rejects.toMatchObject({
      key: 'training/1.csv',
      code: 'columnsDiffer',
      message: expect.stringMatching(/training\/0\.csv.*lacks "b".*has "c" besides/),
    });
  });

  test('a table without a label, or without features, is refused', async () => {
    await expect(read('a,b\n1,2\n')).rejects.toMatchObject({ code: 'missingColumn' });
    await expect(read('id,label\n1,1\n')).rejects.toMatchObject({ code: 'noFeatures' });
  });
});

describe('scoring', () => {
  const columns = [
    { name: '浏览时长', kind: 'numeric' },
    { name: '购买历史', kind: 'categorical' },
  ] as const;

  test('takes the columns of the model in its order, and nothing else', async () => {
    const csv = '购买历史,extra,浏览时长,是否购买\n从未,1,5,0\nx,2,,1\n';
    const { table, report } = await readScoring(file(csv, 'scoring/june.csv'), { columns });
    expect(table).toEqual({
      ids: ['june.csv:1', 'june.csv:2'],
      columns: [
        { name: '浏览时长', kind: 'numeric', values: [5, null] },
        { name: '购买历史', kind: 'categorical', values: ['从未', 'x'] },
      ],
    });
    expect(report.notes.map(({ code }) => code)).toEqual(['syntheticIds', 'labelIgnored', 'unusedColumns']);
    expect(report.columns.map(({ readAs }) => readAs)).toEqual(['categorical', null, 'numeric', null]);
  });

  test('a missing column is named', async () => {
    await expect(readScoring(file('浏览时长\n1\n'), { columns })).rejects.toMatchObject({
      code: 'missingColumn',
      message: expect.stringContaining('"购买历史"'),
    });
  });

  test('a cell that is not of the column’s kind sets its row aside', async () => {
    const { rejected, table } = await readScoring(file('浏览时长,购买历史\nlong,x\n1,y\n'), { columns });
    expect(rejected).toMatchObject([{ line: 2, column: '浏览时长' }]);
    expect(table.ids).toEqual(['a.csv:2']);
  });
});
