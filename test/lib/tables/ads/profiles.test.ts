import { describe, expect, test } from 'vitest';
import { adProfiles } from '../../../../lib/tables/ads/profiles.ts';
import { encode } from '../uploads.ts';
import { adsOf, exportOf, notesOf } from './adsOf.ts';

/** Headers as the platforms write them; rows are made up here. */
const googleKeywords = [
  ...['Keyword status', 'Keyword', 'Match type', 'Campaign', 'Ad group', 'Status', 'Status reasons'],
  ...['Currency code', 'Max. CPC', 'Final URL', 'Clicks', 'Impr.', 'CTR', 'Avg. CPC', 'Cost'],
  ...['Search impr. share', 'Quality Score', 'Conversions', 'Cost / conv.', 'Conv. rate', 'Conv. value'],
];
const googleRow = {
  ...{ 'Keyword status': 'Enabled', Keyword: 'red shoes', 'Match type': 'Phrase match' },
  ...{ Campaign: 'Brand', 'Ad group': 'Shoes', 'Currency code': 'USD', 'Max. CPC': '1.20' },
  ...{ Clicks: '1,204', 'Impr.': '45,000', CTR: '2.68%', 'Avg. CPC': '1.02', Cost: '1,230.50' },
  ...{
    'Search impr. share': '< 10%',
    'Quality Score': '--',
    Conversions: '24.50',
    'Conv. value': '2,019.99',
  },
};
const googleTotals = [
  'Total: Keywords,--,--,--,--,--,--,USD,--,--,"1,204","45,000",2.68%,1.02,"1,230.50",--,--,24.50,50.22,2.04%,"2,019.99"',
  'Total: Account,--,--,--,--,--,--,USD,--,--,"1,204","45,000",2.68%,1.02,"1,230.50",--,--,24.50,50.22,2.04%,"2,019.99"',
];
const above = ['Search keyword report', '"September 1, 2026 - September 30, 2026"'];

describe('Google Ads', () => {
  const expected = {
    ...{ id: 'Brand › Shoes › red shoes › Phrase match', campaign: 'Brand', adGroup: 'Shoes' },
    ...{ keyword: 'red shoes', date: null, impressions: 45_000, clicks: 1204, conversions: 24.5 },
    ...{ spendMicros: 1_230_500_000, revenueMicros: 2_019_990_000, currentBidMicros: 1_200_000 },
    bidType: 'CPC',
  };

  test.each([
    ['commas, UTF-8', ',', 'utf-8'],
    ['tabs, UTF-16, as "Excel .csv" is', '\t', 'utf-16le with BOM'],
  ] as const)('a keyword report in %s, without its title and totals', async (_how, delimiter, encoding) => {
    const below = googleTotals.map((line) =>
      delimiter === ',' ? line : line.replace(/"([^"]*)"|,/g, (part, inner) => (part === ',' ? '\t' : inner)),
    );
    const csv = exportOf(googleKeywords, [googleRow], { above, below, delimiter });
    const reading = await adsOf(encode(csv, encoding));
    expect(reading.layout).toBe('google-ads');
    expect(reading.performance).toMatchObject([expected]);
    expect(reading.rejected).toEqual([]);
    expect(reading.report).toMatchObject({ rowsIn: 1, rowsOk: 1, delimiter });
    expect(notesOf(reading)).toMatchObject({ asideRows: 2 });
    expect(reading.report.columns.find(({ header }) => header === 'Max. CPC')?.readAs).toBe('bid');
    expect(reading.names.get(expected.id)).toMatchObject({ platform: 'google', matchType: 'Phrase match' });
  });

  test('search terms are added to their keyword, or stand for themselves', async () => {
    const header = [
      'Search term',
      'Match type',
      'Added/Excluded',
      'Campaign',
      'Ad group',
      'Clicks',
      'Impr.',
      'Cost',
      'Conversions',
    ];
    const row = {
      Campaign: 'B',
      'Ad group': 'G',
      Clicks: '2',
      'Impr.': '9',
      Cost: '1.5',
      Conversions: '0.00',
    };
    const terms = [
      { ...row, 'Search term': 'shoe red' },
      { ...row, 'Search term': 'red shoe' },
    ];
    const alone = await adsOf(
      exportOf(header, terms, { above, below: ['Total: Search terms,--,--,--,--,4,18,3.00,0.00'] }),
    );
    expect(alone.performance.map(({ id }) => id)).toEqual(['B › G › shoe red', 'B › G › red shoe']);
    const under = await adsOf(
      exportOf(
        [...header, 'Keyword'],
        terms.map((term) => ({ ...term, Keyword: 'shoes' })),
      ),
    );
    expect(under.performance.map(({ id }) => id)).toEqual(['B › G › shoes', 'B › G › shoes']);
  });

  test('a day may have more clicks than impressions, and an automated strategy has no bid', async () => {
    const csv = exportOf(
      ['Day', ...googleKeywords],
      [
        { ...googleRow, Day: '2026-09-01', 'Impr.': '3', Clicks: '4', 'Max. CPC': 'auto' },
        { ...googleRow, Day: '2026-09-02', 'Max. CPC': '0.90 (enhanced)' },
      ],
    );
    const reading = await adsOf(csv);
    expect(reading.performance).toMatchObject([
      { date: '2026-09-01', clicks: 4, impressions: 3, currentBidMicros: null },
      { date: '2026-09-02', currentBidMicros: 900_000 },
    ]);
    expect(notesOf(reading)).toMatchObject({ moreClicksThanImpressions: 1 });
  });

  test('the fields of a query hold millionths', async () => {
    const row = {
      ...{ 'segments.date': '2026-09-01', 'campaign.id': '1', 'campaign.name': 'Brand', 'ad_group.id': '77' },
      ...{ 'ad_group_criterion.criterion_id': '5', 'ad_group_criterion.keyword.text': 'red shoes' },
      ...{ 'metrics.impressions': '100', 'metrics.clicks': '9', 'metrics.conversions': '1.5' },
      ...{ 'metrics.cost_micros': '4123456', 'metrics.conversions_value': '88.4' },
      ...{ 'ad_group_criterion.effective_cpc_bid_micros': '510000' },
    };
    const reading = await adsOf(exportOf(Object.keys(row), [row]));
    expect(reading.layout).toBe('google-ads-api');
    expect(reading.performance).toMatchObject([
      { id: '77~5', spendMicros: 4_123_456, revenueMicros: 88_400_000, currentBidMicros: 510_000 },
    ]);
  });

  test('without conversions it says which column to add', async () => {
    const header = googleKeywords.filter((name) => name !== 'Conversions');
    await expect(adsOf(exportOf(header, [googleRow], { above }))).rejects.toThrow(
      /export of Google Ads.* without "Conversions" or "Conv."/,
    );
  });
});

