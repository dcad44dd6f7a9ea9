import { minorDigits } from '../cells/currencies.ts';
import { productToScale, toScale } from '../cells/money.ts';
import { CommonBatches } from '../commonBatches.ts';
import { CommonCells } from '../commonCells.ts';
import { copyTexts, empty, flags, type RowSpan, textsFor, uncommon } from '../commonColumns.ts';
import type { CommonTaker } from '../commonRows.ts';
import type { CellTexts, CodedWords } from '../textColumn.ts';
import { type OrderColumns, orderColumns, statuses } from './commonOrderColumns.ts';
import { CommonTimes } from './commonTimes.ts';
import type { OrderLayout } from './layout.ts';
import type { LineOptions, LineReader } from './lineReader.ts';
import { batchLength, cutToLength, type OrderLineBatch, type StatusCounts } from './orderLines.ts';

const [saleCode, returnCode, unpaidCode, testCode] = [0, 1, 3, 4] as const;

/** A batch whose text stands in the bytes that it was read from. */
type CommonBatch = Omit<OrderLineBatch, 'currency' | 'status' | CellName> &
  Record<CellName, CellTexts> &
  Record<'currency' | 'status', CodedWords>;
type CellName = 'customerId' | 'orderId' | 'product' | 'category' | 'country' | 'channel';

/** Whether rows of the layout make one line each, whatever stood above them. */
export function hasCommonRows(
  { profile, at, currency, moneyShift }: OrderLayout,
  shopCurrency: string,
): boolean {
  const ownLines =
    profile?.continuationRows !== true &&
    profile?.itemReport !== true &&
    at.orderDiscount < 0 &&
    at.orderRefund < 0;
  const shopMoney = moneyShift === 0 && (at.currency >= 0 || currency === null || currency === shopCurrency);
  return ownLines && shopMoney && at.orderedTime < 0 && at.timeZone < 0;
}

/**
 * Takes common rows into batches: those that `LineReader` would make one line of, in the shop's currency and without rounding. A row
 * with anything else in a column that is read is left to it. Column by column: each step answers how many rows come before one that is
 * not common, and the next one looks no further.
 */
export class CommonOrders implements CommonTaker {
  readonly batches: CommonBatches<OrderLineBatch, CommonBatch>;
  withoutCustomer = 0;
  readonly #cells: CommonCells;
  readonly #columns: OrderColumns;
  readonly #at: OrderLayout['at'];
  readonly #creditPrefix: boolean;
  readonly #reader: LineReader;
  readonly #countsByCode: readonly { lines: number; amount: number }[];
  readonly #hasMarks: boolean;
  readonly #sourceFile: number;
  readonly #currency: string;
  readonly #minorDigits: number;
  readonly #times: CommonTimes;

  constructor(
    { layout, reader, options }: { layout: OrderLayout; reader: LineReader; options: LineOptions },
    { delimiter, sourceFile, counts }: { delimiter: string; sourceFile: number; counts: StatusCounts },
  ) {
    const { profile, at, header } = layout;
    const { shop, currency } = options;
    this.#columns = orderColumns(layout, currency);
    this.#cells = new CommonCells({ delimiter, width: header.length }, Object.values(this.#columns));
    this.#at = at;
    this.#creditPrefix = profile?.creditPrefix === true;
    this.#reader = reader;
    this.#countsByCode = statuses.map((status) => counts[status]);
    this.#sourceFile = sourceFile;
    this.#currency = currency;
    this.#minorDigits = minorDigits(currency);
    const { captured, paidAt, cancelledAt, test } = this.#columns;
    this.#hasMarks = [captured, paidAt, cancelledAt, test].some(({ index }) => index >= 0);
    this.#times = new CommonTimes(this.#columns.orderedAt, { shop, writtenInUtc: profile?.utc === true });
    this.batches = new CommonBatches<OrderLineBatch, CommonBatch>({
      length: batchLength,
      empty: (bytes, length) => this.#emptyBatch(bytes, length),
      cut: cutToLength,
      textsOf: ({ customerId, orderId, product, category, country, channel }) => [
        ...[customerId, orderId, product, category, country, channel],
      ],
    });
  }

