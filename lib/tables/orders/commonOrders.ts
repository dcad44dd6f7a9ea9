import { currencyOfWord, minorDigits } from '../cells/currencies.ts';
import { productToScale, toScale } from '../cells/money.ts';
import { CommonDecimal, CommonTexts, CommonWords } from '../commonCells.ts';
import { CommonRow, kinds } from '../commonRow.ts';
import type { CommonTaker } from '../commonRows.ts';
import { type CellTexts, type CodedWords, cellTexts } from '../textColumn.ts';
import { CommonTimes } from './commonTimes.ts';
import type { OrderLayout } from './layout.ts';
import { isNotCaptured, isTest, type LineOptions, type LineReader } from './lineReader.ts';
import { batchLength, cutToLength, type OrderLineBatch, type StatusCounts } from './orderLines.ts';
import { type LineStatus, StatusReader } from './statuses.ts';

const statuses: readonly LineStatus[] = ['sale', 'return', 'cancelled', 'unpaid', 'test'];
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
 * with anything else in a column that is read is left to it.
 */
export class CommonOrders implements CommonTaker {
  full: OrderLineBatch[] = [];
  withoutCustomer = 0;
  readonly #row: CommonRow;
  readonly #at: OrderLayout['at'];
  readonly #creditPrefix: boolean;
  readonly #reader: LineReader;
  readonly #counts: StatusCounts;
  readonly #sourceFile: number;
  readonly #currency: string;
  readonly #minorDigits: number;
  readonly #times: CommonTimes;
  readonly #texts: CommonTexts;
  readonly #decimal = new CommonDecimal();
  readonly #quantity = { digits: 1, scale: 0 };
  readonly #currencies: CommonWords;
  readonly #states: CommonWords;
  readonly #tests = new CommonWords((word) => (isTest(word) ? 1 : 0));
  readonly #captures = new CommonWords((word) => (isNotCaptured(word) ? 1 : 0));
  #batch: CommonBatch;

