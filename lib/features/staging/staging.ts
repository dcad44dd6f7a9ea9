import { rm } from 'node:fs/promises';
import type { CanonicalColumns } from '../canonicalColumns.ts';
import { RowSlot } from './rowSlot.ts';
import { newSlotWriter, type SlotWriter, slotBytes } from './slotWriter.ts';
import { startWritingThread, type WritingThread } from './writingThread.ts';

/** What gathers rows for one stage at a time, and writes them. */
export interface Staging {
  /** Waits until nothing is being written, and lets go of rows that were gathered and of the files. */
  forget(files: readonly string[]): Promise<void>;
  /** An empty slot for rows of these columns; waits until there is one. */
  slot(columns: CanonicalColumns): Promise<RowSlot>;
  /** Begins to write the slot's rows to the file. Nothing is added to the slot any more. */
  write(slot: RowSlot, file: string): void;
  /** Writes the rows of a slot after which none come for now, and waits until all is written. */
  writeLast(slot: RowSlot, file: string): Promise<void>;
}

/** Lets rows be gathered while others are written, by threads that are started where they are many. */
export async function withStaging<Result>(work: (staging: Staging) => Promise<Result>): Promise<Result> {
  const staging = new ThreadedStaging();
  try {
    return await work(staging);
  } finally {
    await staging.stop();
  }
}

/** Buffers to gather in: one while the rows of the other are being written. */
const mostBuffers = 2;

/** So many rows and more are worth a thread, beside which their memory goes when it ends. */
const rowsForThread = 1 << 15;

/** Writing takes longer than reading: with a second thread two cores are never without work. */
const mostThreads = 2;

class ThreadedStaging implements Staging {
  #made = 0;
  /** Those that are free, or will be. */
  #buffers: Promise<ArrayBuffer>[] = [];
  /** That of the slot that rows are gathered in. */
  #lent: ArrayBuffer | null = null;
  #writing: Promise<void>[] = [];
  readonly #threads: WritingThread[] = [];
  #writer: SlotWriter | null = null;

  async forget(files: readonly string[]): Promise<void> {
    await Promise.allSettled(this.#writing.splice(0));
    this.#takeBack();
    for (const file of files) await rm(file, { force: true });
  }

  async slot(columns: CanonicalColumns): Promise<RowSlot> {
    if (this.#lent !== null) throw new Error('a staging serves one stage at a time');
    const isNew = this.#buffers.length === 0 && this.#made < mostBuffers;
    if (isNew) this.#made++;
    const buffer = isNew ? new ArrayBuffer(slotBytes) : await this.#buffers.shift();
    if (buffer === undefined) throw new Error('a staging has lost its buffers');
    this.#lent = buffer;
    return new RowSlot(columns, buffer);
  }

  write(slot: RowSlot, file: string): void {
    const { freed, written } = this.#leastBusy().write(slot.gathered(), file);
    this.#lent = null;
    this.#buffers.push(freed);
    this.#writing.push(written);
  }

  async writeLast(slot: RowSlot, file: string): Promise<void> {
    if (this.#threads.length > 0 || slot.rows >= rowsForThread) this.write(slot, file);
    else {
      this.#writer ??= newSlotWriter();
      this.#writer.take(slot.gathered())(file);
      this.#takeBack();
    }
    await Promise.all(this.#writing.splice(0));
  }

  async stop(): Promise<void> {
    this.#takeBack();
    const settled = await Promise.allSettled(this.#buffers);
    const buffers = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    for (const [index, thread] of this.#threads.entries()) await thread.stop(index === 0 ? buffers : []);
  }

  /** One that has nothing to do, be it new, or has the least. */
  #leastBusy(): WritingThread {
    const [found] = [...this.#threads].sort((one, other) => one.waiting - other.waiting);
    if (found !== undefined && (found.waiting === 0 || this.#threads.length === mostThreads)) return found;
    const started = startWritingThread();
    this.#threads.push(started);
    return started;
  }

  #takeBack(): void {
    if (this.#lent !== null) this.#buffers.push(Promise.resolve(this.#lent));
    this.#lent = null;
  }
}