  take(bytes: Uint8Array, { from, line }: { from: number; line: number }): { next: number; rows: number } {
    const { pointIsDecimal } = this.#reader.money.numbers;
    const place = { cells: this.#cells, from, pointIsDecimal };
    const taken = this.batches.take(bytes, place, (span, before) => {
      const rows = this.#read(span);
      this.#add(rows, line + before);
      return rows;
    });
    if (taken.rows > 0) this.#reader.forgetRowBefore();
    return taken;
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

  /** Reads rows into the places behind the batch's end. */
  #read(span: RowSpan): number {
    const { orderedAt: epochSeconds, orderedDay: days, orderedHour: hours } = this.#batch;
    span.rows = this.#times.read(span, { epochSeconds, days, hours });
    span.rows = this.#readIds(span);
    span.rows = this.#readTexts(span);
    span.rows = this.#readStatus(span);
    span.rows = this.#readDiscount(span);
    span.rows = this.#at.amount >= 0 ? this.#readAmount(span) : this.#readProduct(span);
    return this.#hasNoRefund(span);
  }

  #readIds(span: RowSpan): number {
    const { customerId, email, orderId } = this.#columns;
    const cells = this.#at.customerId < 0 ? email : customerId;
    span.rows = this.#hasNoGuest(span);
    span.rows = copyTexts(this.#batch.customerId, span, { cells, orElse: email });
    span.rows = copyTexts(this.#batch.orderId, span, { cells: orderId });
    return this.#creditPrefix ? this.#hasNoCredit(span) : span.rows;
  }

  /** A customer 0 is a guest where there is an e-mail address. */
  #hasNoGuest({ first, rows }: RowSpan): number {
    if (this.#at.customerId < 0 || this.#at.email < 0) return rows;
    const { starts, lengths } = this.#columns.customerId;
    const { bytes } = this.#batch.customerId;
    for (let row = 0; row < rows; row++)
      if (lengths[first + row] === 1 && bytes[starts[first + row] as number] === zero) return row;
    return rows;
  }

  /** Where credit notes are told by the numbers of orders, customers may be written as decimals. */
  #hasNoCredit({ to, rows }: RowSpan): number {
    const { customerId, orderId } = this.#batch;
    for (let row = 0; row < rows; row++) {
      const first = bytesAt(orderId, to + row)[0];
      if (first === capitalC || first === smallC || bytesAt(customerId, to + row).includes(point)) return row;
    }
    return rows;
  }

  #readTexts(span: RowSpan): number {
    const { product, productName, category, country, channel } = this.#columns;
    const batch = this.#batch;
    const cells = this.#at.product < 0 ? productName : product;
    span.rows = copyTexts(batch.product, span, { cells, orElse: productName });
    span.rows = copyTexts(batch.category, span, { cells: category });
    span.rows = copyTexts(batch.country, span, { cells: country });
    return copyTexts(batch.channel, span, { cells: channel });
  }

  #readStatus(span: RowSpan): number {
    const { status, currency } = this.#columns;
    const { codes } = this.#batch.status;
    if (currency.index >= 0) span.rows = currency.read(span, this.#batch.currency.codes);
    if (status.index >= 0) span.rows = status.read(span, codes);
    else codes.fill(saleCode, span.to, span.to + span.rows);
    return this.#hasMarks ? this.#readMarks(span) : span.rows;
  }