describe('Meta Ads Manager', () => {
  const english = [
    ...['Reporting starts', 'Reporting ends', 'Campaign name', 'Ad set name', 'Ad set ID', 'Ad name'],
    ...['Ad delivery', 'Reach', 'Impressions', 'Frequency', 'Currency', 'Amount spent (USD)', 'Link clicks'],
    ...[
      'Clicks (all)',
      'CTR (all)',
      'CPC (cost per link click) (USD)',
      'Purchases',
      'Purchases conversion value',
    ],
  ];
  const row = {
    ...{ 'Reporting starts': '2026-09-01', 'Reporting ends': '2026-09-01', 'Campaign name': 'Sales' },
    ...{ 'Ad set name': 'Lookalike 1%', 'Ad set ID': '120241', 'Ad name': 'Reel', Currency: 'USD' },
    ...{
      Impressions: '204,540',
      'Amount spent (USD)': '1,128.70',
      'Link clicks': '8430',
      'Clicks (all)': '9597',
    },
    ...{ Purchases: '41', 'Purchases conversion value': '3,010.50' },
  };

  test('the currency stands in a column’s name, empty cells are zeros, and the summary is passed over', async () => {
    const summary = {
      Impressions: '204,640',
      'Amount spent (USD)': '1,130.70',
      'Link clicks': '8,431',
      Purchases: '41',
    };
    const quiet = {
      ...row,
      'Ad name': 'Still',
      Impressions: '100',
      'Amount spent (USD)': '2',
      'Link clicks': '',
      Purchases: '',
      'Purchases conversion value': '',
    };
    const reading = await adsOf(exportOf(english, [summary, row, quiet]));
    expect(reading.layout).toBe('meta');
    expect(reading.performance).toMatchObject([
      {
        id: '120241',
        date: '2026-09-01',
        impressions: 204_540,
        clicks: 8430,
        conversions: 41,
        spendMicros: 1_128_700_000,
        revenueMicros: 3_010_500_000,
      },
      { id: '120241', clicks: 0, conversions: 0, spendMicros: 2_000_000, revenueMicros: 0 },
    ]);
    expect(notesOf(reading)).toMatchObject({ asideRows: 1, spendWithoutClicks: 1 });
  });

  test('a period of several days is no day', async () => {
    const { performance } = await adsOf(exportOf(english, [{ ...row, 'Reporting ends': '2026-09-30' }]));
    expect(performance).toMatchObject([{ date: null, period: '2026-09-01/2026-09-30' }]);
  });

  test('results that are clicks are no conversions', async () => {
    const header = english
      .map((name) => (name === 'Purchases' ? 'Results' : name))
      .concat('Result indicator');
    const reading = await adsOf(
      exportOf(header, [
        { ...row, Results: '8430', 'Result indicator': 'actions:link_click' },
        { ...row, Results: '41', 'Result indicator': 'actions:offsite_conversion.fb_pixel_purchase' },
      ]),
    );
    expect(reading.performance.map(({ conversions }) => conversions)).toEqual([0, 41]);
    expect(notesOf(reading)).toMatchObject({ resultsNoSales: 1 });
  });

  test('a bid counts where its type says what it is for', async () => {
    const typed = [...english, 'Bid', 'Bid type'];
    const { performance } = await adsOf(
      exportOf(typed, [
        { ...row, Bid: '0.80', 'Bid type': 'CPC' },
        { ...row, Bid: '12.00', 'Bid type': 'Bid cap' },
      ]),
    );
    expect(performance.map(({ currentBidMicros }) => currentBidMicros)).toEqual([800_000, null]);
    const untyped = await adsOf(exportOf([...english, 'Bid'], [{ ...row, Bid: '12.00' }]));
    expect(untyped.performance[0]?.currentBidMicros).toBeNull();
  });

  test('in French, with semicolons and decimal commas', async () => {
    const header = [
      ...['Début des rapports', 'Fin des rapports', 'Nom de la campagne', "Nom de l'ensemble de publicités"],
      ...[
        'Impressions',
        'Clics sur un lien',
        'Montant dépensé (EUR)',
        'Achats',
        'Valeur de conversion des achats',
      ],
    ];
    const csv = exportOf(
      header,
      [
        {
          ...{ 'Début des rapports': '2026-09-01', 'Fin des rapports': '2026-09-01', Achats: '12' },
          ...{ 'Nom de la campagne': 'Prospection', "Nom de l'ensemble de publicités": 'Similaires 1%' },
          ...{ Impressions: '45 000', 'Clics sur un lien': '1 200', 'Montant dépensé (EUR)': '850,50' },
          'Valeur de conversion des achats': '1 500,00',
        },
      ],
      { delimiter: ';' },
    );
    const reading = await adsOf(csv, { currency: 'EUR' });
    expect(reading.layout).toBe('meta-fr');
    expect(reading.performance).toMatchObject([
      {
        id: 'Prospection › Similaires 1%',
        impressions: 45_000,
        clicks: 1200,
        conversions: 12,
        spendMicros: 850_500_000,
        revenueMicros: 1_500_000_000,
      },
    ]);
  });

  test('in Spanish, with points for thousands', async () => {
    const header = [
      ...['Día', 'Nombre de la campaña', 'Nombre del conjunto de anuncios', 'Importe gastado (EUR)'],
      ...['Impresiones', 'Clics en el enlace', 'Compras', 'Valor de conversión de compras'],
    ];
    const csv = exportOf(header, [
      {
        ...{
          Día: '2026-09-20',
          'Nombre de la campaña': 'Ventas',
          'Nombre del conjunto de anuncios': 'Abierto',
        },
        ...{
          'Importe gastado (EUR)': '11,52',
          Impresiones: '1.204',
          'Clics en el enlace': '35',
          Compras: '2',
        },
        'Valor de conversión de compras': '1.030,10',
      },
    ]);
    const reading = await adsOf(csv, { currency: 'EUR' });
    expect(reading.layout).toBe('meta-es');
    expect(reading.performance).toMatchObject([
      { date: '2026-09-20', impressions: 1204, spendMicros: 11_520_000, revenueMicros: 1_030_100_000 },
    ]);
  });
});

