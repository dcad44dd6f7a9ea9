import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

describe('the example tables', () => {
  it.each([
    [
      'customers/customers.csv',
      '消费金额,购买频率,浏览时长',
      '100,5,10 200,10,20 300,15,30 400,20,40 500,25,50',
    ],
    [
      'training/training.csv',
      '浏览时长,购买历史,是否购买',
      '10,偶尔,0 20,偶尔,1 30,偶尔,0 40,频繁,1 50,频繁,1',
    ],
    ['scoring/scoring.csv', '浏览时长,购买历史', '10,偶尔 20,偶尔 30,偶尔 40,频繁 50,频繁'],
    ['ads/ads.csv', '点击率,转化率,花费', '.05,.02,100 .1,.03,200 .2,.04,300 .3,.05,400 .4,.06,500'],
  ])('%s is as the project was born with, in UTF-8', (file, header, rows) => {
    expect(textOf(file)).toBe(`${[header, ...rows.split(' ')].join('\n')}\n`);
  });

  it('count the impressions, clicks and sales from which the rates of the other ads table follow', () => {
    const counted = rowsOf('ads-with-counts/ads.csv').map(([shown, clicks, sales, spend]) => [
      Number(clicks) / Number(shown),
      Number(sales) / Number(clicks),
      Number(spend),
    ]);
    expect(counted).toEqual(rowsOf('ads/ads.csv').map((row) => row.map(Number)));
  });
});

const textOf = (file: string): string =>
  readFileSync(new URL(`../examples/${file}`, import.meta.url), 'utf8');

const rowsOf = (file: string): string[][] =>
  textOf(file)
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
