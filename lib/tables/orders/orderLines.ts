import type { TextColumn } from '../textColumn.ts';
import type { LineStatus } from './statuses.ts';

/** One line of an order as every shop's export is brought to it. */
export interface OrderLine {
  /** Null where the line has no customer. */
  customerId: string | null;
  orderId: string | null;
  /** Epoch seconds. */
  orderedAt: number;
  /** Days since 1970-01-01 in the shop's time zone. */
  orderedDay: number;
  /** 0 to 23 in the shop's time zone; -1 where the time of day is not known. */
  orderedHour: number;
  product: string | null;
  category: string | null;
  /** Below 0 for a return; NaN where it is not known. */
  quantity: number;
  /** Value of the line after discounts, in minor units of the shop's currency; below 0 for a return. */
  amount: number;
  /** In minor units, 0 or more; NaN where it is not known. */
  discount: number;
  /** In which the line was written. */
  currency: string;
  country: string | null;
  channel: string | null;
  status: LineStatus;
  /** Physical line of the file. */
  sourceLine: number;
}

export const emptyLine = (): OrderLine => ({
  ...{ customerId: null, orderId: null, orderedAt: 0, orderedDay: 0, orderedHour: -1, product: null },
  ...{ category: null, quantity: 0, amount: 0, discount: 0, currency: '', country: null, channel: null },
  ...{ status: 'sale', sourceLine: 0 },
});

/** At most 2,048 lines, as many as a vector of DuckDB holds, by column: `amount[i]` and `product[i]` belong together. */
export interface OrderLineBatch {
  length: number;
  sourceFile: number;
  customerId: TextColumn;
  orderId: TextColumn;
  orderedAt: Float64Array;
  orderedDay: Int32Array;
  orderedHour: Int8Array;
  product: TextColumn;
  category: TextColumn;
  quantity: Float64Array;
  amount: Float64Array;
  discount: Float64Array;
  currency: TextColumn;
  country: TextColumn;
  channel: TextColumn;
  /** Each a `LineStatus`. */
  status: TextColumn;
  sourceLine: Float64Array;
}

/** A batch whose text is strings. */
type StringBatch = Omit<OrderLineBatch, TextName> & Record<TextName, (string | null)[]>;
type TextName =
  | 'customerId'
  | 'orderId'
  | 'product'
  | 'category'
  | 'currency'
  | 'country'
  | 'channel'
  | 'status';

export const batchLength = 2048;

export type StatusCounts = Record<LineStatus, { lines: number; amount: number }>;

/** Gathers lines into batches; those that are full wait in `full`. */
export class OrderLineBatches {
  full: OrderLineBatch[] = [];
  readonly counts: StatusCounts = {
    sale: { lines: 0, amount: 0 },
    return: { lines: 0, amount: 0 },
    cancelled: { lines: 0, amount: 0 },
    unpaid: { lines: 0, amount: 0 },
    test: { lines: 0, amount: 0 },
  };
  readonly #sourceFile: number;
  #batch: StringBatch;

  constructor(sourceFile: number) {
    this.#sourceFile = sourceFile;
    this.#batch = emptyBatch(sourceFile);
  }

  add(line: Readonly<OrderLine>): void {
    const batch = this.#batch;
    const at = batch.length++;
    batch.customerId.push(line.customerId);
    batch.orderId.push(line.orderId);
    batch.orderedAt[at] = line.orderedAt;
    batch.orderedDay[at] = line.orderedDay;
    batch.orderedHour[at] = line.orderedHour;
    batch.product.push(line.product);
    batch.category.push(line.category);
    batch.quantity[at] = line.quantity;
    batch.amount[at] = line.amount;
    batch.discount[at] = line.discount;
    batch.currency.push(line.currency);
    batch.country.push(line.country);
    batch.channel.push(line.channel);
    batch.status.push(line.status);
    batch.sourceLine[at] = line.sourceLine;
    const count = this.counts[line.status];
    count.lines++;
    count.amount += line.amount;
    if (batch.length === batchLength) this.#close();
  }

  /** Nothing is added after it. */
  end(): void {
    if (this.#batch.length > 0) this.#close();
  }

  #close(): void {
    this.full.push(cutToLength(this.#batch));
    this.#batch = emptyBatch(this.#sourceFile);
  }
}

function emptyBatch(sourceFile: number): StringBatch {
  return {
    length: 0,
    sourceFile,
    ...{
      customerId: [],
      orderId: [],
      product: [],
      category: [],
      currency: [],
      country: [],
      channel: [],
      status: [],
    },
    orderedAt: new Float64Array(batchLength),
    orderedDay: new Int32Array(batchLength),
    orderedHour: new Int8Array(batchLength),
    quantity: new Float64Array(batchLength),
    amount: new Float64Array(batchLength),
    discount: new Float64Array(batchLength),
    sourceLine: new Float64Array(batchLength),
  };
}

/** The batch with its columns cut to its length. */
export function cutToLength(batch: OrderLineBatch): OrderLineBatch {
  const { length } = batch;
  if (length === batchLength) return batch;
  return {
    ...batch,
    orderedAt: batch.orderedAt.subarray(0, length),
    orderedDay: batch.orderedDay.subarray(0, length),
    orderedHour: batch.orderedHour.subarray(0, length),
    quantity: batch.quantity.subarray(0, length),
    amount: batch.amount.subarray(0, length),
    discount: batch.discount.subarray(0, length),
    sourceLine: batch.sourceLine.subarray(0, length),
  };
}
