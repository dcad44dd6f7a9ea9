import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readProducts } from '../../../lib/tables/readProducts.ts';
import { upload } from './uploads.ts';

const read = (csv: string) => readProducts(upload(csv, { key: 'products/may.csv' }));

describe('products', () => {
  test('are read under English and Chinese headers, with every cell but the product’s optional', async () => {
    const english = await read(
      'SKU,Product name,Category,Price,Cost,Stock,Lead time days\n0012,Blue cup,cups,"1,299.50",8,40,7\n0013,,,,,,\n',
    );
    const nothing = { name: null, category: null, price: null, cost: null, stock: null, leadTimeDays: null };
    expect(english.rows).toEqual([
      {
        ...{ product: '0012', name: 'Blue cup', category: 'cups', price: 1299.5, cost: 8 },
        ...{ stock: 40, leadTimeDays: 7 },
      },
      { product: '0013', ...nothing },
    ]);
    const chinese = await read('商品编号,商品名称,库存\nA1,蓝色杯子,-3\n');
    expect(chinese.rows).toEqual([{ product: 'A1', ...nothing, name: '蓝色杯子', stock: -3 }]);
    expect(chinese.report.notes).toContainEqual(expect.objectContaining({ code: 'negativeStock', count: 1 }));
  });

  test('of which a cell cannot be so are set aside, each with its column and reason', async () => {
    const { rows, rejected, report } = await read(
      'product,price,stock,lead_time_days\na,-1,1,1\nb,1,many,1\nc,1,1,800\n,1,1,1\nd,1,1,1\n',
    );
    expect(rows.map(({ product }) => product)).toEqual(['d']);
    expect(rejected.map(({ column }) => column)).toEqual(['price', 'stock', 'lead_time_days', 'product']);
    expect(rejected.map(({ reason }) => reason).join()).toMatch(/negative.*,.*730 days/);
    expect(report).toMatchObject({ rowsIn: 5, rowsOk: 1, rowsQuarantined: 4 });
  });

  test('without a column for the product are refused, with the names that are understood', async () => {
    await expect(read('name,stock\nCup,3\n')).rejects.toMatchObject({
      code: 'missingColumn',
      message: expect.stringMatching(/product \(understood: .*sku.*商品编号/s),
    });
  });

  test('come out as they went in, whatever their names hold', async () => {
    const cell = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter(isPlain);
    const row = fc.record({ product: cell, name: cell, stock: fc.integer({ min: -9, max: 1e6 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (rows) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const lines = rows.map(({ product, name, stock }) =>
          [quoted(product), quoted(name), stock].join(','),
        );
        const found = await read(['product,name,stock', ...lines].join('\n'));
        expect(found.rows.map(({ product, name, stock }) => ({ product, name, stock }))).toEqual(rows);
      }),
      { numRuns: 40 },
    );
  });
});

/** Blanks at the ends are trimmed, marks of spreadsheets and controls are taken off: that is tested with ids. */
const isPlain = (text: string): boolean =>
  /^[\p{L}\p{N}"][\p{L}\p{N}", ;]*$/u.test(text) && text.trim() === text;
