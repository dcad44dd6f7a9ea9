import { describe, expect, test } from 'vitest';
import { TableRejected } from '../../../../lib/tables/types.ts';
import { orderLinesOf } from './orderLinesOf.ts';

const header = 'customer_id,order_id,ordered_at,product,category,quantity,unit_price,currency,status';
const plain = (...rows: string[]) => `${[header, ...rows].join('\n')}\n`;

async function refusal(
  content: string,
  options: Parameters<typeof orderLinesOf>[1] = {},
): Promise<[string, string]> {
  return orderLinesOf(content, options).then(
    () => ['read', ''],
    (error: unknown) => {
      if (!(error instanceof TableRejected)) throw error;
      return [error.code, error.message];
    },
  );
}

describe('the plain layout', () => {
  test('is read by the names of its columns, and the report says how', async () => {
    const read = await orderLinesOf(plain('C1,O1,2024-03-01T10:00:00Z,P1,Shoes,2,10.50,USD,paid'));
    expect(read.layout).toBe('plain');
    expect(read.all).toEqual([
      {
        ...{ customerId: 'C1', orderId: 'O1', orderedAt: 1_709_287_200, orderedDay: 19_783, orderedHour: 10 },
        ...{ product: 'P1', category: 'Shoes', quantity: 2, amount: 2100, discount: null, currency: 'USD' },
        ...{ country: null, channel: null, status: 'sale', sourceLine: 2 },
      },
    ]);
    expect(read.report.columns.map(({ readAs }) => readAs)).toEqual([
      ...[
        'customerId',
        'orderId',
        'orderedAt',
        'product',
        'category',
        'quantity',
        'unitPrice',
        'currency',
        'status',
      ],
    ]);
    expect(read.report.notes[0]).toMatchObject({ code: 'layout' });
  });

  test('in Chinese', async () => {
    const read = await orderLinesOf(
      '会员号,订单号,下单时间,商品名称,数量,金额(元),状态\n001,A1,2025年1月1日 10时20分,苹果,2,¥12.50,已完成\n002,A2,2025年1月2日,梨,1,8,已退款\n',
      { timeZone: 'Asia/Shanghai', currency: 'CNY' },
    );
    expect(read.report.language).toBe('zh');
    expect(read.all.map(({ customerId, amount, status }) => [customerId, amount, status])).toEqual([
      ['001', 1250, 'sale'],
      ['002', 800, 'sale'],
      ['002', -800, 'return'],
    ]);
  });

  test('bad rows are set aside with line, column, reason and text; the others are read', async () => {
    const read = await orderLinesOf(
      plain(
        'C1,O1,2024-03-01,P1,Shoes,2,10.50,USD,paid',
        'C1,O1,yesterday,P1,Shoes,2,10.50,USD,paid',
        'C1,O1,2024-03-01,P1,Shoes,two,10.50,USD,paid',
        'C1,O1,2024-03-01,P1,Shoes,2,,USD,paid',
        'C1,O1,2024-03-01,P1,Shoes,2,1,USD,misplaced',
        'C1,O1,2024-03-01,P1,Shoes,2,1,dollars,paid',
        'Total,,2024-03-01,,,2,1,USD,paid',
        'C1,O1,2024-03-01,P1,Shoes,2',
        'C1,1.2E+15,2024-03-01,P1,Shoes,2,1,USD,paid',
      ),
    );
    expect(read.report).toMatchObject({ rowsIn: 9, rowsOk: 1, rowsQuarantined: 8 });
    expect(read.rejected.map(({ line, column }) => [line, column])).toEqual([
      [3, 'ordered_at'],
      [4, 'quantity'],
      [5, 'unit_price'],
      [6, 'status'],
      [7, 'currency'],
      [8, 'customer_id'],
      [9, null],
      [10, 'order_id'],
    ]);
    expect(read.rejected[0]).toMatchObject({ raw: 'C1,O1,yesterday,P1,Shoes,2,10.50,USD,paid' });
  });

  test('rows without a customer are lines without a customer, and counted', async () => {
    const read = await orderLinesOf(
      plain(',O1,2024-03-01,P1,Shoes,2,1,USD,paid', 'NaN,O2,2024-03-01,P1,Shoes,2,1,USD,paid'),
    );
    expect(read.all.map(({ customerId }) => customerId)).toEqual([null, null]);
    expect(read.report.notes.find(({ code }) => code === 'withoutCustomer')?.count).toBe(2);
  });

  test('returns by quantity, amount or state have amounts and pieces below 0', async () => {
    const { all } = await orderLinesOf(
      'customer,order_id,date,quantity,amount,status\na,1,2024-03-01,-2,20,paid\na,2,2024-03-01,2,-20,paid\na,3,2024-03-01,2,20,return\na,4,2024-03-01,2,20,cancelled\n',
    );
    expect(all.map(({ quantity, amount, status }) => [quantity, amount, status])).toEqual([
      [-2, -2000, 'return'],
      [-2, -2000, 'return'],
      [-2, -2000, 'return'],
      [2, 2000, 'cancelled'],
    ]);
  });

  test('without a state, what was never paid for is unpaid', async () => {
    const { all } = await orderLinesOf(
      '会员号,下单时间,付款时间,金额\n1,2024-03-01,2024-03-01,5\n1,2024-03-02,,5\n',
    );
    expect(all.map(({ status }) => status)).toEqual(['sale', 'unpaid']);
  });

  test('a discount is taken off quantity × price, on returns too, and an amount already is without it', async () => {
    const byPrice = await orderLinesOf(
      'customer,date,quantity,unit_price,discount\na,2024-03-01,3,10,1.50\na,2024-03-01,-3,10,1.50\n',
    );
    expect(byPrice.all.map(({ amount, discount }) => [amount, discount])).toEqual([
      [2850, 150],
      [-2850, 150],
    ]);
    const byAmount = await orderLinesOf('customer,date,amount,discount\na,2024-03-01,30,1.50\n');
    expect(byAmount.all.map(({ amount, discount }) => [amount, discount])).toEqual([[3000, 150]]);
  });

  test('what rounding left out is told', async () => {
    const read = await orderLinesOf(
      'customer,date,quantity,unit_price\na,2024-03-01,1,0.555\nb,2024-03-01,1,0.012\n',
    );
    expect(read.all.map(({ amount }) => amount)).toEqual([56, 1]);
    const note = read.report.notes.find(({ code }) => code === 'roundedLines');
    expect(note).toMatchObject({ count: 2, message: expect.stringContaining('left out -3 units') });
  });
});

