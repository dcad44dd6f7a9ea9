import { parentPort } from 'node:worker_threads';
import type { GatheredRows } from './rowSlot.ts';
import { newSlotWriter } from './slotWriter.ts';

/** What the writing thread runs: `npm run kernels` embeds it, with all that it imports, in generated/writerSource.ts. */

export interface WriterJob {
  rows: GatheredRows;
  file: string;
}

/** The buffer as soon as it is free; then that the file is written, or why not. */
export type WriterAnswer = { freed: ArrayBuffer } | { error: Error | null };

const writer = newSlotWriter();

parentPort?.on('message', ({ rows, file }: WriterJob) => {
  try {
    const write = writer.take(rows);
    parentPort?.postMessage({ freed: rows.buffer } satisfies WriterAnswer, [rows.buffer]);
    write(file);
    parentPort?.postMessage({ error: null } satisfies WriterAnswer);
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    parentPort?.postMessage({ error } satisfies WriterAnswer);
  }
});
