import type { CommonCells } from './commonCells.ts';
import type { RowSpan } from './commonColumns.ts';
import type { CellTexts } from './textColumn.ts';

/** Rows by column whose text stands in the bytes that they were read from. */
interface ByteBatch {
  length: number;
  customerId: CellTexts;
}

interface BatchKind<Cut, Batch> {
  /** Rows of a full one. */
  length: number;
  /** One without rows, with room for so many, whose text will stand in the bytes. */
  empty(bytes: Uint8Array, length: number): Batch;
  /** What there is to read of it. */
  cut(batch: Batch): Cut;
  textsOf(batch: Batch): CellTexts[];
}

/**
 * Gathers common rows in batches. A batch's memory is used again when it has been read, as to take new memory for each is a tenth of the
 * time of reading.
 */
export class CommonBatches<Cut, Batch extends ByteBatch> {
  /** The one that rows are read into. */
  batch: Batch;
  readonly #kind: BatchKind<Cut, Batch>;
  readonly #full: Batch[] = [];
  readonly #spare: Batch[] = [];

  constructor(kind: BatchKind<Cut, Batch>) {
    this.#kind = kind;
    this.batch = kind.empty(new Uint8Array(), 0);
  }

  /**
   * Has rows read one batch after the other from `from` on, until one is not common or the bytes end. Answers where it stopped and after
   * how many rows. `read` puts rows into places of the batch at hand, after so many rows of these bytes, and answers how many come before
   * one that is not common.
   */
  take(
    bytes: Uint8Array,
    { cells, from, pointIsDecimal }: { cells: CommonCells; from: number; pointIsDecimal: boolean },
    read: (span: RowSpan, before: number) => number,
  ): { next: number; rows: number } {
    let next = from;
    let rows = 0;
    while (next < bytes.length) {
      const found = cells.find(bytes, { from: next, pointIsDecimal });
      if (found === 0) break;
      if (this.batch.length === this.#kind.length || this.batch.customerId.bytes !== bytes)
        this.#begin(bytes);
      const to = this.batch.length;
      const asked = Math.min(found, this.#kind.length - to);
      const taken = read({ first: cells.first, to, rows: asked }, rows);
      this.batch.length += taken;
      next = cells.positionOf(taken);
      rows += taken;
      if (taken < asked) break;
    }
    return { next, rows };
  }

  /** Ends the batch at hand: the bytes that its text stands in will be written to again. */
  leave(): void {
    this.#end();
    this.batch = this.#kind.empty(new Uint8Array(), 0);
  }

  /** Hands on the batches that have ended; a batch is written to again as soon as the sink is done with it. */
  async handTo(sink: { add(cut: Cut): Promise<void> }): Promise<void> {
    for (const batch of this.#full.splice(0)) {
      await sink.add(this.#kind.cut(batch));
      this.#spare.push(batch);
    }
  }

  #begin(bytes: Uint8Array): void {
    this.#end();
    this.batch = this.#again(bytes) ?? this.#kind.empty(bytes, this.#kind.length);
  }

  #end(): void {
    if (this.batch.length > 0) this.#full.push(this.batch);
  }

  #again(bytes: Uint8Array): Batch | undefined {
    const batch = this.#spare.pop();
    if (batch === undefined) return undefined;
    batch.length = 0;
    for (const texts of this.#kind.textsOf(batch)) texts.bytes = bytes;
    return batch;
  }
}
