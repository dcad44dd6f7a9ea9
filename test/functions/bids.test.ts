import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addAdRowInPlace, createAdHistory } from '../../lib/bids/adHistory.ts';
import type { BidAnswer, BidRow } from '../../lib/bids/answer.ts';
import { evidenceOf } from '../../lib/bids/evidence.ts';
import { type BidFit, fitBidModel } from '../../lib/bids/fitBidModel.ts';
import { bidSettings } from '../../lib/bids/settings.ts';
import { suggestBids } from '../../lib/bids/suggestBids.ts';
import type { BidEntry } from '../../lib/pipeline/results.ts';
import { readAds } from '../../lib/tables/ads/readAds.ts';
import { demoShop } from '../../local/demo-shop.ts';
import { upload } from '../lib/tables/uploads.ts';
import { openShop, type Shop } from '../support/shop.ts';

const demo =
  demoShop({ seed: 42, customers: 10 }).files.find(({ key }) => key === 'ads/demo.csv')?.body ?? '';
const settings = bidSettings.parse({});

/** What the same table gives without any store in between. */
async function directly(csv: string): Promise<BidFit> {
  const { performance } = await readAds(upload(csv, { key: 'ads/demo.csv' }), {
    currency: 'USD',
    timeZone: 'UTC',
  });
  const history = createAdHistory();
  for (const row of performance) addAdRowInPlace(history, row);
  return fitBidModel(history, { settings, seed: 42 });
}

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

/** Nothing is published afterwards that a run could go on from. */
async function withdraw(key: string): Promise<void> {
  await shop.remove(key);
  await shop.bid();
}

