import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop, type Shop } from '../support/shop.ts';

const good = 'customer_id,spend,orders,browsing_minutes\nana,100,5,10\nbo,200,10,20\ncy,300,15,30\n';
const workbook = Uint8Array.from([0x50, 0x4b, 0x03, 0x04, 0x14, 0, 6, 0, 8, 0, 0, 0, 0x21, 0]);

/** What is wrong with the file, and what the run record must say of it. */
const unreadable: [what: string, body: string | Uint8Array, says: RegExp][] = [
  ['an empty file', '', /empty/i],
  ['a header without rows', 'customer_id,spend,orders,browsing_minutes\n', /no rows|no data/i],
  ['columns that nobody knows', 'foo,bar\n1,2\n', /spend/],
  [
    'a table without its spend',
    'customer_id,orders,browsing_minutes\nana,5,10\n',
    /spend.*total_spent|total_spent.*spend/s,
  ],
  ['the same header twice', 'customer_id,spend,spend,orders,browsing_minutes\nana,1,2,3,4\n', /spend/],
  ['a workbook named .csv', workbook, /xlsx|workbook|Excel/i],
  [
    'rows that all lack a cell',
    'customer_id,spend,orders,browsing_minutes\nana,1,2\nbo,2,3\n',
    /2 of 2 rows/,
  ],
];

/** Cells and rows that are set aside, each alone among good rows. */
const badRows: [what: string, row: string, says: RegExp][] = [
  ['a cell too many', 'dan,1,2,3,4', /cells/],
  ['a cell too few', 'dan,1,2', /cells/],
  ['NaN', 'dan,NaN,2,3', /spend/],
  ['infinity', 'dan,inf,2,3', /spend/],
  ['12 MB in one cell', `dan,${'9'.repeat(12_000_000)},2,3`, /longer than/],
];

describe('a bad upload', () => {
  let shop: Shop;
  let publishedRunId: string;

  beforeAll(async () => {
    shop = await openShop();
    await shop.upload('customers/good.csv', good);
    await shop.segment();
    publishedRunId = (await shop.lastRun('customers')).runId;
  });
  afterAll(() => shop.close());

  test.each(unreadable)(
    '%s is rejected with what, where and what to do, and changes nothing',
    async (_, body, says) => {
      await shop.upload('customers/bad.csv', body);
      await shop.segment();
      const run = await shop.lastRun('customers');
      expect(run.status).toBe('rejected');
      expect(JSON.stringify(run.problems)).toMatch(says);
      expect(JSON.stringify(run.problems)).toContain('customers/bad.csv');
      const { body: segments } = await shop.get('/segments');
      expect(segments.runId).toBe(publishedRunId);
      await shop.remove('customers/bad.csv');
      await shop.segment();
      expect((await shop.get('/segments')).body.runId).toBe(publishedRunId);
    },
  );

  test.each(badRows)(
    '%s is set aside with its line and reason, and the rows around it are read',
    async (_, row, says) => {
      const others = Array.from({ length: 40 }, (__, index) => `c${index},${index},${index},${index}`);
      const rows = [...others.slice(0, 20), row, ...others.slice(20)];
      await shop.upload(
        'customers/good.csv',
        `customer_id,spend,orders,browsing_minutes\n${rows.join('\n')}\n`,
      );
      await shop.segment();
      const run = await shop.lastRun('customers');
      expect(run.status).toBe('published');
      expect(run.counts).toMatchObject({ rowsIn: 41, rowsOk: 40, rowsQuarantined: 1, customers: 40 });
      const rejects = (await shop.result('rejects/customers/good.csv')) ?? '';
      expect(rejects.slice(0, 2000)).toMatch(says);
      expect(rejects).toMatch(/(^|\n)22,/);
      expect((await shop.get('/customers/c39')).status).toBe(200);
    },
  );

  test('amounts with a currency sign or thousands in quotes are read, and said to be', async () => {
    await shop.upload(
      'customers/good.csv',
      'id,spend,orders,browsing_minutes\nana,"1,234.56",5,10\nbo,¥100,2,3\n',
    );
    await shop.segment();
    expect((await shop.lastRun('customers')).status).toBe('published');
    expect((await shop.get('/customers/ana')).body.segment.spend).toBe(1234.56);
    expect((await shop.get('/customers/bo')).body.segment.spend).toBe(100);
  });

  test('headers that JavaScript objects trip over are ordinary columns', async () => {
    await shop.upload(
      'customers/good.csv',
      'customer_id,spend,orders,browsing_minutes,__proto__,constructor\n__proto__,1,2,3,x,y\nconstructor,2,3,4,x,y\n',
    );
    await shop.segment();
    expect((await shop.lastRun('customers')).status).toBe('published');
    expect((await shop.get('/customers/__proto__')).body.segment.spend).toBe(1);
    expect((await shop.get('/customers/constructor')).body.segment.spend).toBe(2);
    expect((await shop.get('/customers/toString')).status).toBe(404);
  });

  test('a directory marker and a file of another kind are left alone, and the latter is named', async () => {
    await shop.upload('customers/', '');
    await shop.upload('customers/notes.txt', 'call Ana');
    await shop.upload('customers/good.csv', good);
    await shop.segment();
    const run = await shop.lastRun('customers');
    expect(run.status).toBe('published');
    expect(run.notes).toEqual([
      { code: 'ignoredFile', message: expect.stringContaining('customers/notes.txt') },
    ]);
  });

  test('a bad setting rejects the run with the path of the bad field', async () => {
    await shop.upload('settings.json', JSON.stringify({ value: { weights: { spend: -1 } }, horizonDay: 30 }));
    await shop.segment();
    const run = await shop.lastRun('customers');
    expect(run.status).toBe('rejected');
    const paths = (run.problems as { path: string }[]).map(({ path }) => path);
    expect(paths).toContain('value.weights.spend');
    expect(paths).toContain('horizonDay');
    await shop.upload('settings.json', '{"currency": ');
    await shop.segment();
    expect(JSON.stringify((await shop.lastRun('customers')).problems)).toContain('not JSON');
    await shop.remove('settings.json');
  });

  test('text that is not UTF-8 is read as what it is, and the run says so', async () => {
    const gbk = Uint8Array.from([
      0xcf, 0xfb, 0xb7, 0xd1, 0xbd, 0xf0, 0xb6, 0xee, 0x2c, 0xb9, 0xba, 0xc2, 0xf2, 0xc6, 0xb5, 0xc2, 0xca,
      0x2c, 0xe4, 0xaf, 0xc0, 0xc0, 0xca, 0xb1, 0xb3, 0xa4, 0x0a, 0x31, 0x2c, 0x32, 0x2c, 0x33, 0x0a,
    ]);
    await shop.upload('customers/good.csv', gbk);
    await shop.segment();
    const run = await shop.lastRun('customers');
    expect(run.status).toBe('published');
    expect(JSON.stringify(run.files)).toMatch(/gb18030/i);
  });
});
