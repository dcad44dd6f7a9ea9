import { describe, expect, test } from 'vitest';
import { adsOf, notesOf } from './adsOf.ts';

describe('a table of rates', () => {
  test('is read as it stands', async () => {
    const { rates, performance, layout } = await adsOf('点击率,转化率,花费\n.05,.02,100\n10%,3%,200\n');
    expect(layout).toBe('plain');
    expect(performance).toEqual([]);
    expect(rates).toMatchObject([
      { adId: 'ads.csv:1', clickRate: 0.05, conversionRate: 0.02, spend: 100, impressions: null },
      { adId: 'ads.csv:2', clickRate: 0.1, conversionRate: 0.03, spend: 200, clicks: null },
    ]);
  });

  test('with % in its header holds percentages', async () => {
    const { rates } = await adsOf('CTR (%),CVR (%),cost\n5,0.5,1\n5%,0.5%,1\n');
    const read = { clickRate: 0.05, conversionRate: 0.005 };
    expect(rates).toMatchObject([read, read]);
  });

  test('may lack a rate here and there', async () => {
    const reading = await adsOf('ctr,cvr,cost\n.1,--,1\n');
    expect(reading.rates[0]).toMatchObject({ clickRate: 0.1, conversionRate: null });
    expect(notesOf(reading)).toMatchObject({ missingRate: 1 });
  });

  test('above 1 without a sign has two readings', async () => {
    const { rejected } = await adsOf('ctr,cvr,cost\n2.5,.1,1\n.1,2.5,1\n150%,.1,1\n');
    expect(rejected.map(({ column, reason }) => [column, reason])).toEqual([
      ['ctr', '2.5 can be 250 % or 2.5 %; write 2.5% or 0.025'],
      ['cvr', '2.5 can be 250 % or 2.5 %; write 2.5% or 0.025'],
      ['ctr', 'a click rate cannot be above 100 %'],
    ]);
  });
});

describe('a table of counts', () => {
  test('is read to the micro, with everything that it says of an ad', async () => {
    const { performance, names } = await adsOf(
      'ad_id,campaign,ad group,keyword,segment,device,date,impressions,clicks,conversions,spend,revenue,bid\n' +
        'a1,Brand,Shoes,red shoes,high,mobile,2026-09-01,1200,31,1.5,12.345678,99.9,0.41\n',
    );
    expect(performance).toEqual([
      {
        ...{ id: 'a1', campaign: 'Brand', adGroup: 'Shoes', keyword: 'red shoes', segment: 'high' },
        ...{ device: 'mobile', date: '2026-09-01', period: null, impressions: 1200, clicks: 31 },
        ...{ conversions: 1.5, spendMicros: 12_345_678, revenueMicros: 99_900_000 },
        ...{ currentBidMicros: 410_000, bidType: 'CPC', servedShare: null },
      },
    ]);
    expect(names.get('a1')).toMatchObject({ platform: null, campaign: 'Brand', adGroup: 'Shoes' });
  });

  test('may be without dates, revenue, campaigns and bids', async () => {
    const { performance } = await adsOf('ad_id,曝光次数,点击次数,成交次数,花费\na,"7,350",147,3,1.43\n');
    expect(performance).toMatchObject([
      {
        id: 'a',
        impressions: 7350,
        clicks: 147,
        conversions: 3,
        spendMicros: 1_430_000,
        revenueMicros: null,
      },
    ]);
    expect(performance[0]).toMatchObject({ date: null, campaign: null, currentBidMicros: null });
  });

  test('without impressions is enough, as only bids per impression need them', async () => {
    const { performance } = await adsOf('ad_id,clicks,conversions,cost\na,10,1,5\n');
    expect(performance).toMatchObject([{ impressions: null, clicks: 10 }]);
  });

  test('that has rates too is read by its counts, and rows that differ are counted', async () => {
    const reading = await adsOf(
      'impressions,clicks,conversions,ctr,cost\n950,50,5,5.26%,1\n1000,50,5,9%,1\n',
    );
    expect(reading.performance).toHaveLength(2);
    expect(notesOf(reading)).toMatchObject({ rateFromCounts: 1 });
  });

  test('knows its ads by what is bid on, where there is no id', async () => {
    const counts = 'impressions,clicks,conversions,cost\n';
    const idsOf = async (csv: string) => (await adsOf(csv)).performance.map(({ id }) => id);
    expect(await idsOf(`campaign,ad group,keyword,match type,${counts}B › C,G,k,Exact,9,1,0,1\n`)).toEqual([
      'B ›› C › G › k › Exact',
    ]);
    expect(await idsOf(`campaign,ad group,ad group id,keyword id,${counts}B,G,77,5,9,1,0,1\n`)).toEqual([
      '77~5',
    ]);
    expect(await idsOf(`campaign,ad group,${counts}B,G,9,1,0,1\n`)).toEqual(['B › G']);
    expect(await idsOf(`campaign,${counts}B,9,1,0,1\n`)).toEqual(['B']);
    expect(await idsOf(`${counts}9,1,0,1\n`)).toEqual(['ads.csv:1']);
  });
});