describe('a shop’s ads, day by day', () => {
  let fit: BidFit;
  let expected: BidAnswer;

  beforeAll(async () => {
    fit = await directly(demo);
    expected = suggestBids(fit.model, fit.ads, { settings });
    await shop.upload('ads/demo.csv', demo);
    await shop.bid();
  });

  test('are published with the bids that the table gives by itself', async () => {
    const run = await shop.lastRun('ads');
    expect(run).toMatchObject({ status: 'published', counts: { rowsIn: 1680, rowsOk: 1680, ads: 60 } });
    const { body } = await shop.get('/bids?limit=500');
    expect(body).toMatchObject({ runId: run.runId, policy: 'portfolio', currency: 'USD' });
    expect(body.portfolio).toEqual(expected.portfolio);
    const rows = new Map(expected.rows.map((row) => [row.id, row]));
    expect(body.bids).toHaveLength(60);
    for (const { campaign, adGroup, keyword, segment, suggestedSince, bidChangedOn, ...row } of body.bids) {
      expect(row).toEqual(rows.get(row.id));
      expect([campaign.toLowerCase().replaceAll(' ', '-'), adGroup, keyword, segment]).toEqual([
        ...[row.id.slice(0, -3), null, null, null],
      ]);
      expect(suggestedSince).toBe(String(run.asOf).slice(0, 10));
      expect(bidChangedOn ?? '').toMatch(/^(2026-\d\d-\d\d)?$/);
    }
  });

  test('are listed by campaign too, page by page', async () => {
    const ids: string[] = [];
    let path = '/bids?campaign=Gift%20guide&limit=5';
    for (;;) {
      const { body } = await shop.get(path);
      ids.push(...body.bids.map(({ id }: { id: string }) => id));
      if (body.cursor === undefined) break;
      path = `/bids?campaign=Gift%20guide&limit=5&cursor=${body.cursor}`;
    }
    expect(ids).toEqual(
      Array.from({ length: 12 }, (_, at) => `gift-guide-${String(at + 1).padStart(2, '0')}`),
    );
    expect((await shop.get('/bids?campaign=gift')).status).toBe(404);
  });

  test('are bid on again when they are asked for by id, to the micro as a direct computation', async () => {
    const ids = ['gift-guide-03', 'brand-search-01', 'retargeting-12'];
    const { status, body } = await shop.post('/bids', {
      ads: ids.map((id) => ({ id })),
      budgetMicros: 90_000_000,
    });
    expect(status).toBe(200);
    const ads = ids.map((id) => fit.ads.find((ad) => ad.id === id) as (typeof fit.ads)[number]);
    const answer = suggestBids(fit.model, ads, { settings: { ...settings, budgetMicros: 90_000_000 } });
    expect(body.bids).toEqual(answer.rows);
    expect(body.portfolio).toEqual(answer.portfolio);
    expect(body.portfolio.expectedSpendMicros).toBeLessThanOrEqual(90_000_000);
  });

  test('of a request may bring figures of their own, or none at all', async () => {
    const own = { id: 'spring', campaign: 'Gift guide', impressions: 9000, clicks: 210, conversions: 6 };
    const money = { spendMicros: 84_000_000, revenueMicros: 150_000_000, currentBidMicros: 450_000 };
    const { body } = await shop.post('/bids', {
      ads: [{ ...own, ...money }, { campaign: 'Gift guide' }, {}],
    });
    const historyDays = fit.model.days;
    const ads = [
      evidenceOf({ ...own, ...money }, { historyDays }),
      evidenceOf({ id: '2', campaign: 'Gift guide' }, { historyDays }),
      evidenceOf({ id: '3' }, { historyDays }),
    ];
    const answer = suggestBids(fit.model, ads, { settings });
    expect(body.bids).toEqual(answer.rows);
    expect(body.bids.map(({ status }: BidRow) => status).slice(1)).toEqual(['LEARNING', 'LEARNING']);
    expect(body.portfolio).toMatchObject({ budgetGiven: false, budgetMicros: 21_000_000 });
  });

  test('with figures of their own keep what the request leaves out as it was uploaded', async () => {
    const { body } = await shop.post('/bids', {
      ads: [
        {
          id: 'gift-guide-03',
          clicks: 100,
          conversions: 3,
          spendMicros: 40_000_000,
          revenueMicros: 60_000_000,
          days: 7,
        },
      ],
    });
    const uploaded = fit.ads.find(({ id }) => id === 'gift-guide-03');
    expect(body.bids[0]).toMatchObject({
      currentBidMicros: uploaded?.currentBidMicros,
      evidence: { clicks: 100, conversions: 3 },
    });
    // 40 in seven days is what a round of seven days spends
    expect(body.portfolio.budgetMicros).toBe(40_000_000);
  });

  test('keep within a target, or the answer says what is feasible', async () => {
    const ads = fit.ads.map(({ id }) => ({ id }));
    const { body } = await shop.post('/bids', { ads, target: { roas: 2.2 }, curves: false });
    const { expectedRevenueMicros, expectedSpendMicros } = body.portfolio;
    expect(body.portfolio.infeasible).toBeNull();
    expect(expectedRevenueMicros / expectedSpendMicros).toBeGreaterThanOrEqual(2.2 * 0.999);
    expect(body.bids[0].curve).toEqual([]);
    const beyond = await shop.post('/bids', { ads, target: { cpaMicros: 1000 }, curves: false });
    expect(beyond.body.portfolio.infeasible.message).toContain('out of reach');
    expect(beyond.body.portfolio.infeasible.feasibleCpaMicros).toBeGreaterThan(1000);
  });

  test('get the linear policy’s bids when it is asked for, as the same rates always did', async () => {
    const ads = [
      { id: 'a', impressions: 1000, clicks: 30, conversions: 1 },
      { clickRate: 0.03, conversionRate: 1 / 30 },
    ];
    const { body } = await shop.post('/bids', { ads, policy: 'linear' });
    expect(body).toMatchObject({ policy: 'linear', label: 'baseline' });
    expect(body.bids[0].suggestedBid).toBe(body.bids[1].suggestedBid);
    // what was sent before there was another policy
    expect((await shop.post('/bids', { ads })).body.bids).toEqual(body.bids);
  });

  test('can be tried at any bid and budget before money is spent', async () => {
    const ids = ['gift-guide-03', 'brand-search-01'];
    const { status, body } = await shop.post('/bids/simulate', {
      ads: ids.map((id) => ({ id })),
      bidsMicros: [100_000, 300_000, 500_000, 90_000_000],
      budgetsMicros: [5_000_000, 20_000_000, 40_000_000],
    });
    expect(status).toBe(200);
    expect(body.ads.map(({ id }: { id: string }) => id)).toEqual(ids);
    for (const { curve, knownUpToMicros } of body.ads) {
      const bids = curve.map(({ bidMicros }: { bidMicros: number }) => bidMicros);
      expect(bids).toEqual([100_000, 300_000, 500_000].filter((bid) => bid <= knownUpToMicros));
      for (const [
        at,
        { clicks, costMicros, conversions, lowMicros, valueMicros, highMicros },
      ] of curve.entries()) {
        expect(lowMicros).toBeLessThanOrEqual(highMicros);
        // of a sale that hardly ever comes, the mean lies beyond nineteen outcomes of twenty
        if (conversions >= 1)
          expect([lowMicros <= valueMicros, valueMicros <= highMicros]).toEqual([true, true]);
        expect(clicks).toBeGreaterThanOrEqual(curve[at - 1]?.clicks ?? 0);
        expect(costMicros).toBeGreaterThanOrEqual(curve[at - 1]?.costMicros ?? 0);
      }
    }
    const values = body.budgets.map(
      ({ expectedValueMicros }: { expectedValueMicros: number }) => expectedValueMicros,
    );
    expect(values).toEqual(values.toSorted((one: number, other: number) => one - other));
    for (const { budgetMicros, expectedSpendMicros } of body.budgets)
      expect(expectedSpendMicros).toBeLessThanOrEqual(budgetMicros);
    const plain = await shop.post('/bids/simulate', { ads: [{ id: 'gift-guide-03' }] });
    expect(plain.body.budgets).toHaveLength(7);
    expect(plain.body.ads[0].curve.length).toBeGreaterThan(5);
  });

  test('are in bids.csv, a row each', async () => {
    const lines = ((await shop.result('bids.csv')) ?? '').trim().split('\n');
    expect(lines).toHaveLength(61);
    expect(lines[0]).toMatch(/^ad_id,campaign,.*current_bid,suggested_bid/);
    const [row] = expected.rows;
    const line = lines.find((text) => text.startsWith(`${row?.id},`)) ?? '';
    expect(line).toContain(`,${(row?.currentBidMicros ?? 0) / 1e6},${(row?.suggestedBidMicros ?? 0) / 1e6},`);
  });

  test('are not listed by the run before once they are uploaded anew', async () => {
    const [first] = (await shop.get('/bids?limit=1')).body.bids;
    await shop.upload('settings.json', '{"ads":{"drift":{"maxRowShift":1,"maxRateShift":1}}}');
    await shop.upload(
      'ads/demo.csv',
      demo
        .split('\n')
        .slice(0, 1 + 28 * 12)
        .join('\n'),
    );
    await shop.bid();
    const { body } = await shop.get('/bids?limit=500');
    expect(body.bids).toHaveLength(12);
    // the API keeps what it has read of a run, and of that run alone
    const asked = await shop.post('/bids', { ads: [{ id: 'gift-guide-03' }, { id: first.id }] });
    expect(asked.body.runId).toBe(body.runId);
    expect(asked.body.bids[0]).toMatchObject({ status: 'LEARNING', currentBidMicros: null });
    expect(asked.body.bids[1].currentBidMicros).toBe(first.currentBidMicros);
  });
});

