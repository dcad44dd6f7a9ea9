import * as z from 'zod/mini';
import type { Item } from './item.ts';
import { datasetKey, datasetsPartition } from './keys.ts';
import { FencedOut, type Pointer, parsePointer } from './pointer.ts';
import { getItem, queryItems, type Table, updateItem } from './table.ts';

const pagedRunSchema = z.object({
  runId: z.string(),
  /** When its pages were told to expire; null as long as they are not. */
  expiredAtMs: z.nullable(z.number()),
});

/** A run that may have pages. */
export type PagedRun = z.infer<typeof pagedRunSchema>;

/** What stands under a dataset's key beside the lease. */
export interface DatasetState {
  pointer: Pointer | null;
  /** Those that readers see, those that were superseded not long ago, and those that ended before they were published. */
  pagedRuns: PagedRun[];
  /** Of the newest lease. */
  fence: number;
}

export async function readDataset(table: Table, dataset: string): Promise<DatasetState> {
  const item = await getItem(table, datasetKey(dataset));
  return item === null ? { pointer: null, pagedRuns: [], fence: 0 } : stateOf(item);
}

/** Datasets below a prefix of which something is published, or which have runs with pages. */
export async function listDatasets(table: Table, prefix: string): Promise<string[]> {
  const names: string[] = [];
  const keys = {
    expression: '#pk = :partition AND begins_with(#sk, :prefix)',
    values: { partition: datasetsPartition, prefix },
  };
  for await (const item of queryItems(table, { keys })) {
    const { pointer, pagedRuns } = stateOf(item);
    if (pointer !== null || pagedRuns.length > 0) names.push(String(item.sk));
  }
  return names;
}

/** What stands under every dataset's key. */
export async function listDatasetStates(table: Table): Promise<DatasetState[]> {
  const states: DatasetState[] = [];
  const keys = { expression: '#pk = :partition', values: { partition: datasetsPartition } };
  for await (const item of queryItems(table, { keys })) states.push(stateOf(item));
  return states;
}

/** To be called before a run's first page is written, and when pages were told to expire. Only the newest lease may. */
export async function setPagedRuns(
  table: Table,
  { dataset, pagedRuns, fence }: { dataset: string; pagedRuns: readonly PagedRun[]; fence: number },
): Promise<void> {
  const changed = await updateItem(table, datasetKey(dataset), {
    update: { expression: 'SET #pagedRuns = :runs', values: { runs: JSON.stringify(pagedRuns) } },
    condition: { expression: '#fence = :fence', values: { fence } },
  });
  if (changed === null) throw new FencedOut(`the list of runs of ${dataset}`, fence);
}

const stateOf = (item: Item): DatasetState => ({
  pointer: parsePointer(item),
  pagedRuns: z.array(pagedRunSchema).parse(JSON.parse(String(item.pagedRuns ?? '[]'))),
  fence: Number(item.fence ?? 0),
});
