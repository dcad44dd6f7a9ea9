import { parentPort, type TransferListItem } from 'node:worker_threads';
import { boostingJob, forestJob, shapJob, type WorkerJob } from './workerJobs.ts';

/** What a worker runs: `npm run kernels` embeds it, with all that it imports, in generated/workerSource.ts. */

export type WorkerMessage = { done: unknown } | { tree: true };

parentPort?.on('message', (job: WorkerJob) => {
  const done = run(job);
  parentPort?.postMessage({ done } satisfies WorkerMessage, buffersOf(done));
});

function run(job: WorkerJob): unknown {
  const onTree = (): void => parentPort?.postMessage({ tree: true } satisfies WorkerMessage);
  switch (job.kind) {
    case 'forest':
      return forestJob(job, onTree);
    case 'boosting':
      return boostingJob(job, onTree);
    case 'shap':
      return shapJob(job);
  }
}

/** All arrays of a result, so that they move and are not copied. */
function buffersOf(value: unknown): TransferListItem[] {
  if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(buffersOf);
}