describe('what the run before suggested', () => {
  beforeAll(() => withdraw('ads/demo.csv'));

  const days = (count: number, bid: (ad: number) => string | null): string => {
    const header = `id,campaign,date,impressions,clicks,conversions,spend,revenue${bid(1) === null ? '' : ',bid'}`;
    const rows = Array.from({ length: count }, (_, day) =>
      [1, 2, 3, 4].map((ad) => {
        const clicks = 5 * ad + (day % 4);
        const sold = day % (5 - ad) === 0 ? 1 : 0;
        const date = new Date(Date.UTC(2026, 8, 1 + day)).toISOString().slice(0, 10);
        const cells = [
          `ad-${ad}`,
          'All',
          date,
          50 * clicks,
          clicks,
          sold,
          (0.3 * clicks).toFixed(2),
          20 * sold,
        ];
        return [...cells, ...(bid(ad) === null ? [] : [bid(ad)])].join(',');
      }),
    );
    return [header, ...rows.flat(), ''].join('\n');
  };
  const bidsOf = async (): Promise<BidEntry[]> => (await shop.get('/bids')).body.bids;

  test('stands in for the bids in force where the table has none, and cools down', async () => {
    await shop.upload(
      'ads/days.csv',
      days(20, () => null),
    );
    await shop.bid();
    const before = await bidsOf();
    expect(before.map(({ currentBidMicros }) => currentBidMicros)).toEqual([null, null, null, null]);
    await shop.upload(
      'ads/days.csv',
      days(21, () => null),
    );
    await shop.bid();
    const after = await bidsOf();
    expect(after.map(({ currentBidMicros }) => currentBidMicros)).toEqual(
      before.map(({ suggestedBidMicros }) => suggestedBidMicros),
    );
    expect((await shop.lastRun('ads')).notes).toContainEqual(
      expect.objectContaining({ code: 'bidsOfPreviousRun', count: 4 }),
    );
  });

  test('tells since when a bid stands that was taken over, so that it stays for as long as the cooldown says', async () => {
    await shop.upload(
      'ads/days.csv',
      days(20, (ad) => (0.2 * ad).toFixed(2)),
    );
    await shop.bid();
    const before = await bidsOf();
    const moved = before.filter((row) => row.suggestedBidMicros !== row.currentBidMicros);
    expect(moved.length).toBeGreaterThan(0);
    for (const { currentBidMicros, suggestedBidMicros } of before)
      expect(Math.abs(suggestedBidMicros / (currentBidMicros ?? 0) - 1)).toBeLessThanOrEqual(0.3 + 1e-9);

    const taken = new Map(
      before.map(({ id, suggestedBidMicros }) => [id, (suggestedBidMicros / 1e6).toFixed(6)]),
    );
    for (const round of ['the one after it was taken over', 'the one after that']) {
      await shop.upload(
        'ads/days.csv',
        days(round === 'the one after that' ? 21 : 20, (ad) => taken.get(`ad-${ad}`) ?? ''),
      );
      await shop.bid();
      const after = await bidsOf();
      for (const row of after) {
        if (!moved.some(({ id }) => id === row.id)) continue;
        expect([round, row.id, row.suggestedBidMicros]).toEqual([round, row.id, row.currentBidMicros]);
        expect([round, row.bidChangedOn]).toEqual([
          round,
          before.find(({ id }) => id === row.id)?.suggestedSince,
        ]);
      }
      expect([round, after.flatMap(({ guardrailsHit }) => guardrailsHit)]).toEqual([
        round,
        expect.arrayContaining(['cooldown']),
      ]);
    }
  });
});

