import type { TextColumn } from '../textColumn.ts';
import { batchLength } from './orderLines.ts';

/** At most 2,048 browsing events by column: `minutes[i]` and `kind[i]` belong together. */
export interface EventBatch {
  length: number;
  /** Null for a visitor who is not known. */
  customerId: TextColumn;
  sessionId: TextColumn;
  /** Epoch seconds. */
  occurredAt: Float64Array;
  /** Days since 1970-01-01 in the shop's time zone. */
  occurredDay: Int32Array;
  /** NaN where it is not known. */
  minutes: Float64Array;
  kind: TextColumn;
  channel: TextColumn;
}

/** A batch whose text is strings. */
export type EventStrings = Omit<EventBatch, TextName> & Record<TextName, (string | null)[]>;
type TextName = 'customerId' | 'sessionId' | 'kind' | 'channel';

export const emptyEvents = (): EventStrings => ({
  length: 0,
  ...{ customerId: [], sessionId: [], kind: [], channel: [] },
  occurredAt: new Float64Array(batchLength),
  occurredDay: new Int32Array(batchLength),
  minutes: new Float64Array(batchLength),
});

/** The batch with its numbers cut to its length. */
export const cutEvents = (batch: EventBatch): EventBatch => ({
  ...batch,
  occurredAt: batch.occurredAt.subarray(0, batch.length),
  occurredDay: batch.occurredDay.subarray(0, batch.length),
  minutes: batch.minutes.subarray(0, batch.length),
});
