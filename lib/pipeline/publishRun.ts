import type { DatasetState } from '../store/datasets.ts';
import type { Lease } from '../store/lease.ts';
import { publishPointer } from '../store/pointer.ts';
import { forgetSuperseded } from './forgetSuperseded.ts';
import { alignLastingFiles } from './lastingFiles.ts';
import { modelDatasets } from './modelDatasets.ts';
import type { Plan } from './plan.ts';
import type { Platform } from './platform.ts';
import { keptBehind, retireRuns } from './retireRuns.ts';
import type { Dataset, RunResult } from './run.ts';
import type { Settings } from './settings.ts';

export interface Publication {
  dataset: Dataset;
  plan: Plan;
  result: RunResult;
  lease: Lease;
  /** Of the dataset when the run began. */
  state: DatasetState;
  settings: Pick<Settings, 'keepRuns' | 'hashIds'>;
}

/**
 * Moves the pointer with one conditional write; that is the publication. What follows makes it handy (files under their lasting
 * names, a receipt whose event tells others) and can be done again after a crash, since the run is done again until its record
 * says `published`.
 */
export async function publishRun(platform: Platform, publication: Publication): Promise<void> {
  const { dataset, plan, result, lease, state, settings } = publication;
  const previousRuns = keptBehind(state.pointer, { runId: plan.runId, keepRuns: keepRunsOf(publication) });
  const nowIso = new Date(platform.clock()).toISOString();
  const pointer = await publishPointer(platform.table, {
    dataset: plan.dataset,
    runId: plan.runId,
    fence: lease.fence,
    asOf: plan.asOf ?? nowIso,
    publishedAt: nowIso,
    manifest: { ...result.manifest, ...(settings.hashIds && { hashIds: true }) },
    previousRuns,
    lastingFiles: lastingFilesOf(dataset, result),
  });
  await alignLastingFiles(platform, { dataset, pointer, earlierFiles: state.pointer?.lastingFiles ?? [] });
  await forgetSuperseded(platform, dataset, { state, except: [plan.runId] });
  await retireRuns(platform, { lease, state, kept: [plan.runId, ...previousRuns] });
}

/** None where theirs are the last pages that name customers: they expire a day after. Models hold none, and stay to go back to. */
function keepRunsOf({ dataset, state, settings: { keepRuns, hashIds } }: Publication): number {
  const isFirstHashed = hashIds && state.pointer?.manifest.hashIds !== true;
  const isOfModels = Object.values<string>(modelDatasets).includes(dataset.name);
  return isFirstHashed && !isOfModels && !dataset.isWithoutCustomers ? 0 : keepRuns;
}

/** A name that this run has no file for must not go on showing an earlier run's. */
function lastingFilesOf(dataset: Dataset, { absentFiles = [], files = [] }: RunResult): string[] {
  return [...dataset.lastingFiles.filter((key) => !absentFiles.includes(key)), ...files];
}