describe('currencies', () => {
  const rows = plain(
    'a,1,2024-03-01,P,S,1,10,USD,paid',
    'a,2,2024-03-01,P,S,1,1000,JPY,paid',
    'a,3,2024-03-01,P,S,1,1.5,KWD,paid',
  );

  test('several are refused without rates, naming currency and line', async () => {
    const [code, message] = await refusal(rows);
    expect(code).toBe('severalCurrencies');
    expect(message).toMatch(/in JPY, first in line 3, and the shop’s currency is USD/);
  });

  test('with rates, amounts come in the shop’s currency and lines keep theirs', async () => {
    const { all } = await orderLinesOf(rows, { rates: { JPY: 0.0067, KWD: '3.25' } });
    expect(all.map(({ amount, currency }) => [amount, currency])).toEqual([
      [1000, 'USD'],
      [670, 'JPY'],
      [488, 'KWD'],
    ]);
  });

  test('signs count: ¥ is the shop’s own in China and Japan, € in a dollar shop is another currency', async () => {
    const yen = 'customer,date,amount\na,2024-03-01,"¥1,234"\nb,2024-03-01,¥500\nc,2024-03-01,"¥1,234,567"\n';
    const read = await orderLinesOf(yen, { currency: 'JPY' });
    expect(read.all.map(({ amount }) => amount)).toEqual([1234, 500, 1234567]);
    expect((await refusal('customer,date,amount\na,2024-03-01,€5\n'))[0]).toBe('severalCurrencies');
    const signs = await orderLinesOf('customer,date,amount\na,2024-03-01,€5\nb,2024-03-01,5\n', {
      rates: { EUR: 1.1 },
    });
    expect(signs.all.map(({ amount }) => amount)).toEqual([550, 500]);
  });

  test('a header that names a currency or a unit is heeded', async () => {
    expect((await refusal('customer,date,amount (EUR)\na,2024-03-01,5\n'))[0]).toBe('severalCurrencies');
    const cents = await orderLinesOf('customer,date,amount (cents)\na,2024-03-01,599\n');
    expect(cents.all.map(({ amount }) => amount)).toEqual([599]);
  });
});

