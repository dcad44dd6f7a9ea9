import type { CellTexts } from './textColumn.ts';

/** Batches whose memory is used again when they have been read, as to take new memory for each is a tenth of the time of reading. */
export class SpareBatches<Batch extends { length: number }> {
  readonly #spare: Batch[] = [];
  /** By what was cut of them to be read. */
  readonly #lent = new Map<unknown, Batch>();
  readonly #textsOf: (batch: Batch) => CellTexts[];

  constructor(textsOf: (batch: Batch) => CellTexts[]) {
    this.#textsOf = textsOf;
  }

  /** One without rows, whose text will stand in the bytes; undefined where there is none to spare. */
  take(bytes: Uint8Array): Batch | undefined {
    const batch = this.#spare.pop();
    if (batch === undefined) return undefined;
    batch.length = 0;
    for (const texts of this.#textsOf(batch)) texts.bytes = bytes;
    return batch;
  }

  lend(cut: unknown, batch: Batch): void {
    this.#lent.set(cut, batch);
  }

  /** Nobody reads it any more. */
  giveBack(cut: unknown): void {
    const batch = this.#lent.get(cut);
    if (batch === undefined) return;
    this.#lent.delete(cut);
    this.#spare.push(batch);
  }
}
