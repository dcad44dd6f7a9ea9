import { Worker } from 'node:worker_threads';
import { writerSource } from './generated/writerSource.ts';
import type { GatheredRows } from './rowSlot.ts';
import type { WriterAnswer, WriterJob } from './writerMain.ts';

/** A thread that writes rows to files, one after the other. It is started from its text, so that a bundle of one file has it too. */
export interface WritingThread {
  /** Files that are not written yet. */
  readonly waiting: number;
  /** Takes the rows' buffer. `freed` gives it back, `written` says that the file is there. */
  write(rows: GatheredRows, file: string): { freed: Promise<ArrayBuffer>; written: Promise<void> };
  /** Ends it, and with it the buffers, which else would wait for the collector of garbage. */
  stop(buffers: readonly ArrayBuffer[]): Promise<void>;
}

interface Waiting {
  freed: Deferred<ArrayBuffer>;
  written: Deferred<void>;
}

export function startWritingThread(): WritingThread {
  // loaders of the calling thread, as tsx is one, are of no use to a script without imports
  const thread = new Worker(writerSource, { eval: true, execArgv: [] });
  const waiting: Waiting[] = [];
  let ended: Error | null = null;
  const end = (error: Error): void => {
    ended ??= error;
    for (const one of waiting.splice(0)) fail(one, ended);
  };
  thread.on('message', (answer: WriterAnswer) => {
    const [first] = waiting;
    if (first === undefined) return;
    if ('freed' in answer) {
      first.freed.resolve(answer.freed);
      return;
    }
    waiting.shift();
    if (answer.error === null) first.written.resolve();
    else fail(first, answer.error);
  });
  thread.on('error', end);
  thread.on('exit', (code) => end(new Error(`the thread that writes staged files ended with ${code}`)));
  return {
    get waiting() {
      return waiting.length;
    },
    write(rows, file) {
      if (ended !== null) throw ended;
      const one = { freed: deferred<ArrayBuffer>(), written: deferred<void>() };
      waiting.push(one);
      thread.postMessage({ rows, file } satisfies WriterJob, [rows.buffer]);
      return { freed: one.freed.promise, written: one.written.promise };
    },
    async stop(buffers) {
      thread.postMessage(null, [...buffers]);
      await thread.terminate();
    },
  };
}

function fail({ freed, written }: Waiting, error: Error): void {
  freed.reject(error);
  written.reject(error);
}

interface Deferred<Value> {
  promise: Promise<Value>;
  resolve(value: Value): void;
  reject(error: Error): void;
}

/** A promise that is settled from outside. A failure is thrown by what waits for it, be it later. */
function deferred<Value>(): Deferred<Value> {
  const made = {} as Deferred<Value>;
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  made.promise.catch(() => {});
  return made;
}
