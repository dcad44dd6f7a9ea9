import { expect, test } from 'vitest';
import { mergeAds, ratesByAd } from '../../../../lib/tables/ads/mergeAds.ts';
import { adsOf } from './adsOf.ts';

const header = 'id,campaign,date,device,impressions,clicks,conversions,cost\n';
const merged = async (...files: string[]) => mergeAds(await Promise.all(files.map((csv) => adsOf(csv))));
const brief = ({ performance }: Awaited<ReturnType<typeof merged>>) =>
  performance.map(({ id, date, clicks }) => [id, date, clicks]);

test('exports that overlap count each day once, the later file’s', async () => {
  const ads = await merged(
    `${header}a,B,2026-09-01,,10,1,0,1\na,B,2026-09-02,,10,2,0,1\n`,
    `${header}a,B,2026-09-02,,10,3,0,1\na,B,2026-09-03,,10,4,0,1\n`,
  );
  expect(brief(ads)).toEqual([
    ['a', '2026-09-01', 1],
    ['a', '2026-09-02', 3],
    ['a', '2026-09-03', 4],
  ]);
  expect(ads).toMatchObject({ superseded: 1, undatedBesideDated: 0 });
});

test('rows of one day in one file are its devices, and are all kept', async () => {
  const ads = await merged(`${header}a,B,2026-09-01,mobile,10,1,0,1\na,B,2026-09-01,desktop,10,2,0,1\n`);
  expect(brief(ads).map(([, , clicks]) => clicks)).toEqual([1, 2]);
});

test('a summary beside the days it sums up is left out', async () => {
  const undated = 'id,impressions,clicks,conversions,cost\n';
  const ads = await merged(`${header}a,B,2026-09-01,,10,1,0,1\n`, `${undated}a,10,1,0,1\nb,10,5,0,1\n`);
  expect(brief(ads)).toEqual([
    ['a', '2026-09-01', 1],
    ['b', null, 5],
  ]);
  expect(ads).toMatchObject({ superseded: 0, undatedBesideDated: 1 });
});

test('a later file that tells less takes no name away', async () => {
  const ads = await merged(
    `${header}a,B,2026-09-01,,10,1,0,1\n`,
    'id,date,clicks,conversions,cost\na,2026-09-02,1,0,1\n',
  );
  expect(ads.names.get('a')).toMatchObject({ campaign: 'B' });
});

test('the rates of an ad follow from all its rows; ads with rates alone come after', async () => {
  const ads = await merged(
    `${header}a,B,2026-09-01,,100,10,1,1\nb,B,2026-09-01,,0,0,0,0\na,B,2026-09-02,,300,10,0,2.5\n`,
    'id,ctr,cvr,cost\nc,5%,1%,7\n',
  );
  expect(ratesByAd(ads)).toEqual([
    {
      adId: 'a',
      impressions: 400,
      clicks: 20,
      conversions: 1,
      clickRate: 0.05,
      conversionRate: 0.05,
      spend: 3.5,
    },
    { adId: 'b', impressions: 0, clicks: 0, conversions: 0, clickRate: null, conversionRate: null, spend: 0 },
    {
      adId: 'c',
      impressions: null,
      clicks: null,
      conversions: null,
      clickRate: 0.05,
      conversionRate: 0.01,
      spend: 7,
    },
  ]);
});
