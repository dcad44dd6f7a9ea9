import type { EventBatch } from '../../../../lib/tables/orders/eventBatch.ts';
import type { OrderLine, OrderLineBatch } from '../../../../lib/tables/orders/orderLines.ts';
import { readEvents } from '../../../../lib/tables/orders/readEvents.ts';
import {
  type OrderOptions,
  type OrderReading,
  readOrders,
} from '../../../../lib/tables/orders/readOrders.ts';
import { textAt } from '../../../../lib/tables/textColumn.ts';
import type { TableSource } from '../../../../lib/tables/types.ts';
import { upload } from '../uploads.ts';

/** A line of an order as it came to the sink, unknown numbers being null. */
export type CameLine = Omit<OrderLine, 'quantity' | 'discount'> & {
  quantity: number | null;
  discount: number | null;
};

/** What `readOrders` makes of a text or a source, line by line. */
export async function orderLinesOf(
  content: string | Uint8Array | TableSource,
  options: Partial<OrderOptions> = {},
): Promise<OrderReading & { all: CameLine[]; begun: number }> {
  const source =
    typeof content === 'object' && 'open' in content ? content : upload(content, { key: 'orders/may.csv' });
  let all: CameLine[] = [];
  let begun = 0;
  let common = false;
  const reading = await readOrders(
    source,
    { timeZone: 'UTC', currency: 'USD', ...options },
    {
      begin: async () => {
        begun++;
        all = [];
      },
      add: async (batch) => {
        all.push(...linesOf(batch));
        common ||= 'bytes' in batch.customerId;
      },
    },
  );
  // common rows come in batches of their own
  if (common) all.sort((a, b) => a.sourceLine - b.sourceLine);
  return { ...reading, all, begun };
}

const known = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

const linesOf = (batch: OrderLineBatch): CameLine[] =>
  Array.from({ length: batch.length }, (_, index) => ({
    customerId: textAt(batch.customerId, index),
    orderId: textAt(batch.orderId, index),
    orderedAt: batch.orderedAt[index] as number,
    orderedDay: batch.orderedDay[index] as number,
    orderedHour: batch.orderedHour[index] as number,
    product: textAt(batch.product, index),
    category: textAt(batch.category, index),
    quantity: known(batch.quantity[index]),
    amount: batch.amount[index] as number,
    discount: known(batch.discount[index]),
    currency: textAt(batch.currency, index) ?? '',
    country: textAt(batch.country, index),
    channel: textAt(batch.channel, index),
    status: textAt(batch.status, index) as OrderLine['status'],
    sourceLine: batch.sourceLine[index] as number,
  }));

export async function eventsOf(content: string | TableSource, timeZone = 'UTC') {
  const source = typeof content === 'string' ? upload(content, { key: 'events/may.csv' }) : content;
  const batches: EventBatch[] = [];
  const sink = {
    begin: async () => {
      batches.length = 0;
    },
    add: async (batch: EventBatch) => {
      batches.push(batch);
    },
  };
  const reading = await readEvents(source, { timeZone }, sink);
  const all = batches.flatMap((batch) =>
    Array.from({ length: batch.length }, (_, index) => ({
      customerId: textAt(batch.customerId, index),
      sessionId: textAt(batch.sessionId, index),
      occurredAt: batch.occurredAt[index] as number,
      occurredDay: batch.occurredDay[index] as number,
      minutes: known(batch.minutes[index]),
      kind: textAt(batch.kind, index),
      channel: textAt(batch.channel, index),
    })),
  );
  return { ...reading, all };
}

/** The rows of a CSV: cells of an object by the names of a header; a cell that the object lacks is empty. */
export const csvOf = (
  header: readonly string[],
  rows: readonly Record<string, string>[],
  delimiter = ',',
): string => {
  const cell = (text: string) =>
    text.includes(delimiter) || text.includes('"') ? `"${text.replaceAll('"', '""')}"` : text;
  const line = (cells: readonly string[]) => cells.map(cell).join(delimiter);
  return `${[line(header), ...rows.map((row) => line(header.map((name) => row[name] ?? '')))].join('\n')}\n`;
};