describe('money', () => {
  const read = async (header: string, cell: string, options = {}) => {
    const reading = await adsOf(`id,clicks,conversions,${header}\na,1,0,"${cell}"\n`, options);
    return reading.performance[0]?.spendMicros ?? reading.rejected[0]?.reason;
  };

  test.each([
    ['cost', '1.429999948', 1_430_000],
    ['cost_micros', '1234567', 1_234_567],
    ['cost (micros)', '1234567', 1_234_567],
    ['cost (cents)', '1234', 12_340_000],
    ['cost (USD)', '$1,234.50', 1_234_500_000],
    ['Amount spent (USD)', '1,234.56', 1_234_560_000],
    ['cost', '0.0000004', 0],
    ['cost', '0.0000005', 1],
  ])('%s %s is %s micros', async (header, cell, micros) => {
    expect(await read(header, cell)).toBe(micros);
  });

  test('in yuan, by the header, the sign or the cell', async () => {
    for (const [header, cell] of [
      ['花费', '¥12.5'],
      ['消耗(元)', '12.5'],
      ['花费', '12.5元'],
    ] as const)
      expect(await read(header, cell, { currency: 'CNY' })).toBe(12_500_000);
  });

  test('in another currency refuses the file, unless there is a rate', async () => {
    await expect(read('cost (EUR)', '10')).rejects.toThrow(/Amounts are in EUR.*currency is USD/);
    expect(await read('cost (EUR)', '10.01', { rates: { EUR: 1.0845 } })).toBe(10_855_845);
    expect(await read('cost (JPY)', '1001', { rates: { JPY: '0.0067' } })).toBe(6_706_700);
    await expect(adsOf('id,clicks,conversions,cost (EUR),revenue (USD)\na,1,0,1,1\n')).rejects.toThrow(
      /several currencies \(EUR, USD\)/,
    );
  });

  test('that a sign of several currencies marks is a bad cell', async () => {
    expect(await read('cost', '$5', { currency: 'EUR' })).toMatch(
      /the sign \$ is that of several currencies/,
    );
  });

  test('with more than six decimals is rounded, and the rows are counted', async () => {
    const reading = await adsOf('id,clicks,conversions,cost\na,1,0,1.2345678\nb,1,0,1.2345670\n');
    expect(notesOf(reading)).toMatchObject({ roundedMoney: 1 });
  });
});

describe('bids', () => {
  const bidOf = async (header: string, cells: string) => {
    const reading = await adsOf(`id,clicks,conversions,cost,${header}\na,1,0,1,${cells}\n`);
    const [row] = reading.performance;
    return [row?.currentBidMicros, row?.bidType, notesOf(reading).otherBidTypes ?? 0];
  };

  test.each([
    ['max cpc', '0.5', [500_000, 'CPC', 0]],
    ['max cpm', '3', [3_000_000, 'CPM', 0]],
    ['bid,bid type', '3,CPM', [3_000_000, 'CPM', 0]],
    ['bid,bid type', '0.5,cost per click', [500_000, 'CPC', 0]],
    ['bid,bid type', '20,oCPM', [null, 'CPC', 1]],
    ['max cpc', '0.50 (enhanced)', [500_000, 'CPC', 0]],
    ['max cpc', 'auto', [null, 'CPC', 0]],
    ['max cpc', '--', [null, 'CPC', 0]],
    ['max cpc', '0', [null, 'CPC', 0]],
    ['bid_micros', '410000', [410_000, 'CPC', 0]],
  ] as const)('%s: %s', async (header, cells, expected) => {
    expect(await bidOf(header, cells)).toEqual(expected);
  });
});

describe('a row is set aside', () => {
  test.each([
    ['1,10,20,0,1', 'clicks', '20 clicks are more than 10 impressions'],
    ['1,10.5,2,0,1', 'impressions', 'the count is not a whole number'],
    ['1,,2,0,1', 'impressions', 'the cell is empty'],
    ['1,10,-2,0,1', 'clicks', 'the number is negative'],
    ['1,10,2,0.0000001,1', 'conversions', 'the number is too small to count'],
    ['1,10,$2,0,1', 'clicks', 'the cell is an amount of money, and the column counts'],
    ['1,10,2,0,', 'cost', 'the cell is empty'],
    ['1,10,2,0,-1', 'cost', 'the number is negative'],
    [',10,2,0,1', 'id', 'the id is empty'],
    [
      '1.2E+14,10,2,0,1',
      'id',
      'a spreadsheet has rounded the id; format the column as text and export it again',
    ],
  ])('%s', async (row, column, reason) => {
    const { rejected, report } = await adsOf(`id,impressions,clicks,conversions,cost\n${row}\n`);
    expect(rejected).toMatchObject([{ line: 2, column, reason, raw: row }]);
    expect(report).toMatchObject({ rowsIn: 1, rowsOk: 0, rowsQuarantined: 1 });
  });
});

