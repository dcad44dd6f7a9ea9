import { describe, expect, test } from 'vitest';
import { readAds } from '../../../lib/tables/readAds.ts';
import { upload } from './uploads.ts';

const read = (csv: string) => readAds(upload(csv, { key: 'ads/ads.csv' }));

test('rates are read as they are given', async () => {
  const { rows } = await read('点击率,转化率,花费\n.05,.02,100\n10%,3%,200\n');
  expect(rows).toMatchObject([
    { adId: 'ads.csv:1', clickRate: 0.05, conversionRate: 0.02, spend: 100, impressions: null },
    { adId: 'ads.csv:2', clickRate: 0.1, conversionRate: 0.03, spend: 200, clicks: null },
  ]);
});

test('rates follow from counts, and a rate over nothing is none', async () => {
  const { rows, report } = await read(
    'ad_id,曝光次数,点击次数,成交次数,花费\na,"7,350",147,3,1.43\nb,0,0,0,0\nc,10,0,1,0\n',
  );
  expect(rows).toMatchObject([
    { clickRate: 0.02, conversionRate: 3 / 147, impressions: 7350 },
    { clickRate: null, conversionRate: null },
    { clickRate: 0, conversionRate: null, conversions: 1 },
  ]);
  const counts = Object.fromEntries(report.notes.map(({ code, count }) => [code, count]));
  expect(counts).toMatchObject({ noImpressions: 1, noClicks: 2, moreConversionsThanClicks: 1 });
});

test('counts win over rates that contradict them, and that is said', async () => {
  const { rows, report } = await read(
    'impressions,clicks,conversions,ctr,cost\n950,50,5,5.26%,1\n1000,50,5,9%,1\n',
  );
  expect(rows.map(({ clickRate }) => clickRate)).toEqual([50 / 950, 0.05]);
  expect(report.notes).toContainEqual(expect.objectContaining({ code: 'rateFromCounts', count: 1 }));
});

test('a header with % holds percentages', async () => {
  const { rows } = await read('CTR (%),CVR (%),cost\n5,0.5,1\n5%,0.5%,1\n');
  const rates = { clickRate: 0.05, conversionRate: 0.005 };
  expect(rows).toMatchObject([rates, rates]);
});

test('more conversions than clicks are kept, as a view can count', async () => {
  const { rows } = await read('impressions,clicks,conversions,cost\n100,1,2,1\n');
  expect(rows[0]?.conversionRate).toBe(2);
});

describe('a row is set aside', () => {
  test.each([
    ['1,10,20,0,1', 'clicks', '20 clicks are more than 10 impressions'],
    ['1,10.5,2,0,1', 'impressions', 'the count is not a whole number'],
    ['1,,2,0,1', 'impressions', 'the cell is empty'],
    ['1,10,-2,0,1', 'clicks', 'the number is negative'],
    ['1,10,2,0,', 'cost', 'the cell is empty'],
  ])('%s', async (row, column, reason) => {
    const { rejected } = await read(`id,impressions,clicks,conversions,cost\n${row}\n`);
    expect(rejected).toMatchObject([{ column, reason }]);
  });

  test('for a rate above 1 without a sign, which has two readings', async () => {
    const { rejected } = await read('ctr,cvr,cost\n2.5,.1,1\n.1,2.5,1\n150%,.1,1\n');
    expect(rejected.map(({ column, reason }) => [column, reason])).toEqual([
      ['ctr', '2.5 can be 250 % or 2.5 %; write 2.5% or 0.025'],
      ['cvr', '2.5 can be 250 % or 2.5 %; write 2.5% or 0.025'],
      ['ctr', 'a click rate cannot be above 100 %'],
    ]);
  });
});

test('an empty rate is none', async () => {
  const { rows, report } = await read('ctr,cvr,cost\n.1,--,1\n');
  expect(rows[0]).toMatchObject({ clickRate: 0.1, conversionRate: null });
  expect(report.notes).toContainEqual(expect.objectContaining({ code: 'missingRate', count: 1 }));
});

test('neither rate nor counts is a missing column', async () => {
  await expect(read('impressions,clicks,cost\n1,1,1\n')).rejects.toThrow(/recognised as conversionRate/);
});