describe('files for the platforms', () => {
  beforeAll(() => withdraw('ads/days.csv'));

  test('hold the new bids under the names that their uploads want', async () => {
    const counts = (clicks: number, conversions: number) =>
      `${20 * clicks},${clicks},${conversions},${clicks}`;
    await shop.upload(
      'ads/google.csv',
      `Search keyword report\n"1 September 2026 - 28 September 2026"\nCampaign,Ad group,Keyword,Match type,Max. CPC,Impr.,Clicks,Conversions,Cost,Conv. value\n${[
        `Brand,Shoes,=red shoes,Phrase match,1.20,${counts(300, 20)},900`,
        `Brand,Boots,boots,Exact match,0.80,${counts(100, 2)},80`,
      ].join('\n')}\nTotal: Keywords,--,--,--,--,8000,400,22,400,980\n`,
    );
    await shop.upload(
      'ads/amazon.csv',
      `Product,Entity,Operation,Campaign ID,Ad Group ID,Keyword ID,Campaign Name,Ad Group Name,Bid,Keyword Text,Match Type,Impressions,Clicks,Orders,Spend,Sales\n${[
        `Sponsored Products,Keyword,,11,22,33,Auto,Group,0.75,trail shoes,broad,${counts(200, 9)},400`,
        `Sponsored Products,Ad Group,,11,22,,Auto,Group,,,,${counts(200, 9)},400`,
      ].join('\n')}\n`,
    );
    await shop.upload(
      'ads/meta.csv',
      `Campaign name,Campaign ID,Ad set name,Ad set ID,Bid,Bid type,Impressions,Link clicks,Purchases,Amount spent (USD),Purchases conversion value\n${[
        `Sales,1,Open,77,0.50,CPC,${counts(150, 4)},200`,
        `Sales,1,Lookalike,78,9.00,Bid cap,${counts(150, 4)},200`,
      ].join('\n')}\n`,
    );
    await shop.bid();
    expect((await shop.lastRun('ads')).status).toBe('published');
    const bids = new Map<string, BidRow>(
      (await shop.get('/bids')).body.bids.map((row: BidRow) => [row.id, row]),
    );
    const amount = (id: string) => ((bids.get(id)?.suggestedBidMicros ?? 0) / 1e6).toFixed(2);
    const keyword = 'Brand › Shoes › =red shoes › Phrase match';
    expect(await shop.result('bids-google-ads.csv')).toBe(
      `Campaign,Ad Group,Keyword,Criterion Type,Max CPC,Max CPM\nBrand,Shoes,'=red shoes,Phrase,${amount(keyword)},\nBrand,Boots,boots,Exact,${amount('Brand › Boots › boots › Exact match')},\n`,
    );
    expect(await shop.result('bids-amazon-ads.csv')).toBe(
      `Product,Entity,Operation,Campaign ID,Ad Group ID,Keyword ID,Product Targeting ID,Campaign Name,Ad Group Name,Bid,Keyword Text,Match Type,Product Targeting Expression\nSponsored Products,Keyword,Update,11,22,33,,Auto,Group,${amount('22~33')},trail shoes,broad,\n`,
    );
    expect(await shop.result('bids-meta-ads.csv')).toBe(
      `Campaign ID,Campaign Name,Ad Set ID,Ad Set Name,Bid Amount\n1,Sales,77,Open,${amount('77')}\n`,
    );
    expect((await shop.lastRun('ads')).notes).toContainEqual(
      expect.objectContaining({ code: 'notForUpload', count: 1 }),
    );
  });

  test('are not there for platforms without an ad, nor after them', async () => {
    await shop.remove('ads/meta.csv');
    await shop.bid();
    expect(await shop.result('bids-google-ads.csv')).not.toBeNull();
    expect(await shop.result('bids-meta-ads.csv')).toBeNull();
    for (const file of ['google', 'amazon']) await shop.remove(`ads/${file}.csv`);
    await shop.bid();
    for (const file of ['bids.csv', 'bids-google-ads.csv']) expect(await shop.result(file)).toBeNull();
  });
});