  constructor(
    { layout, reader, options }: { layout: OrderLayout; reader: LineReader; options: LineOptions },
    { delimiter, sourceFile, counts }: { delimiter: string; sourceFile: number; counts: StatusCounts },
  ) {
    const { profile, at, header } = layout;
    const { shop, currency } = options;
    this.#row = new CommonRow({ delimiter, width: header.length });
    this.#at = at;
    this.#creditPrefix = profile?.creditPrefix === true;
    this.#reader = reader;
    this.#counts = counts;
    this.#sourceFile = sourceFile;
    this.#currency = currency;
    this.#minorDigits = minorDigits(currency);
    this.#times = new CommonTimes(shop, { writtenInUtc: profile?.utc === true });
    this.#texts = new CommonTexts(this.#row);
    const usual = layout.currency ?? currency;
    this.#currencies = new CommonWords((word) =>
      (word.trim() === '' ? usual : currencyOfWord(word)) === currency ? 0 : -1,
    );
    const reading = new StatusReader(profile?.statuses);
    this.#states = new CommonWords((word) => statuses.indexOf(reading.read(word) as LineStatus));
    this.#batch = this.#emptyBatch(new Uint8Array(), 0);
  }

  take(bytes: Uint8Array, { from, line }: { from: number; line: number }): { next: number; rows: number } {
    const row = this.#row;
    row.bytes = bytes;
    this.#decimal.pointIsDecimal = this.#reader.money.numbers.pointIsDecimal;
    let next = from;
    let rows = 0;
    while (next < bytes.length && row.find(next)) {
      if (this.#batch.length === batchLength || this.#batch.customerId.bytes !== bytes) this.#begin(bytes);
      if (!this.#read()) break;
      this.#add(line + rows);
      next = row.next;
      rows++;
    }
    if (rows > 0) this.#reader.forgetRowBefore();
    return { next, rows };
  }

  /** Nothing is taken after it. */
  end(): void {
    this.#begin(new Uint8Array());
  }

  #begin(bytes: Uint8Array): void {
    if (this.#batch.length > 0) this.full.push(cutToLength(this.#batch));
    this.#batch = this.#emptyBatch(bytes, bytes.length === 0 ? 0 : batchLength);
  }

  /** Reads the row into the place behind the batch's end, and answers whether every cell that is read is common. */
  #read(): boolean {
    const at = this.#at;
    this.#texts.index = this.#batch.length;
    return (
      this.#times.read(this.#row, at.orderedAt) &&
      this.#readIds() &&
      this.#readTexts() &&
      this.#readStatus() &&
      this.#readDiscount() &&
      (at.amount >= 0 ? this.#readAmount() : this.#readProduct()) &&
      this.#hasNoRefund()
    );
  }

  #readIds(): boolean {
    const row = this.#row;
    const { customerId, email, orderId } = this.#at;
    const byEmail = customerId < 0 || (email >= 0 && row.isEmpty(customerId));
    const who = byEmail ? email : customerId;
    // a customer 0 is a guest where there is an e-mail address
    if (!byEmail && email >= 0 && row.isByte(who, zero)) return false;
    if (
      this.#creditPrefix &&
      (row.has(who, kinds.point) || row.begins(orderId, capitalC) || row.begins(orderId, smallC))
    )
      return false;
    return (
      this.#texts.readId(this.#batch.customerId, who) && this.#texts.readId(this.#batch.orderId, orderId)
    );
  }

  #readTexts(): boolean {
    const texts = this.#texts;
    const { product, productName, category, country, channel } = this.#at;
    const batch = this.#batch;
    const named = product < 0 || (productName >= 0 && this.#row.isEmpty(product));
    return (
      texts.readText(batch.product, named ? productName : product) &&
      texts.readText(batch.category, category) &&
      texts.readText(batch.country, country) &&
      texts.readText(batch.channel, channel)
    );
  }

  #readStatus(): boolean {
    const { status, captured, paidAt, cancelledAt, test, currency } = this.#at;
    const row = this.#row;
    if (currency >= 0 && this.#currencies.read(row, currency) < 0) return false;
    if (cancelledAt >= 0 && !row.isEmpty(cancelledAt)) return false;
    let code: number = status < 0 ? saleCode : this.#states.read(row, status);
    if (status < 0 && paidAt >= 0) {
      if (row.isEmpty(paidAt)) code = unpaidCode;
      // blanks, for one, count as nothing
      else if (!row.has(paidAt, kinds.digit)) return false;
    }
    if (captured >= 0) {
      const refused = this.#captures.read(row, captured);
      if (refused < 0) return false;
      if (refused === 1 && code === saleCode) code = unpaidCode;
    }
    if (test >= 0) {
      const marked = this.#tests.read(row, test);
      if (marked < 0) return false;
      if (marked === 1) code = testCode;
    }
    this.#batch.status.codes[this.#batch.length] = code;
    return code >= 0;
  }

  #readDiscount(): boolean {
    const { discount } = this.#at;
    const batch = this.#batch;
    const decimal = this.#decimal;
    if (discount < 0 || this.#row.isEmpty(discount)) {
      batch.discount[batch.length] = discount < 0 ? Number.NaN : 0;
      return true;
    }
    if (!decimal.read(this.#row, discount) || decimal.scale > this.#minorDigits) return false;
    const amount = toScale(decimal, this.#minorDigits);
    batch.discount[batch.length] = Math.abs(amount);
    return !Number.isNaN(amount);
  }

  #readAmount(): boolean {
    const { quantity, amount } = this.#at;
    const batch = this.#batch;
    const decimal = this.#decimal;
    const hasQuantity = quantity >= 0 && !this.#row.isEmpty(quantity);
    if (hasQuantity && !decimal.read(this.#row, quantity)) return false;
    batch.quantity[batch.length] = hasQuantity ? decimalValue(decimal) : Number.NaN;
    if (!decimal.read(this.#row, amount) || decimal.scale > this.#minorDigits) return false;
    batch.amount[batch.length] = toScale(decimal, this.#minorDigits);
    return !Number.isNaN(batch.amount[batch.length]);
  }

  #readProduct(): boolean {
    const { quantity: quantityAt, unitPrice } = this.#at;
    const batch = this.#batch;
    const decimal = this.#decimal;
    const quantity = this.#quantity;
    if (quantityAt >= 0) {
      if (!decimal.read(this.#row, quantityAt)) return false;
      quantity.digits = decimal.digits;
      quantity.scale = decimal.scale;
    }
    batch.quantity[batch.length] = decimalValue(quantity);
    if (!decimal.read(this.#row, unitPrice)) return false;
    if (quantity.scale + decimal.scale > this.#minorDigits) return false;
    const value = productToScale(quantity, decimal, this.#minorDigits);
    const known = batch.discount[batch.length] as number;
    const discount = Number.isNaN(known) ? 0 : known;
    batch.amount[batch.length] = value < 0 ? value + discount : value - discount;
    return !Number.isNaN(value);
  }

  #hasNoRefund(): boolean {
    const { refund } = this.#at;
    if (refund < 0 || this.#row.isEmpty(refund)) return true;
    return this.#decimal.read(this.#row, refund) && this.#decimal.digits === 0;
  }

  #add(sourceLine: number): void {
    const batch = this.#batch;
    const index = batch.length++;
    batch.orderedAt[index] = this.#times.epochSeconds;
    batch.orderedDay[index] = this.#times.day;
    batch.orderedHour[index] = this.#times.hour;
    batch.sourceLine[index] = sourceLine;
    if ((batch.customerId.lengths[index] as number) < 0) this.withoutCustomer++;
    this.#judgeReturn(index);
    const count = this.#counts[statuses[batch.status.codes[index] as number] as LineStatus];
    count.lines++;
    count.amount += batch.amount[index] as number;
  }

  /** A sale of less than nothing is a return, and a return takes its value and pieces away. */
  #judgeReturn(index: number): void {
    const { status, amount, quantity } = this.#batch;
    const [value, pieces] = [amount[index] as number, quantity[index] as number];
    const code = status.codes[index] as number;
    if (code !== returnCode && !(code === saleCode && (value < 0 || pieces < 0))) return;
    status.codes[index] = returnCode;
    amount[index] = 0 - Math.abs(value);
    quantity[index] = 0 - Math.abs(pieces);
  }

  #emptyBatch(bytes: Uint8Array, length: number): CommonBatch {
    const texts = () => cellTexts(bytes, length);
    const numbers = () => new Float64Array(length);
    return {
      length: 0,
      sourceFile: this.#sourceFile,
      ...{ customerId: texts(), orderId: texts(), product: texts() },
      ...{ category: texts(), country: texts(), channel: texts() },
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

const [zero, capitalC, smallC] = [48, 67, 99] as const;

const decimalValue = ({ digits, scale }: { digits: number; scale: number }): number =>
  scale === 0 ? digits : digits / 10 ** scale;
