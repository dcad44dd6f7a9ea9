import { isoDay } from '../../tables/cells/calendar.ts';
import type { CustomerForecast, ForecastColumns } from '../../value/customerForecast.ts';
import { type RfmGroup, rfmGroupNames } from '../../value/rfmGroups.ts';
import { type Tier, tiersBestFirst } from '../../value/tier.ts';
import type { SegmentMember, ValueEntry } from '../valueResults.ts';
import type { Buyers } from './buyers.ts';
import type { BuyerGroups } from './groupBuyers.ts';
import type { PreviousStanding } from './standing.ts';

/** All that is known of the buyers of a run; `entryAt` and `memberAt` make of it what is told of one. */
export interface ValuedBuyers {
  buyers: Buyers;
  groups: BuyerGroups;
  forecast: CustomerForecast | null;
  previous: PreviousStanding | null;
  /** Place of each buyer in the previous run, -1 for nowhere. */
  before: Int32Array | null;
  lastDay: number;
}

export function entryAt(valued: ValuedBuyers, buyer: number): ValueEntry {
  const { buyers, groups, previous, lastDay } = valued;
  const { r, f, m } = groups.rfm;
  const daysSinceLast = (buyers.ageDays[buyer] as number) - (buyers.recencyDays[buyer] as number);
  const expected = (name: keyof ForecastColumns): number | null => forecastAt(valued, name, buyer);
  const place = valued.before?.[buyer] ?? -1;
  return {
    ...memberAt(valued, buyer),
    lifetime12m: rounded(expected('lifetimeValue')),
    expectedOrder: rounded(expected('orderValue')),
    purchaseDays: 1 + (buyers.frequency[buyer] as number),
    daysSinceLast,
    expectedPurchases30d: figures(expected('expectedPurchases')),
    pPurchase30d: figures(expected('probabilityOfPurchase')),
    nextPurchase: {
      from: dayAfter(lastDay, expected('nextPurchaseFrom')),
      to: dayAfter(lastDay, expected('nextPurchaseTo')),
    },
    previousTier: previous?.tiers[place] ?? null,
    rfm: {
      r: r[buyer] as number,
      f: f[buyer] as number,
      m: m[buyer] as number,
      group: rfmGroupNames[groups.rfmGroups.segmentOf[buyer] as number] as RfmGroup,
    },
    previousGroup: previous?.rfmGroups[place] ?? null,
  };
}

export function memberAt(valued: ValuedBuyers, buyer: number): SegmentMember {
  const { buyers, groups } = valued;
  const expected = (name: keyof ForecastColumns): number | null => forecastAt(valued, name, buyer);
  return {
    customerId: buyers.customerIds[buyer] as string,
    historic: buyers.spend[buyer] as number,
    next12m: rounded(expected('expectedSpend')),
    low: rounded(expected('low')),
    high: rounded(expected('high')),
    pAlive: figures(expected('probabilityAlive')),
    tier: tiersBestFirst[groups.tiers.segmentOf[buyer] as number] as Tier,
    cluster: groups.clustering === null ? null : 1 + (groups.clusters.segmentOf[buyer] as number),
  };
}

function forecastAt({ forecast }: ValuedBuyers, name: keyof ForecastColumns, buyer: number): number | null {
  const value = forecast?.columns[name][buyer] ?? Number.NaN;
  return Number.isNaN(value) ? null : value;
}

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value));

/** What stands behind it is not known to more figures, and fewer pack better. */
const figures = (value: number | null): number | null =>
  value === null ? null : Number(value.toPrecision(5));

const lastIsoDay = 2_932_896;

/** Null beyond the year 9999: no purchase is to be waited for. */
function dayAfter(lastDay: number, days: number | null): string | null {
  const day = lastDay + (days ?? Number.POSITIVE_INFINITY);
  return day > lastIsoDay ? null : isoDay(Math.floor(day));
}