describe('segments of the published customers', () => {
  beforeAll(async () => {
    const customers = Array.from({ length: 20 }, (_, at) => `c${at},${at < 4 ? 400 : 25},3,10`);
    await shop.upload(
      'customers/all.csv',
      ['customer_id,spend,orders,browsing_minutes', ...customers].join('\n'),
    );
    await shop.segment();
    const ads = ['High', 'low', 'students'].map((segment) => `${segment},B,${segment},1000,100,5,30,100,0.4`);
    await shop.upload(
      'ads/a.csv',
      ['id,campaign,segment,impressions,clicks,conversions,spend,revenue,bid', ...ads].join('\n'),
    );
  });

  const worth = async (): Promise<number[]> =>
    (await shop.get('/bids')).body.bids.map(({ valuePerClick }: BidRow) => valuePerClick.meanMicros);

  test('count where the settings ask for them, capped, and are else left out and said so', async () => {
    await shop.bid();
    const [high = 0, low, students] = await worth();
    expect([low, students]).toEqual([high, high]);
    await shop.upload('settings.json', JSON.stringify({ bids: { segmentValue: { apply: true, cap: 2 } } }));
    await shop.bid();
    const counted = await worth();
    expect(counted[0]).toBeCloseTo(2 * high, -1);
    expect(counted[1]).toBeLessThan(high);
    expect(counted[2]).toBeCloseTo(high, -1);
    expect((await shop.lastRun('ads')).notes).toContainEqual(
      expect.objectContaining({ code: 'unknownSegments', count: 1 }),
    );
    const { body } = await shop.post('/bids', {
      ads: [{ campaign: 'B', segment: 'HIGH' }, { campaign: 'B' }],
    });
    const [asked, without] = body.bids.map(({ valuePerClick }: BidRow) => valuePerClick.meanMicros);
    expect(asked / without).toBeCloseTo(2, 3);
  });

  test('are those of the order history where there is one', async () => {
    const orders = Array.from({ length: 60 }, (_, customer) =>
      Array.from({ length: customer < 12 ? 6 : 1 + (customer % 2) }, (_, order) => {
        const day = new Date(Date.UTC(2026, 0, 3 + 25 * order + (customer % 20))).toISOString().slice(0, 10);
        return `c${customer},c${customer}-${order},${day},${customer < 12 ? 90 : 20 + (customer % 7)}`;
      }),
    );
    await shop.upload(
      'orders/all.csv',
      ['customer_id,order_id,order_date,amount', ...orders.flat()].join('\n'),
    );
    await shop.orders();
    await shop.upload('settings.json', JSON.stringify({ bids: { segmentValue: { apply: true, cap: 10 } } }));
    await shop.bid();
    const { tiers } = (await shop.get('/segments')).body.history;
    const [high, low] = ['high', 'low'].map((name) => {
      const tier = tiers.find(({ segment }: { segment: string }) => segment === name);
      return (tier.shareOfNext12m ?? tier.shareOfHistoric) / tier.shareOfCustomers;
    }) as [number, number];
    const [ofHigh = 0, ofLow = 0, ofStudents = 0] = await worth();
    expect(high).toBeGreaterThan(1.2);
    expect(ofHigh / ofStudents).toBeCloseTo(high, 2);
    expect(ofLow / ofStudents).toBeCloseTo(Math.max(0.1, low), 2);
  }, 120_000);
});
