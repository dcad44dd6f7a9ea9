import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encode, type TestEncoding } from '../uploads.ts';
import { adsOf, exportOf } from './adsOf.ts';

/** Days of one ad, as its platform counts them: whole cents, and conversions in hundredths. */
const day = fc.record({
  date: fc.integer({ min: 20_000, max: 21_000 }),
  impressions: fc.integer({ min: 0, max: 5_000_000 }),
  clicks: fc.integer({ min: 0, max: 90_000 }),
  hundredths: fc.integer({ min: 0, max: 90_000 }),
  spendCents: fc.integer({ min: 0, max: 90_000_000 }),
  revenueCents: fc.integer({ min: -90_000, max: 90_000_000 }),
});
type Day = typeof day extends fc.Arbitrary<infer Value> ? Value : never;
const days = fc.uniqueArray(day, { minLength: 1, maxLength: 12, selector: ({ date }) => date });

const iso = (at: number): string => new Date(at * 86_400_000).toISOString().slice(0, 10);
const grouped = (value: number, digits: number, locale: string): string =>
  value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });

interface Platform {
  currency: string;
  delimiter: string;
  encoding: TestEncoding;
  above: string[];
  total: string;
  row(day: Day): Record<string, string>;
}

const platforms: Record<string, Platform> = {
  'google-ads': {
    ...{ currency: 'USD', delimiter: '\t', encoding: 'utf-16le with BOM' as const, total: 'Total: Account' },
    above: ['Search keyword report', 'September 1, 2026 - September 30, 2026'],
    row: ({ date, impressions, clicks, hundredths, spendCents, revenueCents }) => ({
      ...{
        Day: iso(date),
        Keyword: 'shoes',
        'Match type': 'Exact match',
        Campaign: 'Brand',
        'Ad group': 'Core',
      },
      ...{ 'Impr.': grouped(impressions, 0, 'en'), Clicks: grouped(clicks, 0, 'en') },
      ...{ Cost: grouped(spendCents / 100, 2, 'en'), Conversions: grouped(hundredths / 100, 2, 'en') },
      'Conv. value': grouped(revenueCents / 100, 2, 'en'),
    }),
  },
  'meta-fr': {
    ...{ currency: 'EUR', delimiter: ';', encoding: 'utf-8 with BOM' as const, above: [], total: 'Total' },
    row: ({ date, impressions, clicks, hundredths, spendCents, revenueCents }) => ({
      ...{ Jour: iso(date), 'Nom de la campagne': 'Été', 'Nom de l’ensemble de publicités': 'Tous' },
      ...{ Impressions: grouped(impressions, 0, 'fr'), 'Clics sur un lien': grouped(clicks, 0, 'fr') },
      ...{
        'Montant dépensé (EUR)': grouped(spendCents / 100, 2, 'fr'),
        Achats: grouped(hundredths / 100, 2, 'fr'),
      },
      'Valeur de conversion des achats': grouped(revenueCents / 100, 2, 'fr'),
    }),
  },
  alimama: {
    ...{
      currency: 'CNY',
      delimiter: ',',
      encoding: 'gb18030' as const,
      above: ['万相台无界版报表导出'],
      total: '合计',
    },
    row: ({ date, impressions, clicks, hundredths, spendCents, revenueCents }) => ({
      ...{ 日期: iso(date).replaceAll('-', '/'), 计划名字: '计划', 单元名字: '单元', 关键词名称: '鞋' },
      ...{ 展现量: String(impressions), 点击量: String(clicks), 总成交笔数: String(hundredths / 100) },
      ...{ 花费: `¥${(spendCents / 100).toFixed(2)}`, 总成交金额: (revenueCents / 100).toFixed(2) },
    }),
  },
};

test.each(Object.entries(platforms))(
  'whatever %s exports comes back to the micro, whatever else stands in the file',
  async (layout, { currency, delimiter, encoding, above, total, row }) => {
    await fc.assert(
      fc.asyncProperty(days, async (written) => {
        const rows = written.map(row);
        const header = Object.keys(rows[0] ?? {});
        const [first = '', ...others] = header;
        const totals = { [first]: total, ...Object.fromEntries(others.map((name) => [name, '1'])) };
        const csv = exportOf(header, [...rows, totals], { above, delimiter });
        const reading = await adsOf(encode(csv, encoding), { currency });
        expect(reading).toMatchObject({ layout, rejected: [] });
        expect(reading.performance).toMatchObject(
          written.map(({ date, impressions, clicks, hundredths, spendCents, revenueCents }) => ({
            ...{ date: iso(date), impressions, clicks, conversions: hundredths / 100 },
            ...{ spendMicros: spendCents * 10_000, revenueMicros: revenueCents * 10_000 + 0 },
          })),
        );
        expect(new Set(reading.performance.map(({ id }) => id)).size).toBe(1);
      }),
      { numRuns: 60, seed: 7 },
    );
  },
);