describe('Amazon Ads', () => {
  test('a search term report adds to its target, with orders and sales of seven days', async () => {
    const header = [
      ...['Date', 'Portfolio name', 'Currency', 'Campaign Name', 'Ad Group Name', 'Retailer', 'Country'],
      ...[
        'Targeting',
        'Match Type',
        'Customer Search Term',
        'Impressions',
        'Clicks',
        'Click-Thru Rate (CTR)',
      ],
      ...['Cost Per Click (CPC)', 'Spend', '7 Day Total Sales ', 'Total Advertising Cost of Sales (ACOS) '],
      ...['7 Day Total Orders (#)', '7 Day Total Units (#)', '7 Day Conversion Rate'],
    ];
    const row = {
      ...{ Date: 'Sep 01, 2026', Currency: 'USD', 'Campaign Name': 'Auto', 'Ad Group Name': 'Group' },
      ...{ Targeting: 'close-match', 'Match Type': '-', 'Customer Search Term': 'trail shoes' },
      ...{ Impressions: '1000', Clicks: '45', Spend: '$38.25', '7 Day Total Sales ': '$125.00' },
      '7 Day Total Orders (#)': '5',
    };
    const reading = await adsOf(exportOf(header, [row]));
    expect(reading.layout).toBe('amazon-ads');
    expect(reading.performance).toMatchObject([
      {
        id: 'Auto › Group › close-match',
        date: '2026-09-01',
        conversions: 5,
        spendMicros: 38_250_000,
        revenueMicros: 125_000_000,
      },
    ]);
  });

  test('of a bulk sheet keywords and targets are read, with the ids that go back up', async () => {
    const header = [
      ...[
        'Product',
        'Entity',
        'Operation',
        'Campaign ID',
        'Ad Group ID',
        'Portfolio ID',
        'Ad ID',
        'Keyword ID',
      ],
      ...['Product Targeting ID', 'Campaign Name', 'Ad Group Name', 'Campaign Name (Informational only)'],
      ...['Ad Group Name (Informational only)', 'State', 'Daily Budget', 'Bid', 'Keyword Text', 'Match Type'],
      ...['Product Targeting Expression', 'Impressions', 'Clicks', 'Spend', 'Sales', 'Orders', 'Units'],
    ];
    const figures = { Impressions: '500', Clicks: '20', Spend: '14.2', Sales: '90', Orders: '3', Units: '4' };
    const ids = { Product: 'Sponsored Products', 'Campaign ID': '1', 'Ad Group ID': '2', ...figures };
    const reading = await adsOf(
      exportOf(header, [
        { ...ids, Entity: 'Campaign' },
        { ...ids, Entity: 'Ad Group' },
        {
          ...ids,
          Entity: 'Keyword',
          'Keyword ID': '3',
          Bid: '0.75',
          'Keyword Text': 'shoes',
          'Match Type': 'exact',
        },
        { ...ids, Entity: 'Negative Keyword', 'Keyword ID': '4' },
      ]),
    );
    expect(reading.layout).toBe('amazon-bulk');
    expect(reading.performance).toMatchObject([
      { id: '2~3', currentBidMicros: 750_000, spendMicros: 14_200_000, revenueMicros: 90_000_000 },
    ]);
    expect(reading.names.get('2~3')).toMatchObject({
      campaignId: '1',
      adGroupId: '2',
      keywordId: '3',
      entity: 'Keyword',
    });
    expect(notesOf(reading)).toMatchObject({ asideRows: 3 });
    const cutOff = await adsOf(
      exportOf(header, [{ ...ids, Entity: 'Keyword' }], { below: ['Sponsored Products'] }),
    );
    expect(cutOff.rejected).toMatchObject([{ line: 3, reason: 'the row has 1 cell, the header 25' }]);
  });
});