describe('a row that is unusual is kept by a rule, and counted', () => {
  const day = 'id,date,impressions,clicks,conversions,cost,revenue\n';
  test.each([
    ['a,2026-09-01,1,2,0,1,0', 'moreClicksThanImpressions', { clicks: 2, impressions: 1 }],
    ['a,2026-09-01,9,1,2,1,0', 'moreConversionsThanClicks', { conversions: 2 }],
    ['a,2026-09-01,9,0,0,1,0', 'spendWithoutClicks', { spendMicros: 1_000_000 }],
    ['a,2026-09-01,9,1,0,1,-5', 'negativeRevenue', { revenueMicros: -5_000_000 }],
    ['a,2026-09-01,9,1,1,1,', 'missingRevenue', { revenueMicros: null }],
    ['a,2026-09-01,0,0,0,0,0', 'noImpressions', { impressions: 0 }],
  ])('%s: %s', async (row, rule, expected) => {
    const reading = await adsOf(`${day}${row}\n`);
    expect(reading.performance).toMatchObject([expected]);
    expect(notesOf(reading)).toMatchObject({ [rule]: 1 });
  });

  test('an empty revenue of no conversions is none', async () => {
    const { performance } = await adsOf(`${day}a,2026-09-01,9,1,0,1,\n`);
    expect(performance).toMatchObject([{ revenueMicros: 0 }]);
  });
});

describe('a file', () => {
  test.each([
    ['impressions,clicks,cost\n1,1,1\n', /recognised as conversionRate \(.*\) or conversions/],
    ['clicks,conversions\n1,1\n', /recognised as spend/],
    ['1,2,3\n4,5,6\n', /first line holds values/],
    [
      'ad_id,clicks,click_count,conversions,cost\n1,1,1,1,1\n',
      /"clicks" and "click_count" can each be clicks/,
    ],
    ['foo,bar\n1,2\n', /No column was recognised as spend/],
  ])('%s is refused', async (csv, message) => {
    await expect(adsOf(csv)).rejects.toThrow(message);
  });

  test('that fits two layouts is refused with both', async () => {
    const header = 'Campaign,Impr.,Clicks,Cost,展现量,点击量,花费,总成交金额,总成交笔数';
    await expect(adsOf(`${header}\n${'1,'.repeat(8)}1\n`)).rejects.toThrow(
      /several layouts: Google Ads.*; 阿里妈妈/,
    );
  });

  test('with lines of a title above its names is read from them on, and lines are counted from its top', async () => {
    const csv =
      'My ads\nsorted by,clicks\n"1 Sept, 2026"\n\nid,impressions,clicks,conversions,cost\na,10,2,0,1\nb,10,,0,1\nTotal,20,2,0,1\nTotal: all,20\n';
    const reading = await adsOf(csv);
    expect(reading.performance).toHaveLength(1);
    expect(reading.rejected).toMatchObject([{ line: 7, column: 'clicks' }]);
    expect(reading.report).toMatchObject({ rowsIn: 2, rowsOk: 1, rowsQuarantined: 1 });
    expect(notesOf(reading)).toMatchObject({ preamble: 3, asideRows: 1, footer: 1 });
  });

  test('whose dates all have two readings is refused; one that decides is enough', async () => {
    const rows = (...dates: string[]) =>
      `id,date,clicks,conversions,cost\n${dates.map((date) => `a,${date},1,0,1\n`).join('')}`;
    await expect(adsOf(rows('1/2/2026', '3/4/2026'))).rejects.toThrow(/can be 2026-02-01/);
    const { performance } = await adsOf(rows('1/2/2026', '13/2/2026'));
    expect(performance.map(({ date }) => date)).toEqual(['2026-02-01', '2026-02-13']);
  });

  test('that counts with points for thousands is told by its other cells, or by counting', async () => {
    const impressionsOf = async (spend: string, impressions: string) =>
      (await adsOf(`id;impressions;clicks;conversions;cost\na;${impressions};1;0;${spend}\n`)).performance[0]
        ?.impressions ?? 'rejected';
    expect(await impressionsOf('11,52', '1.204')).toBe(1204);
    expect(await impressionsOf('11', '1.204')).toBe(1204);
    expect(await impressionsOf('11.52', '1.204')).toBe('rejected');
    expect(await impressionsOf('11.52', '1,204')).toBe(1204);
  });
});
