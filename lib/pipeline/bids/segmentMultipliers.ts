import { readList } from '../../store/pages.ts';
import { readPointer } from '../../store/pointer.ts';
import type { RunNote } from '../../store/runs.ts';
import type { Table } from '../../store/table.ts';
import { customersManifestSchema, historyManifestSchema } from '../results.ts';
import type { Run } from '../run.ts';
import { segmentsReportSchema } from '../valueResults.ts';

/** By a segment's name or label in small letters: what its customers are worth, 1 for the average customer. */
export type SegmentWorth = Readonly<Record<string, number>>;

/**
 * What a customer of each segment is worth over the average customer: by the expected spend of the order history's tiers, RFM
 * groups and clusters, or else by what the tiers of `customers/` have spent. Where the settings do not ask for it, nothing.
 */
export async function readSegmentWorth({
  platform: { table },
  settings,
}: Run): Promise<{ worth: SegmentWorth; notes: RunNote[] }> {
  if (!settings.bids.segmentValue.apply) return { worth: {}, notes: [] };
  const segments = (await segmentsOfHistory(table)) ?? (await segmentsOfCustomers(table));
  if (segments === null) {
    const message =
      'bids.segmentValue.apply asks for what segments are worth, and none are published of orders/ or customers/';
    return { worth: {}, notes: [{ code: 'noSegments', message }] };
  }
  const known = segments.flatMap(({ names, shareOfCustomers, shareOfValue }) =>
    shareOfCustomers === 0 || shareOfValue === null || shareOfValue <= 0
      ? []
      : names.map((name): [string, number] => [plain(name), shareOfValue / shareOfCustomers]),
  );
  return { worth: Object.fromEntries(known), notes: [] };
}

interface SegmentShare {
  names: string[];
  shareOfCustomers: number;
  shareOfValue: number | null;
}

async function segmentsOfHistory(table: Table): Promise<SegmentShare[] | null> {
  const pointer = await readPointer(table, 'orders');
  if (pointer === null || historyManifestSchema.parse(pointer.manifest).value === null) return null;
  const { values } = await readList(table, { runId: pointer.runId, name: 'value-segments', limit: 1 });
  const { tiers, rfmGroups, clusters } = segmentsReportSchema.parse(values[0]);
  return [...clusters, ...rfmGroups, ...tiers].map(
    ({ segment, label, shareOfCustomers, shareOfNext12m, shareOfHistoric }) => ({
      names: [segment, label.en, label.zh],
      shareOfCustomers,
      // a history that carries no forecast still tells what was spent
      shareOfValue: shareOfNext12m ?? shareOfHistoric,
    }),
  );
}

async function segmentsOfCustomers(table: Table): Promise<SegmentShare[] | null> {
  const pointer = await readPointer(table, 'customers');
  if (pointer === null) return null;
  const { segments } = customersManifestSchema.parse(pointer.manifest);
  return segments.map(({ segment, label, shareOfCustomers, shareOfSpend }) => ({
    names: [segment, label],
    shareOfCustomers,
    shareOfValue: shareOfSpend,
  }));
}

/** By segment as the ads name it; `unknown` are those that are none of the published ones, and count as the average. */
export function multipliersOf(
  worth: SegmentWorth,
  segments: Iterable<string | null | undefined>,
): { multipliers: Record<string, number>; unknown: string[] } {
  const named = [...new Set(segments)].filter((segment) => typeof segment === 'string');
  const known = named.filter((segment) => Object.hasOwn(worth, plain(segment)));
  return {
    multipliers: Object.fromEntries(known.map((segment) => [segment, worth[plain(segment)] as number])),
    unknown: named.filter((segment) => !known.includes(segment)),
  };
}

const plain = (name: string): string => name.trim().toLowerCase();
