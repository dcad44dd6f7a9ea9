import { gunzipSync, gzipSync } from 'node:zlib';
import { putObject, readBytes } from '../../store/objects.ts';
import { dayOf } from '../../tables/cells/calendar.ts';
import type { Run } from '../run.ts';
import { campaignsManifestSchema, type StandingRef } from './campaignResults.ts';
import type { Buyers } from './readBuyers.ts';

/** How buyers stood in a run, by column; money in minor units, NaN where nothing is known. */
export interface Standing {
  customerIds: string[];
  tiers: Uint8Array;
  groups: Uint8Array;
  pAlive: Float64Array;
  next12m: Float64Array;
}

/** Apart from the runs, whose objects go when the runs do: an earlier standing is of use for as long as somebody looks back at it. */
const standingKey = (ordersRunId: string): string => `standings/${ordersRunId}.json.gz`;

/** Enough to look back by a year of a run a week, or by two months of one a day. */
const keptStandings = 60;

/** Of earlier order histories, newest first: a run with other settings over the same history compares with the same runs. */
export function earlierStandings({ previousManifest }: Run, ordersRunId: string): StandingRef[] {
  const parsed = campaignsManifestSchema.safeParse(previousManifest);
  if (!parsed.success) return [];
  return parsed.data.standings.filter((standing) => standing.ordersRunId !== ordersRunId);
}

/** The newest that lies at least so many days back, or else the oldest. */
export function standingDaysAgo(
  standings: readonly StandingRef[],
  { lastDay, days }: { lastDay: number; days: number },
): StandingRef | null {
  const ofAge = standings.find((standing) => lastDay - dayOf(standing.lastDay) >= days);
  return ofAge ?? standings.at(-1) ?? null;
}

export async function storeStanding(
  { platform }: Run,
  buyers: Buyers,
  {
    ordersRunId,
    lastDay,
    earlier,
  }: { ordersRunId: string; lastDay: string; earlier: readonly StandingRef[] },
): Promise<StandingRef[]> {
  const { customerIds, tiers, groups, pAlive, next12m } = buyers;
  const plain = {
    customerIds,
    tiers: Array.from(tiers),
    groups: Array.from(groups),
    // NaN is null in JSON
    pAlive: Array.from(pAlive),
    next12m: Array.from(next12m),
  };
  await putObject(platform.objects, {
    bucket: platform.resultsBucket,
    key: standingKey(ordersRunId),
    body: gzipSync(JSON.stringify(plain)),
    contentType: 'application/gzip',
  });
  return [{ ordersRunId, lastDay }, ...earlier].slice(0, keptStandings);
}

/** Null where it is gone. */
export async function readStanding(
  { platform }: Run,
  { ordersRunId }: StandingRef,
): Promise<Standing | null> {
  const { objects, resultsBucket: bucket } = platform;
  const bytes = await readBytes(objects, { bucket, key: standingKey(ordersRunId) });
  if (bytes === null) return null;
  const plain = JSON.parse(gunzipSync(bytes).toString()) as {
    customerIds: string[];
    tiers: number[];
    groups: number[];
    pAlive: (number | null)[];
    next12m: (number | null)[];
  };
  return {
    customerIds: plain.customerIds,
    tiers: Uint8Array.from(plain.tiers),
    groups: Uint8Array.from(plain.groups),
    pAlive: Float64Array.from(plain.pAlive, (value) => value ?? Number.NaN),
    next12m: Float64Array.from(plain.next12m, (value) => value ?? Number.NaN),
  };
}
