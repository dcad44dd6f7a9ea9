import type { DecimalReader } from '../cells/decimals.ts';
import type { TimeZone } from '../cells/timeZone.ts';
import { CommonDecimal, CommonTexts, CommonWords } from '../commonCells.ts';
import { CommonRow } from '../commonRow.ts';
import type { CommonTaker } from '../commonRows.ts';
import { type CellTexts, type CodedWords, cellTexts } from '../textColumn.ts';
import { CommonTimes } from './commonTimes.ts';
import { cutEvents, type EventBatch } from './eventBatch.ts';
import { batchLength } from './orderLines.ts';

/** Where the columns of a browsing export are; -1 where there is none. */
export interface EventColumns {
  customerId: number;
  sessionId: number;
  occurredAt: number;
  kind: number;
  channel: number;
}

interface CommonEventOptions {
  delimiter: string;
  width: number;
  at: EventColumns;
  /** The column of the duration, and the minutes that 1 in it stands for. */
  duration: { index: number; factor: number } | null;
  shop: TimeZone;
  /** What reads the numbers of other rows, and learns from them how the file writes decimals. */
  numbers: DecimalReader;
  kindOf: (word: string) => string;
}

type CommonBatch = EventBatch &
  Record<'customerId' | 'sessionId' | 'channel', CellTexts> & { kind: CodedWords };

/** Takes common rows into batches: those whose every cell that is read needs no reading as text. */
export class CommonEvents implements CommonTaker {
  full: EventBatch[] = [];
  events = 0;
  withoutCustomer = 0;
  readonly #options: CommonEventOptions;
  readonly #row: CommonRow;
  readonly #times: CommonTimes;
  readonly #texts: CommonTexts;
  readonly #decimal = new CommonDecimal();
  readonly #kinds: string[] = ['view'];
  readonly #words: CommonWords;
  #batch: CommonBatch;

  constructor(options: CommonEventOptions) {
    const { delimiter, width, shop, kindOf } = options;
    this.#options = options;
    this.#row = new CommonRow({ delimiter, width });
    this.#times = new CommonTimes(shop, { writtenInUtc: false });
    this.#texts = new CommonTexts(this.#row);
    this.#words = new CommonWords((word) => this.#codeOf(kindOf(word)));
    this.#batch = this.#emptyBatch(new Uint8Array(), 0);
  }

  take(bytes: Uint8Array, { from }: { from: number }): { next: number; rows: number } {
    const row = this.#row;
    row.bytes = bytes;
    this.#decimal.pointIsDecimal = this.#options.numbers.pointIsDecimal;
    let next = from;
    let rows = 0;
    while (next < bytes.length && row.find(next)) {
      if (this.#batch.length === batchLength || this.#batch.customerId.bytes !== bytes) this.#begin(bytes);
      if (!this.#read()) break;
      this.#add();
      next = row.next;
      rows++;
    }
    return { next, rows };
  }

  /** Nothing is taken after it. */
  end(): void {
    this.#begin(new Uint8Array());
  }

  #begin(bytes: Uint8Array): void {
    if (this.#batch.length > 0) this.full.push(cutEvents(this.#batch));
    this.#batch = this.#emptyBatch(bytes, bytes.length === 0 ? 0 : batchLength);
  }

  /** Reads the row into the place behind the batch's end, and answers whether every cell that is read is common. */
  #read(): boolean {
    const { at } = this.#options;
    const batch = this.#batch;
    const row = this.#row;
    const texts = this.#texts;
    texts.index = batch.length;
    if (!this.#times.read(row, at.occurredAt) || !texts.readId(batch.customerId, at.customerId)) return false;
    if (!texts.readText(batch.sessionId, at.sessionId) || !texts.readText(batch.channel, at.channel))
      return false;
    const kind = at.kind < 0 ? 0 : this.#words.read(row, at.kind);
    batch.kind.codes[batch.length] = kind;
    return kind >= 0 && this.#readMinutes();
  }

  #readMinutes(): boolean {
    const { duration } = this.#options;
    const { minutes, length } = this.#batch;
    if (duration === null || this.#row.isEmpty(duration.index)) {
      minutes[length] = Number.NaN;
      return true;
    }
    const decimal = this.#decimal;
    if (!decimal.read(this.#row, duration.index) || decimal.digits < 0) return false;
    minutes[length] = (decimal.digits / 10 ** decimal.scale) * duration.factor;
    return true;
  }

  #add(): void {
    const batch = this.#batch;
    const index = batch.length++;
    batch.occurredAt[index] = this.#times.epochSeconds;
    batch.occurredDay[index] = this.#times.day;
    this.events++;
    if ((batch.customerId.lengths[index] as number) < 0) this.withoutCustomer++;
  }

  #codeOf(kind: string): number {
    const known = this.#kinds.indexOf(kind);
    return known >= 0 ? known : this.#kinds.push(kind) - 1;
  }

  #emptyBatch(bytes: Uint8Array, length: number): CommonBatch {
    return {
      length: 0,
      customerId: cellTexts(bytes, length),
      sessionId: cellTexts(bytes, length),
      occurredAt: new Float64Array(length),
      occurredDay: new Int32Array(length),
      minutes: new Float64Array(length),
      kind: { words: this.#kinds, codes: new Uint8Array(length) },
      channel: cellTexts(bytes, length),
    };
  }
}