  #readMarks({ first, to, rows }: RowSpan): number {
    const { codes } = this.#batch.status;
    for (let row = 0; row < rows; row++) {
      const code = this.#markedAt(first + row, codes[to + row] as number);
      if (code < 0) return row;
      codes[to + row] = code;
    }
    return rows;
  }

  /** What columns beside the state make of it; -1 where the row is not common. */
  #markedAt(row: number, state: number): number {
    const { captured, paidAt, cancelledAt, test } = this.#columns;
    let code = state;
    if (cancelledAt.index >= 0 && cancelledAt.flags[row] !== 0) return -1;
    if (paidAt.index >= 0) {
      const paid = paidAt.flags[row] as number;
      if (paid === 0) code = unpaidCode;
      // blanks, for one, count as nothing
      else if ((paid & flags.digit) === 0) return -1;
    }
    if (captured.index >= 0) {
      const refused = captured.meaningAt(row);
      if (refused < 0) return -1;
      if (refused === 1 && code === saleCode) code = unpaidCode;
    }
    if (test.index >= 0) {
      const marked = test.meaningAt(row);
      if (marked < 0) return -1;
      if (marked === 1) code = testCode;
    }
    return code;
  }

  #readDiscount({ first, to, rows }: RowSpan): number {
    const { digits, scales, index } = this.#columns.discount;
    const { discount } = this.#batch;
    const most = this.#minorDigits;
    if (index < 0) discount.fill(Number.NaN, to, to + rows);
    else
      for (let row = 0; row < rows; row++) {
        const scale = scales[first + row] as number;
        if (scale === uncommon || scale > most) return row;
        const amount = scale === empty ? 0 : toScale({ digits: digits[first + row] as number, scale }, most);
        if (Number.isNaN(amount)) return row;
        discount[to + row] = Math.abs(amount);
      }
    return rows;
  }

  #readAmount({ first, to, rows }: RowSpan): number {
    const { quantity: pieces, amount: money } = this.#columns;
    const { quantity, amount } = this.#batch;
    const most = this.#minorDigits;
    for (let row = 0; row < rows; row++) {
      const from = first + row;
      const scale = money.scales[from] as number;
      if (pieces.scales[from] === uncommon || scale < 0 || scale > most) return row;
      const value = toScale({ digits: money.digits[from] as number, scale }, most);
      if (Number.isNaN(value)) return row;
      quantity[to + row] = pieces.scales[from] === empty ? Number.NaN : pieces.valueAt(from);
      amount[to + row] = value;
    }
    return rows;
  }

  #readProduct({ first, to, rows }: RowSpan): number {
    const { quantity: pieces, unitPrice: price } = this.#columns;
    const { quantity, amount, discount } = this.#batch;
    const most = this.#minorDigits;
    const isCounted = pieces.index >= 0;
    for (let row = 0; row < rows; row++) {
      const from = first + row;
      const scale = isCounted ? (pieces.scales[from] as number) : 0;
      const priceScale = price.scales[from] as number;
      if (scale < 0 || priceScale < 0 || scale + priceScale > most) return row;
      const counted = { digits: isCounted ? (pieces.digits[from] as number) : 1, scale };
      const value = productToScale(
        counted,
        { digits: price.digits[from] as number, scale: priceScale },
        most,
      );
      if (Number.isNaN(value)) return row;
      const known = discount[to + row] as number;
      const off = Number.isNaN(known) ? 0 : known;
      quantity[to + row] = isCounted ? pieces.valueAt(from) : 1;
      amount[to + row] = value < 0 ? value + off : value - off;
    }
    return rows;
  }

  #hasNoRefund({ first, rows }: RowSpan): number {
    const { digits, scales } = this.#columns.refund;
    for (let row = 0; row < rows; row++) {
      const scale = scales[first + row] as number;
      if (scale === uncommon || (scale !== empty && digits[first + row] !== 0)) return row;
    }
    return rows;
  }

  #add(rows: number, line: number): void {
    const { length, customerId, sourceLine, status, amount } = this.#batch;
    const { codes } = status;
    this.#judgeReturns(rows);
    for (let index = length; index < length + rows; index++) {
      sourceLine[index] = line + index - length;
      if ((customerId.lengths[index] as number) < 0) this.withoutCustomer++;
      const count = this.#countsByCode[codes[index] as number] as { lines: number; amount: number };
      count.lines++;
      count.amount += amount[index] as number;
    }
  }

  /** A sale of less than nothing is a return, and a return takes its value and pieces away. */
  #judgeReturns(rows: number): void {
    const { length, status, amount, quantity } = this.#batch;
    const { codes } = status;
    for (let index = length; index < length + rows; index++) {
      const value = amount[index] as number;
      const pieces = quantity[index] as number;
      const code = codes[index] as number;
      if (code !== returnCode && !(code === saleCode && (value < 0 || pieces < 0))) continue;
      codes[index] = returnCode;
      amount[index] = 0 - Math.abs(value);
      quantity[index] = 0 - Math.abs(pieces);
    }
  }

  #emptyBatch(bytes: Uint8Array, length: number): CommonBatch {
    const columns = this.#columns;
    const numbers = () => new Float64Array(length);
    return {
      length: 0,
      sourceFile: this.#sourceFile,
      customerId: textsFor(bytes, length, columns.customerId, columns.email),
      orderId: textsFor(bytes, length, columns.orderId),
      product: textsFor(bytes, length, columns.product, columns.productName),
      category: textsFor(bytes, length, columns.category),
      country: textsFor(bytes, length, columns.country),
      channel: textsFor(bytes, length, columns.channel),
      ...{
        orderedAt: numbers(),
        quantity: numbers(),
        amount: numbers(),
        discount: numbers(),
        sourceLine: numbers(),
      },
      orderedDay: new Int32Array(length),
      orderedHour: new Int8Array(length),
      currency: { words: [this.#currency], codes: new Uint8Array(length) },
      status: { words: statuses, codes: new Uint8Array(length) },
    };
  }
}

const [zero, point, capitalC, smallC] = [48, 46, 67, 99] as const;

const bytesAt = ({ bytes, starts, lengths }: CellTexts, row: number): Uint8Array => {
  const start = starts[row] as number;
  return bytes.subarray(start, start + Math.max(0, lengths[row] as number));
};
