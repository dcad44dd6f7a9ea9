import { gunzipSync, gzipSync } from 'node:zlib';
import { horizonsDays } from '../../marketing/stock/horizons.ts';
import { expectedOfCustomers } from '../../models/btyd/candidates.ts';
import { putObject, readBytes } from '../../store/objects.ts';
import type { CustomerForecast } from '../../value/customerForecast.ts';
import { migrationMatrix, placesBefore, type Standings } from '../../value/migration.ts';
import { type RfmGroup, rfmGroupNames } from '../../value/rfmGroups.ts';
import { type Tier, tiersBestFirst } from '../../value/tier.ts';
import type { ValueTierEdges } from '../../value/valueTierEdges.ts';
import type { Platform } from '../platform.ts';
import { type Run, runObjectKey } from '../run.ts';
import { type MigrationReport, type ValueManifest, valueManifestSchema } from '../valueResults.ts';
import type { Buyers } from './buyers.ts';
import type { BuyerGroups } from './groupBuyers.ts';

/** Where every buyer stood in a run; by column, with positions in the lists of tiers and groups. */
interface StoredStanding {
  customerIds: string[];
  tiers: number[];
  rfmGroups: number[];
  /** Minor units. */
  worth: number[];
  /** Purchase days expected in so many days after the last one; absent without a model of customers. */
  purchases7d?: number[];
  purchases30d?: number[];
  purchases90d?: number[];
}

/** Where the buyers of a run stood. */
export interface Standing {
  customerIds: readonly string[];
  tiers: readonly Tier[];
  rfmGroups: readonly RfmGroup[];
  worth: Float64Array;
  /** By the run's model of customers, one column for each of `horizonsDays`; null without one. */
  expectedPurchases: Float64Array[] | null;
}

/** The run that this one is compared with, and where its buyers stood. */
export interface PreviousStanding extends Standing {
  runId: string;
  edges: ValueTierEdges;
}

/** Null where no run came before, or none that says where its buyers stood. */
export async function readPreviousStanding(run: Run): Promise<PreviousStanding | null> {
  const before = previousOf(run);
  if (before === null) return null;
  const standing = await readStanding(run.platform, before.runId);
  return standing && { ...before, ...standing };
}

/** Null where the run does not say. */
export async function readStanding(
  { objects, resultsBucket: bucket }: Platform,
  runId: string,
): Promise<Standing | null> {
  const bytes = await readBytes(objects, { bucket, key: `runs/${runId}/${standingFile}` });
  if (bytes === null) return null;
  const stored = JSON.parse(gunzipSync(bytes).toString()) as StoredStanding;
  return {
    customerIds: stored.customerIds,
    tiers: stored.tiers.map((place) => tiersBestFirst[place] as Tier),
    rfmGroups: stored.rfmGroups.map((place) => rfmGroupNames[place] as RfmGroup),
    worth: Float64Array.from(stored.worth),
    expectedPurchases: expectedOf(stored),
  };
}

function expectedOf(stored: StoredStanding): Float64Array[] | null {
  const columns = horizonsDays.map((days) => stored[`purchases${days}d`] ?? []);
  const isWhole = columns.every(({ length }) => length === stored.customerIds.length);
  return isWhole ? columns.map((column) => Float64Array.from(column)) : null;
}

/** A run that is made anew after it was published is compared with what it was compared with the first time. */
function previousOf({ plan, previousRunId, previousManifest }: Run): ValueManifest['previous'] {
  const parsed = valueManifestSchema.safeParse(previousManifest?.value);
  if (previousRunId === null || !parsed.success) return null;
  return previousRunId === plan.runId
    ? parsed.data.previous
    : { runId: previousRunId, edges: parsed.data.edges };
}

export async function storeStanding(
  { plan, platform }: Run,
  { buyers, groups, forecast }: { buyers: Buyers; groups: BuyerGroups; forecast: CustomerForecast | null },
): Promise<void> {
  const standing: StoredStanding = {
    customerIds: buyers.customerIds,
    tiers: Array.from(groups.tiers.segmentOf),
    rfmGroups: Array.from(groups.rfmGroups.segmentOf),
    worth: Array.from(groups.worth, Math.round),
    ...(forecast !== null && expectedPurchasesOf(forecast)),
  };
  await putObject(platform.objects, {
    bucket: platform.resultsBucket,
    key: runObjectKey(plan, standingFile),
    body: gzipSync(JSON.stringify(standing)),
    contentType: 'application/gzip',
  });
}

const expectedPurchasesOf = ({ model }: CustomerForecast): Partial<StoredStanding> =>
  Object.fromEntries(
    horizonsDays.map((days) => [
      `purchases${days}d`,
      Array.from(expectedOfCustomers(model, days), (purchases) => Number(purchases.toPrecision(4))),
    ]),
  );

const standingFile = 'standing.json.gz';

/** Who moved since the previous run, and where each buyer of this one stood in it (-1 for nowhere). */
export function compareStandings(
  previous: PreviousStanding,
  { buyers, groups }: { buyers: Buyers; groups: BuyerGroups },
): { before: Int32Array; report: MigrationReport } {
  const { customerIds } = buyers;
  const before = placesBefore(previous, { customerIds });
  const worth = groups.worth.map(Math.round);
  const standings = <Segment extends string>(
    names: readonly Segment[],
    segmentOf: Uint8Array,
  ): Standings<Segment> => ({
    customerIds,
    segments: Array.from(segmentOf, (place) => names[place] as Segment),
    values: worth,
  });
  const was = { customerIds: previous.customerIds, values: previous.worth };
  return {
    before,
    report: {
      previousRunId: previous.runId,
      basisBefore: previous.edges.basis,
      basis: groups.edges.basis,
      tiers: migrationMatrix(
        { ...was, segments: previous.tiers },
        standings(tiersBestFirst, groups.tiers.segmentOf),
        { segments: tiersBestFirst, before },
      ),
      rfmGroups: migrationMatrix(
        { ...was, segments: previous.rfmGroups },
        standings(rfmGroupNames, groups.rfmGroups.segmentOf),
        { segments: rfmGroupNames, before },
      ),
    },
  };
}
