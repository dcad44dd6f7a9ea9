import { listObjects } from '../store/objects.ts';
import { listPointers } from '../store/pointer.ts';
import { lookAgainAtEach } from './lookAgainAtEach.ts';
import { ignoredBecause } from './plan.ts';
import type { Platform } from './platform.ts';
import { ordersScoresDataset } from './purchase/scoreOrders.ts';
import { scoringDataset, scoringPrefix } from './scoreFile.ts';

/** Looks at the order history's customers, at every file below `scoring/`, and at every file that has scores but is gone. */
export async function lookAgainAtScoring(platform: Platform): Promise<void> {
  const [listing, pointers] = await Promise.all([
    listObjects(platform.objects, { bucket: platform.uploadsBucket, prefix: scoringPrefix }),
    listPointers(platform.table, scoringPrefix),
  ]);
  const uploaded = listing.map(({ key }) => key).filter((key) => ignoredBecause(key) === null);
  const names = new Set([...uploaded, ...pointers.map(({ dataset }) => dataset)]);
  await lookAgainAtEach(platform, [ordersScoresDataset, ...[...names].sort().map(scoringDataset)]);
}