describe('day or month first', () => {
  const dated = (...dates: string[]) =>
    `customer,date,amount\n${dates.map((date) => `a,${date},5\n`).join('')}`;
  const days = async (...dates: string[]) =>
    (await orderLinesOf(dated(...dates))).all.map(({ orderedAt }) =>
      new Date(orderedAt * 1000).toISOString().slice(0, 10),
    );

  test('is decided by any date of the column, however late', async () => {
    expect(await days('1/12/2010 8:26', '2/12/2010', '13/12/2010')).toEqual([
      '2010-12-01',
      '2010-12-02',
      '2010-12-13',
    ]);
    expect(await days('1/12/2010 8:26', '1/13/2010')).toEqual(['2010-01-12', '2010-01-13']);
    expect(await days('10.11.23', '31.12.23')).toEqual(['2023-11-10', '2023-12-31']);
    expect(await days('23/10/30', '23/10/31', '23/11/01')).toEqual([
      '2023-10-30',
      '2023-10-31',
      '2023-11-01',
    ]);
    expect(await days(' 1/12/2010', ' 13/12/2010')).toEqual(['2010-12-01', '2010-12-13']);
    expect(await days('2/2/2010', '3/3/2010')).toEqual(['2010-02-02', '2010-03-03']);
    expect(await days('2010-12-01', '1/12/2010', '30/12/2010')).toEqual([
      '2010-12-01',
      '2010-12-01',
      '2010-12-30',
    ]);
  });

  test('undecided, the file is refused with both readings', async () => {
    const [code, message] = await refusal(dated('1/12/2010 8:26', '2/11/2010'));
    expect(code).toBe('ambiguousDates');
    expect(message).toMatch(/"1\/12\/2010 8:26" in line 2 can be 2010-12-01 .* or 2010-01-12/);
  });

  test('undecided between years and days of two digits, likewise', async () => {
    expect((await refusal(dated('23/10/11', '23/10/11')))[1]).toMatch(/2011-10-23 .* or 2023-10-11/);
  });

  test('mixed, the file is refused with a line for each order', async () => {
    const [code, message] = await refusal(dated('13/12/2010', '12/14/2010'));
    expect(code).toBe('mixedDates');
    expect(message).toMatch(/"13\/12\/2010" in line 2 is not month.*"12\/14\/2010" in line 3 is not day/);
  });

  test('a sink that has taken lines already is told to begin again', async () => {
    const many = Array.from({ length: 30_000 }, () => '2010-12-01 10:00:00');
    const read = await orderLinesOf(dated(...many, '13/12/2010'));
    expect(read.begun).toBe(2);
    expect(read.all).toHaveLength(30_001);
    expect(read.lines.sale).toEqual({ lines: 30_001, amount: 15_000_500 });
  });
});

describe('decimal marks', () => {
  test('of the whole file decide what 1,234 and 1.234 are', async () => {
    const amounts = async (...cells: string[]) =>
      (
        await orderLinesOf(`customer;date;amount\n${cells.map((cell) => `a;2024-03-01;${cell}\n`).join('')}`)
      ).all.map(({ amount }) => amount);
    expect(await amounts('1,234', '12.50')).toEqual([123400, 1250]);
    expect(await amounts('1.234', '12,50')).toEqual([123400, 1250]);
    expect(await amounts('1.234', '12.50')).toEqual([123, 1250]);
  });

  test('that contradict each other leave 1.234 undecided', async () => {
    const cells = ['1.234', '12,50', '13.50'].map((cell) => `a;2024-03-01;${cell}\n`);
    const read = await orderLinesOf(`customer;date;amount\n${cells.join('')}`);
    expect(read.all.map(({ amount }) => amount)).toEqual([1250, 1350]);
    expect(read.rejected).toMatchObject([
      { line: 2, reason: expect.stringMatching(/can be 1234 or 1\.234/) },
    ]);
  });

  test('undecided, 1,234 is set aside with both readings', async () => {
    const read = await orderLinesOf('customer;date;amount\na;2024-03-01;1,234\na;2024-03-01;7\n');
    expect(read.rejected).toMatchObject([
      { line: 2, reason: expect.stringMatching(/can be 1234 or 1\.234/) },
    ]);
  });
});

describe('a header that has two readings is refused with the candidates', () => {
  test('two columns for one field', async () => {
    const [code, message] = await refusal('customer_id,user_id,date,amount\n1,2,2024-03-01,5\n');
    expect(code).toBe('ambiguousColumn');
    expect(message).toMatch(/"customer_id" and "user_id" can each be customerId/);
  });

  test('two general names for one field', async () => {
    expect((await refusal('customer,user,date,amount\n1,2,2024-03-01,5\n'))[0]).toBe('ambiguousColumn');
  });

  test('two layouts', async () => {
    const both =
      'InvoiceNo,Invoice,StockCode,Quantity,InvoiceDate,UnitPrice,Price,CustomerID,masterid,sampleid,date,cds,sales';
    const [code, message] = await refusal(`${both}\n${both.replace(/[^,]+/g, '1')}\n`);
    expect(code).toBe('ambiguousLayout');
    expect(message).toMatch(/UCI Online Retail; .*CDNOW sample/);
  });

  test('a general name gives way to a precise one', async () => {
    const read = await orderLinesOf(
      'customer_id,customer,order_date,date,amount,total\n1,Ada,2024-03-01,x,5,y\n',
    );
    expect(read.all).toMatchObject([{ customerId: '1', amount: 500 }]);
  });

  test.each([
    ['a customer', 'date,amount\n2024-03-01,5\n', /customerId .*buyer_nick.* or email/],
    ['a time', 'customer,amount\n1,5\n', /orderedAt .*下单时间/],
    ['a value', 'customer,date\n1,2024-03-01\n', /amount.*unitPrice|unitPrice.*amount/],
  ])('no column for %s: the message lists the names that are understood', async (_, text, expected) => {
    const [code, message] = await refusal(text);
    expect(code).toBe('missingColumn');
    expect(message).toMatch(expected);
  });
});

test('a shop currency that is none is a mistake of the caller', async () => {
  await expect(orderLinesOf('customer,date,amount\na,2024-03-01,5\n', { currency: 'XYZ' })).rejects.toThrow(
    /ISO 4217/,
  );
});
