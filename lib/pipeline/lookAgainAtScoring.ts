import { listObjects } from '../store/objects.ts';
import { listPointers } from '../store/pointer.ts';
import { lookAgain } from './lookAgain.ts';
import { ignoredBecause } from './plan.ts';
import type { Platform } from './platform.ts';
import { scoringDataset, scoringPrefix } from './scoreFile.ts';

/**
 * Looks at every file below `scoring/`, and at every file that has scores but is gone. One bad file does not keep the others from
 * their scores: what went wrong is thrown after all have been looked at.
 */
export async function lookAgainAtScoring(platform: Platform): Promise<void> {
  const [listing, pointers] = await Promise.all([
    listObjects(platform.objects, { bucket: platform.uploadsBucket, prefix: scoringPrefix }),
    listPointers(platform.table, scoringPrefix),
  ]);
  const uploaded = listing.map(({ key }) => key).filter((key) => ignoredBecause(key) === null);
  const names = new Set([...uploaded, ...pointers.map(({ dataset }) => dataset)]);
  const failures: unknown[] = [];
  for (const name of [...names].sort()) {
    await lookAgain(platform, scoringDataset(name)).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${names.size} scoring files failed`);
}
