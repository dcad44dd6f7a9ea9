import type { CohortCell } from '../../features/purchases.ts';
import { sortedOrder } from '../../math/sortedOrder.ts';
import type { LookupExtent } from '../../store/lookupExtent.ts';
import { writeList, writeLookup } from '../../store/pages.ts';
import { minorDigits } from '../../tables/cells/currencies.ts';
import { cohortsOfCells, monthName, monthOfDay } from '../../value/cohorts.ts';
import { memberList } from '../memberList.ts';
import type { Run } from '../run.ts';
import type { ValueManifest } from '../valueResults.ts';
import type { Buyers } from './buyers.ts';
import { type Division, groupBuyers } from './groupBuyers.ts';
import { modelBuyers } from './modelBuyers.ts';
import { reportSegments } from './segmentsReport.ts';
import type { HistorySpan } from './span.ts';
import { compareStandings, readPreviousStanding, storeStanding } from './standing.ts';
import { entryAt, memberAt, type ValuedBuyers } from './valueEntries.ts';
import { valueFiles, writeValueFiles } from './valueFiles.ts';

export interface ValueInputs {
  buyers: Buyers;
  cohortCells: readonly CohortCell[];
  span: HistorySpan;
  language: 'en' | 'zh';
}

export interface ValuedHistory {
  manifest: ValueManifest | null;
  /** Of the dataset's lasting files, those that there are none of. */
  absentFiles: string[];
}

/** What buyers are worth and how they group: computed over all of them, written group by group, list by list, file by file. */
export async function valueBuyers(run: Run, inputs: ValueInputs): Promise<ValuedHistory> {
  const { buyers, span, language } = inputs;
  const { settings } = run;
  if (buyers.customerIds.length === 0) return { manifest: null, absentFiles: valueFiles };
  const { forecast, report: modelReport } = await run.unit('value-model', () => modelBuyers(run, inputs));
  const previous = await readPreviousStanding(run);
  const groups = await run.timed('value.groups', () =>
    run.unit('value-groups', async () =>
      groupBuyers(buyers, { forecast, settings, previousEdges: previous?.edges ?? null }),
    ),
  );
  const compared = previous && compareStandings(previous, { buyers, groups });
  const before = compared?.before ?? null;
  const valued: ValuedBuyers = { buyers, groups, forecast, previous, before, lastDay: span.lastDay };
  noteOnEdges(run, valued);
  const segments = await run.timed('value.segments', () =>
    run.unit('value-segments', async () =>
      reportSegments({ buyers, groups, forecast, currency: settings.currency, seed: settings.seed }),
    ),
  );
  const order = sortedOrder(groups.worth.map((value) => -value));
  const lookups = await run.timed('value.lookups', () => writeEntries(run, valued));
  await run.timed('value.lists', () => writeMembers(run, { valued, order }));
  const lastMonth = monthOfDay(span.lastDay);
  const cohorts = cohortsOfCells(inputs.cohortCells, { lastMonth });
  await writeValues(run, 'value-model', [modelReport]);
  await writeValues(run, 'value-segments', [segments]);
  await writeValues(run, 'value-migration', compared === null ? [] : [compared.report]);
  await writeValues(run, 'cohorts', cohorts);
  await storeStanding(run, { buyers, groups, forecast });
  const digits = minorDigits(settings.currency);
  const made = await run.timed('value.files', () =>
    run.unit('value-files', () => writeValueFiles(run, { valued, order, language, minorDigits: digits })),
  );
  const manifest: ValueManifest = {
    model: modelReport.model?.name ?? null,
    edges: groups.edges,
    clusters: groups.clusters.names.length,
    typical: {
      purchaseDays: 1 + medianOf(buyers.frequency),
      expectedOrder: forecast && Math.round(medianOf(forecast.columns.orderValue)),
    },
    previous: previous && { runId: previous.runId, edges: previous.edges },
    lookups,
    cohorts: {
      lastMonth: monthName(lastMonth),
      lastMonthIsOver: monthOfDay(span.lastDay + 1) > lastMonth,
      count: cohorts.length,
    },
  };
  return { manifest, absentFiles: valueFiles.filter((file) => !made.includes(file)) };
}

function noteOnEdges(run: Run, { groups, previous }: ValuedBuyers): void {
  const { moved, reason } = groups.edges;
  if (!moved || previous === null) return;
  run.amend({ notes: [{ code: 'tierEdgesMoved', message: `the edges of the tiers moved: ${reason}` }] });
}

async function writeEntries(run: Run, valued: ValuedBuyers): Promise<LookupExtent[]> {
  const lookups: LookupExtent[] = [];
  let first = 0;
  for (const [group, size] of valued.buyers.groupSizes.entries()) {
    const from = first;
    first += size;
    const name = `value-${group}`;
    const lookup = await run.unit(`lookup-${name}`, () => {
      const entries = Array.from({ length: size }, (_, at) => {
        const entry = entryAt(valued, from + at);
        return [entry.customerId, entry] as const;
      });
      const place = { runId: run.plan.runId, fence: run.fence, name };
      return writeLookup(run.platform.table, { ...place, entries });
    });
    lookups.push(lookup);
  }
  return lookups;
}

/** A list of each segment, the most valuable first. */
async function writeMembers(
  run: Run,
  { valued, order }: { valued: ValuedBuyers; order: Uint32Array },
): Promise<void> {
  const { tiers, rfmGroups, clusters } = valued.groups;
  for (const division of [tiers, rfmGroups, clusters] satisfies Division[])
    for (const [place, name] of division.names.entries())
      await run.unit(`list-${name}`, () =>
        writeValues(run, memberList(name), membersOf(valued, { order, division, place })),
      );
}

function* membersOf(
  valued: ValuedBuyers,
  { order, division, place }: { order: Uint32Array; division: Division; place: number },
) {
  for (const buyer of order) if (division.segmentOf[buyer] === place) yield memberAt(valued, buyer);
}

const writeValues = (run: Run, name: string, values: Iterable<unknown>) =>
  writeList(run.platform.table, { runId: run.plan.runId, fence: run.fence, name, values });

function medianOf(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
}
