import { lookAgain } from './lookAgain.ts';
import type { Platform } from './platform.ts';
import type { Dataset } from './run.ts';
import type { LookOptions } from './runIfChanged.ts';

/** One dataset that fails does not keep the others from theirs: what went wrong is thrown after all have been looked at. */
export async function lookAgainAtEach(
  platform: Platform,
  datasets: readonly Dataset[],
  options: LookOptions = {},
): Promise<void> {
  const failures: unknown[] = [];
  for (const dataset of datasets) {
    const result = await lookAgain(platform, dataset, options).catch((error: unknown) => {
      failures.push(error);
    });
    // The invocation that goes on looks at the others too.
    if (result === 'handedOver') break;
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${datasets.length} datasets failed`);
}
