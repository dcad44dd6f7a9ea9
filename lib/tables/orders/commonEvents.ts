import type { DecimalReader } from '../cells/decimals.ts';
import type { TimeZone } from '../cells/timeZone.ts';
import { CommonBatches } from '../commonBatches.ts';
import { CommonCells } from '../commonCells.ts';
import {
  copyTexts,
  DecimalCells,
  empty,
  type RowSpan,
  TextCells,
  TimeCells,
  textsFor,
  uncommon,
} from '../commonColumns.ts';
import type { CommonTaker } from '../commonRows.ts';
import { WordCells } from '../commonWords.ts';
import type { CellTexts, CodedWords } from '../textColumn.ts';
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
  readonly batches: CommonBatches<EventBatch, CommonBatch>;
  events = 0;
  withoutCustomer = 0;
  readonly #options: CommonEventOptions;
  readonly #cells: CommonCells;
  readonly #customerId: TextCells;
  readonly #sessionId: TextCells;
  readonly #channel: TextCells;
  readonly #kind: WordCells;
  readonly #duration: DecimalCells;
  readonly #times: CommonTimes;
  readonly #kinds: string[] = ['view'];
  /** Which nobody asks for. */
  readonly #hours = new Int8Array(batchLength);

  constructor(options: CommonEventOptions) {
    const { delimiter, width, at, duration, shop, kindOf } = options;
    const occurredAt = new TimeCells(at.occurredAt);
    this.#options = options;
    this.#customerId = new TextCells(at.customerId, 'id');
    this.#sessionId = new TextCells(at.sessionId);
    this.#channel = new TextCells(at.channel);
    this.#kind = new WordCells(at.kind, (word) => this.#codeOf(kindOf(word)));
    this.#duration = new DecimalCells(duration?.index ?? -1);
    const columns = [occurredAt, this.#customerId, this.#sessionId, this.#channel, this.#kind];
    this.#cells = new CommonCells({ delimiter, width }, [...columns, this.#duration]);
    this.#times = new CommonTimes(occurredAt, { shop, writtenInUtc: false });
    this.batches = new CommonBatches<EventBatch, CommonBatch>({
      length: batchLength,
      empty: (bytes, length) => this.#emptyBatch(bytes, length),
      cut: cutEvents,
      textsOf: ({ customerId: id, sessionId, channel }) => [id, sessionId, channel],
    });
  }

  take(bytes: Uint8Array, { from }: { from: number }): { next: number; rows: number } {
    const { pointIsDecimal } = this.#options.numbers;
    return this.batches.take(bytes, { cells: this.#cells, from, pointIsDecimal }, (span) => {
      const rows = this.#read(span);
      this.#add(rows);
      return rows;
    });
  }

  close(): void {
    this.#cells.close();
  }

  leave(): void {
    this.batches.leave();
  }

  get #batch(): CommonBatch {
    return this.batches.batch;
  }

  /** Reads rows into the places behind the batch's end; each step answers how many come before one that is not common. */
  #read(span: RowSpan): number {
    const { occurredAt: epochSeconds, occurredDay: days, customerId, sessionId, channel, kind } = this.#batch;
    span.rows = this.#times.read(span, { epochSeconds, days, hours: this.#hours });
    span.rows = copyTexts(customerId, span, { cells: this.#customerId });
    span.rows = copyTexts(sessionId, span, { cells: this.#sessionId });
    span.rows = copyTexts(channel, span, { cells: this.#channel });
    if (this.#kind.index >= 0) span.rows = this.#kind.read(span, kind.codes);
    return this.#readMinutes(span);
  }

  #readMinutes({ first, to, rows }: RowSpan): number {
    const { digits, scales } = this.#duration;
    const { minutes } = this.#batch;
    const factor = this.#options.duration?.factor ?? Number.NaN;
    for (let row = 0; row < rows; row++) {
      const scale = scales[first + row] as number;
      if (scale === uncommon || (scale !== empty && (digits[first + row] as number) < 0)) return row;
      minutes[to + row] = scale === empty ? Number.NaN : this.#duration.valueAt(first + row) * factor;
    }
    return rows;
  }

  #add(rows: number): void {
    const { length, customerId } = this.#batch;
    for (let row = 0; row < rows; row++)
      if ((customerId.lengths[length + row] as number) < 0) this.withoutCustomer++;
    this.events += rows;
  }

  #codeOf(kind: string): number {
    const known = this.#kinds.indexOf(kind);
    return known >= 0 ? known : this.#kinds.push(kind) - 1;
  }

  #emptyBatch(bytes: Uint8Array, length: number): CommonBatch {
    return {
      length: 0,
      customerId: textsFor(bytes, length, this.#customerId),
      sessionId: textsFor(bytes, length, this.#sessionId),
      occurredAt: new Float64Array(length),
      occurredDay: new Int32Array(length),
      minutes: new Float64Array(length),
      kind: { words: this.#kinds, codes: new Uint8Array(length) },
      channel: textsFor(bytes, length, this.#channel),
    };
  }
}
