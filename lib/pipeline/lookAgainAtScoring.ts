import { listDatasets } from '../store/datasets.ts';
import { listObjects } from '../store/objects.ts';
import { lookAgainAtEach } from './lookAgainAtEach.ts';
import { ignoredBecause } from './plan.ts';
import type { Platform } from './platform.ts';
import { ordersScoresDataset } from './purchase/scoreOrders.ts';
import type { LookOptions } from './runIfChanged.ts';
import { scoringDataset, scoringPrefix } from './scoreFile.ts';

/** Looks at the order history's customers, at every file below `scoring/`, and at every file that is gone but has scores, or pages. */
export async function lookAgainAtScoring(platform: Platform, options: LookOptions = {}): Promise<void> {
  const [listing, known] = await Promise.all([
    listObjects(platform.objects, { bucket: platform.uploadsBucket, prefix: scoringPrefix }),
    listDatasets(platform.table, scoringPrefix),
  ]);
  const uploaded = listing.map(({ key }) => key).filter((key) => ignoredBecause(key) === null);
  const names = new Set([...uploaded, ...known]);
  await lookAgainAtEach(platform, [ordersScoresDataset, ...[...names].sort().map(scoringDataset)], options);
}
