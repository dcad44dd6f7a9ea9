import type { EventBatch } from '../../tables/orders/eventBatch.ts';
import type { OrderLineBatch } from '../../tables/orders/orderLines.ts';
import { type CanonicalColumns, stagedEventColumns, stagedOrderColumns } from '../canonicalColumns.ts';
import type { RowSlot, StagedValues } from './rowSlot.ts';
import type { Staging } from './staging.ts';

/** Rows on their way into Parquet files: `begin` and `add` take them as a reader gives them, `end` tells the files. */
export interface Stage<Batch> {
  begin(): Promise<void>;
  add(batch: Batch): Promise<void>;
  /** In each file the rows of a bucket of customers stand together, so that a bucket is read without the others. */
  end(): Promise<string[]>;
}

/** Whether a customer's rows, so many of them, are to be left out. */
export type LeavesOut = (customerId: string, rows: number) => boolean;

/** Where a stage writes, and who is left out; nobody where it does not say. */
interface StagePlace {
  path: string;
  leavesOut?: LeavesOut | undefined;
}

export const stageOrderLines = (staging: Staging, place: StagePlace): Stage<OrderLineBatch> =>
  stage(staging, { ...place, columns: stagedOrderColumns }, (batch) => [
    batch.customerId,
    batch.orderId,
    batch.orderedAt,
    batch.orderedDay,
    batch.orderedHour,
    batch.product,
    batch.category,
    batch.quantity,
    batch.amount,
    batch.discount,
    batch.country,
    batch.channel,
    batch.status,
    batch.sourceLine,
    batch.currency,
  ]);

export const stageEvents = (staging: Staging, place: StagePlace): Stage<EventBatch> =>
  stage(staging, { ...place, columns: stagedEventColumns }, (batch) => [
    batch.customerId,
    batch.sessionId,
    batch.occurredDay,
    batch.minutes,
    batch.kind,
    batch.occurredAt,
    batch.channel,
  ]);

/** Files are `path`-0.parquet and on, each of as many rows as a slot has room for. */
function stage<Batch extends { length: number }>(
  staging: Staging,
  { path, columns, leavesOut }: StagePlace & { columns: CanonicalColumns },
  valuesOf: (batch: Batch) => StagedValues[],
): Stage<Batch> {
  let files: string[] = [];
  let slot: RowSlot | null = null;

  /** The file that the rows are written to, but for those who are left out. */
  function nextFile(gathered: RowSlot): string {
    if (leavesOut !== undefined) leaveOut(gathered, leavesOut);
    const file = `${path}-${files.length}.parquet`;
    files.push(file);
    return file;
  }

  /** Halves the rows until they find room: a slot has it for a single one. */
  async function add(values: StagedValues[], range: { from: number; to: number }): Promise<void> {
    slot ??= await staging.slot(columns);
    if (slot.add(values, range)) return;
    const { from, to } = range;
    if (slot.rows > 0) {
      staging.write(slot, nextFile(slot));
      slot = null;
      await add(values, range);
    } else if (to - from > 1) {
      const middle = (from + to) >> 1;
      await add(values, { from, to: middle });
      await add(values, { from: middle, to });
    } else throw new Error('a stage has no room for one row');
  }

  return {
    async begin() {
      await staging.forget(files);
      slot = null;
      files = [];
    },
    async add(batch) {
      if (batch.length > 0) await add(valuesOf(batch), { from: 0, to: batch.length });
    },
    async end() {
      const last = slot ?? (await staging.slot(columns));
      slot = null;
      await staging.writeLast(last, nextFile(last));
      return files;
    },
  };
}

function leaveOut(slot: RowSlot, leavesOut: LeavesOut): void {
  const rows = new Map<string, number[]>();
  slot.eachText(0, (customerId, row) => {
    const own = rows.get(customerId);
    if (own === undefined) rows.set(customerId, [row]);
    else own.push(row);
  });
  for (const [customerId, own] of rows)
    if (leavesOut(customerId, own.length)) for (const row of own) slot.leaveOut(row);
}
