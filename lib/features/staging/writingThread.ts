import { Worker } from 'node:worker_threads';
import { writerSource } from './generated/writerSource.ts';
import type { GatheredRows } from './rowSlot.ts';
import type { WriterAnswer, WriterJob } from './writerMain.ts';

/** A thread that writes rows to files, one after the other. It is started from its text, so that a bundle of one file has it too. */
export interface WritingThread {
  /** Takes the rows' buffer. `freed` gives it back, `written` says that the file is there. */
  write(rows: GatheredRows, file: string): { freed: Promise<ArrayBuffer>; written: Promise<void> };
  /** Ends it, and with it the buffers, which else would wait for the collector of garbage. */
  stop(buffers: readonly ArrayBuffer[]): Promise<void>;
}

interface Waiting {
  freed: (buffer: ArrayBuffer) => void;
  written: () => void;
  fail: (error: Error) => void;
}

export function startWritingThread(): WritingThread {
  // loaders of the calling thread, as tsx is one, are of no use to a script without imports
  const thread = new Worker(writerSource, { eval: true, execArgv: [] });
  const waiting: Waiting[] = [];
  let ended: Error | null = null;
  const end = (error: Error): void => {
    ended ??= error;
    for (const one of waiting.splice(0)) one.fail(ended);
  };
  thread.on('message', (answer: WriterAnswer) => {
    if ('freed' in answer) waiting[0]?.freed(answer.freed);
    else if (answer.error === null) waiting.shift()?.written();
    else waiting.shift()?.fail(answer.error);
  });
  thread.on('error', end);
  thread.on('exit', (code) => end(new Error(`the thread that writes staged files ended with ${code}`)));
  return {
    write(rows, file) {
      if (ended !== null) throw ended;
      const one = {} as Waiting;
      const freed = new Promise<ArrayBuffer>((resolve, reject) => {
        one.freed = resolve;
        one.fail = reject;
      });
      const written = new Promise<void>((resolve, reject) => {
        one.written = resolve;
        const fail = one.fail;
        one.fail = (error) => {
          fail(error);
          reject(error);
        };
      });
      // a failure is thrown by what waits for it
      for (const promise of [freed, written]) promise.catch(() => {});
      waiting.push(one);
      thread.postMessage({ rows, file } satisfies WriterJob, [rows.buffer]);
      return { freed, written };
    },
    async stop(buffers) {
      thread.postMessage(null, [...buffers]);
      await thread.terminate();
    },
  };
}