describe('Microsoft Advertising', () => {
  const figures = { Impressions: '309', Clicks: '91', Spend: '318.26', Conversions: '20', Revenue: '900' };

  test('a report with its preamble and footer', async () => {
    const header = [
      ...[
        'Account name',
        'Campaign name',
        'Ad group',
        'Keyword ID',
        'Keyword',
        'Bid match type',
        'Ad distribution',
      ],
      ...[
        'Current maximum CPC',
        'Impressions',
        'Clicks',
        'CTR',
        'Avg. CPC',
        'Spend',
        'Conversions',
        'Revenue',
      ],
    ];
    const row = {
      ...{
        'Account name': 'Shop',
        'Campaign name': 'Brand',
        'Ad group': 'Core',
        'Keyword ID': '[82945799304067]',
      },
      ...{
        Keyword: 'shoes',
        'Bid match type': 'Phrase',
        'Current maximum CPC': '7.62',
        CTR: '29.45%',
        ...figures,
      },
    };
    const preamble = [
      '"Report Name: Keyword performance"',
      '"Report Time: 6/10/2026,6/16/2026"',
      '"Time Zone: (GMT+08:00) Beijing, Chongqing, Hong Kong SAR, Urumqi"',
      '"Last Completed Available Day: 6/17/2026 7:20:00 AM (GMT)"',
      '',
    ];
    const reading = await adsOf(
      exportOf(header, [row], {
        above: preamble,
        below: ['', '"©2026 Microsoft Corporation. All rights reserved. "'],
      }),
    );
    expect(reading.layout).toBe('microsoft-ads');
    expect(reading.rejected).toEqual([]);
    expect(reading.performance).toMatchObject([
      {
        id: '82945799304067',
        clicks: 91,
        spendMicros: 318_260_000,
        revenueMicros: 900_000_000,
        currentBidMicros: 7_620_000,
      },
    ]);
    expect(notesOf(reading)).toMatchObject({ preamble: 4, footer: 1 });
  });

  test('a report with the names of the API', async () => {
    const row = {
      ...{
        TimePeriod: '2026-09-01',
        AccountName: 'Shop',
        CampaignName: 'Brand',
        AdGroupName: 'Core',
        AdGroupId: '7',
      },
      ...{
        Keyword: 'shoes',
        KeywordId: '9',
        DeviceType: 'Smartphone',
        CurrencyCode: 'USD',
        CurrentMaxCpc: '0.30',
        ...figures,
      },
    };
    const reading = await adsOf(exportOf(Object.keys(row), [row]));
    expect(reading.layout).toBe('microsoft-ads');
    expect(reading.performance).toMatchObject([
      { id: '7~9', date: '2026-09-01', device: 'Smartphone', currentBidMicros: 300_000 },
    ]);
  });
});

