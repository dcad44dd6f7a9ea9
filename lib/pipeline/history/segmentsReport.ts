import { compensatedSum } from '../../math/sum.ts';
import type { InTwoLanguages } from '../../models/purchaseReport.ts';
import { minorDigits } from '../../tables/cells/currencies.ts';
import { clusterWords } from '../../value/clusterWords.ts';
import type { CustomerForecast } from '../../value/customerForecast.ts';
import { aliveCells, rfmCells } from '../../value/matrices.ts';
import { type RfmGroup, rfmGroupLabels } from '../../value/rfmGroups.ts';
import { spendTotals } from '../../value/spendTotals.ts';
import { type Tier, tierLabels } from '../../value/tier.ts';
import type { HistorySegment, SegmentsReport } from '../valueResults.ts';
import type { Buyers } from './buyers.ts';
import type { BuyerGroups, Division } from './groupBuyers.ts';

interface ReportInputs {
  buyers: Buyers;
  groups: BuyerGroups;
  forecast: CustomerForecast | null;
  currency: string;
  seed: number;
}

/** How many buyers each segment holds, what they have spent, and what they are expected to spend together. */
export function reportSegments(inputs: ReportInputs): SegmentsReport {
  const { groups, currency } = inputs;
  const { clustering } = groups;
  const all = { names: ['all'], segmentOf: new Uint8Array(inputs.buyers.customerIds.length) };
  const [total] = summarize(inputs, all, () => ({ en: '', zh: '' }));
  const { segment: _, label: __, ...sums } = total as HistorySegment;
  const clusters = summarize(inputs, groups.clusters, (name) => {
    const number = name.replace(/\D/g, '');
    return { en: `cluster ${number}`, zh: `聚类 ${number}` };
  });
  const { en, zh } = tierLabels;
  return {
    basis: groups.edges.basis,
    total: sums,
    tiers: summarize(inputs, groups.tiers, (name) => ({ en: en[name as Tier], zh: zh[name as Tier] })),
    edges: groups.edges,
    rfmGroups: summarize(inputs, groups.rfmGroups, (name) => ({
      en: rfmGroupLabels.en[name as RfmGroup],
      zh: rfmGroupLabels.zh[name as RfmGroup],
    })),
    clusters: clusters.map((cluster, index) => ({
      ...cluster,
      description: clusterWords(clustering?.clusters[index] ?? { customers: 0, traits: [] }, {
        minorDigits: minorDigits(currency),
      }),
    })),
    silhouette: clustering?.silhouette ?? null,
    ...boards(inputs),
  };
}

/** Buyers by what RFM and the model look at, in fields that fit on one screen. */
function boards({ buyers, groups, forecast }: ReportInputs): Pick<SegmentsReport, 'rfmCells' | 'aliveCells'> {
  const { frequency, ageDays, recencyDays } = buyers;
  const expected = forecast?.columns.expectedSpend ?? null;
  const pAlive = forecast?.columns.probabilityAlive ?? null;
  const cells = rfmCells(groups.rfm, { spend: buyers.spend, expected });
  return {
    rfmCells: cells.map((cell) => ({ ...cell, next12m: cell.next12m && Math.round(cell.next12m) })),
    aliveCells:
      pAlive === null || pAlive.some(Number.isNaN)
        ? []
        : aliveCells({
            purchaseDays: frequency.map((repeats) => repeats + 1),
            daysSinceLast: ageDays.map((age, buyer) => age - (recencyDays[buyer] as number)),
            pAlive,
          }),
  };
}

/** One line per segment, an empty one included; buyers and past money add up to the whole, and so does what is expected. */
function summarize(
  { buyers, forecast, seed }: ReportInputs,
  { names, segmentOf }: Division,
  labelOf: (name: string) => InTwoLanguages,
): HistorySegment[] {
  const segmentation = { segmentOf, segments: names.length };
  const totals =
    forecast && names.length > 0
      ? spendTotals(forecast.inputs, forecast.uncertainty, { ...segmentation, seed })
      : null;
  const customers = buyers.customerIds.length;
  const historic = compensatedSum(buyers.spend);
  const expected = totals?.reduce((sum, one) => sum + one.expected, 0) ?? 0;
  const sums = historicBySegment(buyers.spend, segmentation);
  return names.map((segment, index) => {
    const own = sums[index] as { customers: number; historic: number };
    const total = totals?.[index] ?? null;
    return {
      segment,
      label: labelOf(segment),
      ...own,
      shareOfCustomers: customers === 0 ? 0 : own.customers / customers,
      shareOfHistoric: historic > 0 ? own.historic / historic : null,
      next12m: total && Math.round(total.expected),
      shareOfNext12m: total && expected > 0 ? total.expected / expected : null,
      low: total && Math.round(total.low),
      high: total && Math.round(total.high),
    };
  });
}

function historicBySegment(
  spend: Float64Array,
  { segmentOf, segments }: { segmentOf: Uint8Array; segments: number },
): { customers: number; historic: number }[] {
  const sums = Array.from({ length: segments }, () => ({ customers: 0, historic: 0 }));
  for (let buyer = 0; buyer < segmentOf.length; buyer++) {
    const sum = sums[segmentOf[buyer] as number] as (typeof sums)[number];
    sum.customers += 1;
    sum.historic += spend[buyer] as number;
  }
  return sums;
}
