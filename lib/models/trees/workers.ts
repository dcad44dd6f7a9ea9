import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { workerSource } from './generated/workerSource.ts';
import type { WorkerJob } from './workerJobs.ts';
import type { WorkerMessage } from './workerMain.ts';

/** Threads that fit and explain trees. They are started from their text, so that a bundle of one file has them too. */
export interface Workers {
  count: number;
  /** One job for each worker, or fewer; gives the results in their order. One call at a time. */
  run(jobs: readonly WorkerJob[], onTree?: () => void): Promise<unknown[]>;
  stop(): Promise<void>;
}

/** Rows from which more than one thread pays. */
export const rowsForWorkers = 100_000;
const maxWorkers = 8;

/** One for few rows, which keeps the calling thread free; for many, one for each processor. */
export const workersFor = (rows: number): number =>
  rows < rowsForWorkers ? 1 : Math.min(maxWorkers, availableParallelism());

/** What a worker makes is dropped at once, or kept: more room for the new would be filled, and not used. */
const resourceLimits = { maxYoungGenerationSizeMb: 6 };

export function startWorkers(count: number): Workers {
  const threads = Array.from(
    { length: count },
    // loaders of the calling thread, as tsx is one, are of no use to a script without imports
    () => new Worker(workerSource, { eval: true, execArgv: [], resourceLimits }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(threads.map((thread) => thread.terminate()));
  };
  return {
    count,
    run: (jobs, onTree) =>
      Promise.all(jobs.map((job, index) => runJob(threads[index] as Worker, job, onTree))),
    stop,
  };
}

function runJob(thread: Worker, job: WorkerJob, onTree?: () => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      thread.off('message', hear).off('error', fail).off('exit', leave);
    };
    const hear = (message: WorkerMessage): void => {
      if ('tree' in message) onTree?.();
      else {
        end();
        resolve(message.done);
      }
    };
    const fail = (error: unknown): void => {
      end();
      reject(error);
    };
    const leave = (code: number): void =>
      fail(new Error(`a worker ended with ${code} before its job was done`));
    thread.on('message', hear).on('error', fail).on('exit', leave);
    thread.postMessage(job);
  });
}
