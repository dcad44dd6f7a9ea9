import { expect, test } from 'vitest';
import type { AdPerformanceRow } from '../../../../lib/tables/ads/adRows.ts';
import { mergeAds } from '../../../../lib/tables/ads/mergeAds.ts';
import { adsOf } from './adsOf.ts';

const header = 'id,campaign,date,device,impressions,clicks,conversions,cost\n';
async function merged(...files: string[]) {
  const performance: AdPerformanceRow[] = [];
  const ads = mergeAds(await Promise.all(files.map((csv) => adsOf(csv))), (row) => performance.push(row));
  return { ...ads, performance };
}
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
