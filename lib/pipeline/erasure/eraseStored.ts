import { listDatasetStates } from '../../store/datasets.ts';
import { erasePages } from '../../store/erasePages.ts';
import { endErasure, listErasures } from '../../store/erasures.ts';
import { erasedAmong } from '../erased.ts';
import type { Platform } from '../platform.ts';
import { lateWritersMs } from '../retireRuns.ts';
import { eraseObjects } from './eraseObjects.ts';

/**
 * Takes those whose erasure was asked for out of all that is stored: pages and objects of published runs, of earlier ones that are still
 * kept, and of those that ended in the middle. It can be done again at any moment and by several at once. An erasure has ended when that
 * was done after everybody must be gone who may have begun a run before it was asked for.
 */
export async function eraseStored(platform: Platform): Promise<void> {
  const { table, idKey, clock, log } = platform;
  const nowMs = clock();
  const open = (await listErasures(table)).filter(({ erasedAtMs }) => erasedAtMs === null);
  if (open.length === 0) return;
  const { hashOf } = erasedAmong(open, idKey);
  const isErased = (customerId: string): boolean => hashOf(customerId) !== null;
  const newestMs = Math.max(...open.map(({ requestedAtMs }) => requestedAtMs));
  const stagedBefore = new Date(newestMs + lateWritersMs).toISOString();
  let isWhole = true;
  for (const runId of await runsWithPages(platform))
    if (!(await erasePages(table, { runId, isErased }))) isWhole = false;
  if (!(await eraseObjects(platform, { isErased, stagedBefore }))) isWhole = false;
  const ended = isWhole ? open.filter(({ requestedAtMs }) => nowMs - requestedAtMs > lateWritersMs) : [];
  for (const { idHash } of ended) await endErasure(table, { idHash, nowMs });
  log('erased', { open: open.length, ended: ended.length });
}

async function runsWithPages({ table }: Platform): Promise<Set<string>> {
  const runIds = new Set<string>();
  for (const { pointer, pagedRuns } of await listDatasetStates(table)) {
    for (const { runId } of pagedRuns) runIds.add(runId);
    if (pointer !== null) for (const runId of [pointer.runId, ...pointer.previousRuns]) runIds.add(runId);
  }
  return runIds;
}