describe('Chinese platforms', () => {
  test('巨量: plans with yuan in the column names, orders before 转化数', async () => {
    const header = [
      ...[
        '推广类型',
        '账户名称',
        '账户ID',
        '计划ID',
        '计划名称',
        '商品ID',
        '日期',
        '消耗(元)',
        '展示次数',
        '点击率(%)',
      ],
      ...[
        '点击次数',
        '转化数',
        '转化率(%)',
        '转化成本(元)',
        '直接成交订单数',
        '直接成交金额(元)',
        '出价(元)',
        '出价方式',
      ],
    ];
    const row = {
      ...{
        账户名称: '店',
        账户ID: '8',
        计划ID: '17001',
        计划名称: '直播',
        日期: '2026-09-01',
        '消耗(元)': '1,200.5',
      },
      ...{ 展示次数: '56000', '点击率(%)': '1.2', 点击次数: '672', 转化数: '30', 直接成交订单数: '21' },
      ...{ '直接成交金额(元)': '4200', '出价(元)': '0.8', 出价方式: 'CPC' },
    };
    const total = { 推广类型: '合计', '消耗(元)': '1,200.5' };
    const reading = await adsOf(encode(exportOf(header, [row, total]), 'gb18030'), { currency: 'CNY' });
    expect(reading.layout).toBe('ocean-engine');
    expect(reading.performance).toMatchObject([
      {
        id: '17001',
        campaign: '店',
        conversions: 21,
        spendMicros: 1_200_500_000,
        revenueMicros: 4_200_000_000,
        currentBidMicros: 800_000,
      },
    ]);
    expect(notesOf(reading)).toMatchObject({ asideRows: 1 });
  });

  test('直通车: keywords with 总成交笔数 and 总成交金额', async () => {
    const row = {
      ...{
        日期: '2026-09-01',
        计划ID: '1',
        计划名字: '标准计划',
        单元ID: '2',
        单元名字: '连衣裙',
        关键词名称: '红色连衣裙',
      },
      ...{
        展现量: '2000',
        点击量: '100',
        花费: '¥120.50',
        平均点击花费: '1.205',
        总成交金额: '800',
        总成交笔数: '4',
        出价: '1.5',
      },
    };
    const reading = await adsOf(exportOf(Object.keys(row), [row]), { currency: 'CNY' });
    expect(reading.layout).toBe('alimama');
    expect(reading.performance).toMatchObject([
      {
        id: '标准计划 › 连衣裙 › 红色连衣裙',
        conversions: 4,
        spendMicros: 120_500_000,
        currentBidMicros: 1_500_000,
      },
    ]);
  });

  test('a search platform’s own names are read as a plain table', async () => {
    const csv =
      '日期,账户,推广计划ID,推广计划,推广组ID,推广组,关键词id,关键词,消费,点击数,展示数,转化数\n2026-09-01,店,1,品牌,2,核心,3,连衣裙,0.62,1,4,0\n';
    const { layout, performance } = await adsOf(csv, { currency: 'CNY' });
    expect(layout).toBe('plain');
    expect(performance).toMatchObject([
      { id: '2~3', campaign: '品牌', spendMicros: 620_000, impressions: 4 },
    ]);
  });
});

test('every layout has a name of its own, and none contains another', () => {
  expect(new Set(adProfiles.map(({ name }) => name)).size).toBe(adProfiles.length);
  for (const { name, signature } of adProfiles) {
    const others = adProfiles.filter((other) => other.name !== name);
    for (const other of others)
      expect(other.signature.every((column) => signature.includes(column))).toBe(false);
  }
});
