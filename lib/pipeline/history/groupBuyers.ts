import { minorDigits } from '../../tables/cells/currencies.ts';
import { type Clustering, clusterCustomers } from '../../value/clusters.ts';
import type { ClusterTraitName } from '../../value/clusterWords.ts';
import type { CustomerForecast } from '../../value/customerForecast.ts';
import { type RfmScores, scoreRfm } from '../../value/rfm.ts';
import { assignRfmGroups, defaultRfmMap, rfmGroupNames } from '../../value/rfmGroups.ts';
import { tiersBestFirst } from '../../value/tier.ts';
import type { ValueTierEdges } from '../../value/valueTierEdges.ts';
import { cutValueTiers } from '../../value/valueTiers.ts';
import type { Settings } from '../settings.ts';
import type { Buyers } from './buyers.ts';

/** One way of dividing buyers: each is in exactly one of its segments. */
export interface Division {
  /** As in paths and names of files. */
  names: readonly string[];
  /** Position of each buyer's segment in `names`. */
  segmentOf: Uint8Array;
}

export interface BuyerGroups {
  /** What buyers are ranked by: expected spend, or past spend where there is no model; minor units. */
  worth: Float64Array;
  edges: ValueTierEdges;
  rfm: RfmScores;
  tiers: Division;
  rfmGroups: Division;
  clusters: Division;
  clustering: Clustering<ClusterTraitName> | null;
}

/** The tier, the RFM group and the cluster of every buyer. */
export function groupBuyers(
  buyers: Buyers,
  {
    forecast,
    settings,
    previousEdges,
  }: { forecast: CustomerForecast | null; settings: Settings; previousEdges: ValueTierEdges | null },
): BuyerGroups {
  const worth = forecast?.columns.expectedSpend ?? buyers.spend;
  const { tierOf, edges } = cutValueTiers(worth, {
    basis: forecast === null ? 'historicSpend' : 'expectedSpend',
    settings: settings.orders.tiers,
    minorUnits: 10 ** minorDigits(settings.currency),
    previous: previousEdges,
  });
  const daysSinceLast = buyers.ageDays.map((age, buyer) => age - (buyers.recencyDays[buyer] as number));
  const rfm = scoreRfm({ daysSinceLast, frequency: buyers.frequency, monetary: buyers.spend });
  const groups = assignRfmGroups(rfm, settings.orders.rfmGroups ?? defaultRfmMap);
  const placeOf = new Map(rfmGroupNames.map((name, place) => [name, place]));
  const clustering = clusterCustomers(clusterFeatures(buyers, daysSinceLast), { seed: settings.seed, worth });
  return {
    worth,
    edges,
    rfm,
    tiers: { names: tiersBestFirst, segmentOf: tierOf },
    rfmGroups: {
      names: rfmGroupNames,
      segmentOf: Uint8Array.from(groups, (group) => placeOf.get(group) as number),
    },
    clusters: {
      names: (clustering?.clusters ?? []).map((_, index) => clusterName(index)),
      segmentOf: clustering?.clusterOf ?? new Uint8Array(0),
    },
    clustering,
  };
}

export const clusterName = (index: number): string => `cluster-${index + 1}`;

const clusterFeatures = (buyers: Buyers, daysSinceLast: Float64Array) => [
  { name: 'daysSinceLast' as const, values: daysSinceLast },
  { name: 'purchaseDays' as const, values: buyers.frequency.map((repeats) => repeats + 1) },
  {
    name: 'orderValue' as const,
    values: buyers.spend.map((spend, buyer) => spend / (1 + (buyers.frequency[buyer] as number))),
  },
  { name: 'customerDays' as const, values: buyers.ageDays },
  { name: 'discountShare' as const, values: buyers.discountShare },
  { name: 'returnShare' as const, values: buyers.returnShare },
];
