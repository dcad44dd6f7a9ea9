import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AdPerformance } from '../../lib/tables/ads/adRows.ts';
import { adRow } from './adRows.ts';

const file = join(import.meta.dirname, '../../../shared/data/facebook-ads/kag_conversion_data.csv');

/** Where the file is not there, tests that need it say so in their names. */
export const facebookAdsMissing = !existsSync(file);

/** 1,143 ads of three campaigns, without dates, bids or revenue; a conversion is an approved one. */
export const readFacebookAds = (): AdPerformance[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [id = '', campaign = '', , age, gender, interest, impressions, clicks, spent, , approved] =
        line.split(',');
      return adRow({
        id,
        campaign,
        segment: `${age} ${gender} ${interest}`,
        impressions: Number(impressions),
        clicks: Number(clicks),
        conversions: Number(approved),
        spendMicros: Math.round(Number(spent) * 1e6),
      });
    });
