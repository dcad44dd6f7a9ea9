import type { Decimal } from '../cells/money.ts';
import { type MoneyOptions, MoneyReader } from '../cells/moneyReader.ts';
import { idFault, isNothing, textOf } from '../cells/texts.ts';
import { TimeReader } from '../cells/times.ts';
import { TimeZone } from '../cells/timeZone.ts';
import { zoneNamed } from '../cells/zoneNames.ts';
import { Disguises } from '../disguises.ts';
import type { RowFault } from '../readRows.ts';
import type { OrderField } from './fields.ts';
import type { OrderLayout } from './layout.ts';
import { emptyLine } from './orderLines.ts';
import type { OrderTotals } from './orderTotals.ts';
import { type StatusMeaning, StatusReader } from './statuses.ts';

export interface LineOptions extends MoneyOptions {
  shop: TimeZone;
}

const totalFields = ['orderSubtotal', 'orderGross', 'orderDiscount', 'orderRefund', 'total'] as const;
/** Of these the first row of an order has one at least, and its further rows have none. */
const firstRowFields = ['status', 'currency', 'total', 'orderSubtotal'] as const;
const testWords = /^(1|true|yes|y|test|是|测试)$|bogus/i;
const notWords = /^(0|false|no|n|否)$/i;
/** Whether the cell of the column `test` marks a test. */
export const isTest = (cell: string): boolean => testWords.test(cell);
/** Whether the cell of the column `captured` says that nothing was. */
export const isNotCaptured = (cell: string): boolean => notWords.test(cell);
const creditNote = /^c\d/i;
/** What 淘宝 writes in place of a refund, and of its state. */
const [noRefund, refunded] = ['无退款申请', '退款成功'];

/** Reads the rows of one file, each into `line` and what stands beside it. */
export class LineReader {
  readonly line = emptyLine();
  meaning: StatusMeaning = 'sale';
  /** Money given back for the row, in minor units; and the pieces, NaN where they are not known. */
  refund = 0;
  refundQuantity = 0;
  /** When that was, where the row says it. */
  refundedAt: TimeReader | null = null;
  /** The order's own sums, read from its first row; null where the layout has none. */
  totals: OrderTotals | null = null;
  readonly disguises = new Disguises('Customers');
  readonly money: MoneyReader;
  readonly #layout: OrderLayout;
  readonly #at: Readonly<Record<OrderField, number>>;
  #times: TimeReader;
  /** By the cell that names a zone: the reader of times in it, or why there is none. */
  readonly #timesOfZone = new Map<string, TimeReader | string>();
  readonly #timesOfZoneNamed: (zone: string) => TimeReader;
  readonly #refundTimes: TimeReader;
  readonly #statuses: StatusReader;
  /** Of the row at hand; 1 where the layout has none. */
  readonly #quantity: Decimal = { digits: 1, scale: 0 };
  readonly #hasTotals: boolean;
  #brokenOrder: string | null = null;

  constructor(layout: OrderLayout, options: LineOptions, key: string) {
    const { shop, survey } = options;
    const written = layout.profile?.utc === true ? new TimeZone('UTC') : shop;
    const timeOptions = { shop, written, order: survey.dateOrder, surveyed: survey.surveyed };
    this.#layout = layout;
    this.#at = layout.at;
    this.#times = new TimeReader(timeOptions);
    this.#timesOfZone.set('', this.#times);
    this.#timesOfZoneNamed = (zone) => new TimeReader({ ...timeOptions, written: new TimeZone(zone) });
    this.#refundTimes = new TimeReader(timeOptions);
    this.#statuses = new StatusReader(layout.profile?.statuses);
    this.money = new MoneyReader(layout, options, key);
    this.#hasTotals = layout.at.orderDiscount >= 0 || layout.at.orderRefund >= 0;
  }

  /** Where rows in between were read elsewhere, which the next one is not compared with. */
  forgetRowBefore(): void {
    this.line.customerId = null;
    this.line.orderId = null;
  }

  read(cells: readonly string[], sourceLine: number): RowFault | null {
    this.line.sourceLine = sourceLine;
    this.money.beginRow(sourceLine);
    if (this.#layout.profile?.continuationRows === true) return this.#continued(cells);
    return this.#readOrder(cells) ?? this.#readArticle(cells);
  }

  /** For layouts in which only the first row of an order carries the order. */
  #continued(cells: readonly string[]): RowFault | null {
    const orderId = textOf(cells[this.#at.orderId] ?? '');
    if (firstRowFields.some((field) => (cells[this.#at[field]] ?? '') !== '')) {
      const fault = this.#readOrder(cells);
      this.#brokenOrder = fault === null ? null : orderId;
      return fault ?? this.#readArticle(cells);
    }
    if (orderId !== null && orderId === this.#brokenOrder) {
      return this.#fault(
        'orderId',
        'the first row of the order, which carries its date and state, was set aside',
      );
    }
    if (orderId === null || orderId !== this.line.orderId) {
      return this.#fault('status', 'the cell is empty, and the row before is not of the same order');
    }
    return this.#readArticle(cells);
  }

  #readOrder(cells: readonly string[]): RowFault | null {
    const { line } = this;
    const at = this.#at;
    const zoneFault = at.timeZone < 0 ? null : this.#takeZone(cells[at.timeZone] ?? '');
    if (zoneFault !== null) return this.#fault('timeZone', zoneFault);
    const timeFault = at.orderedAt < 0 ? this.#takeNoTime() : this.#takeTime(cells);
    if (timeFault !== null) return timeFault;
    const customerFault = this.#readCustomer(cells);
    if (customerFault !== null) return customerFault;
    const before = line.orderId;
    line.orderId = at.orderId < 0 ? null : textOf(cells[at.orderId] ?? '');
    if (line.orderId !== null && line.orderId !== before) {
      const fault = idFault(line.orderId);
      if (fault !== null) {
        line.orderId = null;
        return this.#fault('orderId', fault);
      }
    }
    line.country = at.country < 0 ? null : textOf(cells[at.country] ?? '');
    line.channel = at.channel < 0 ? null : textOf(cells[at.channel] ?? '');
    const currencyFault = at.currency < 0 ? null : this.money.readCurrency(cells[at.currency] ?? '');
    if (currencyFault !== null) return this.#fault('currency', currencyFault);
    return this.#readStatus(cells) ?? (this.#hasTotals ? this.#readTotals(cells) : null);
  }

  /** Null, or why the zone is none. */
  #takeZone(cell: string): string | null {
    let times = this.#timesOfZone.get(cell);
    if (times === undefined) {
      const zone = zoneNamed(cell);
      times = zone === null ? `"${cell.slice(0, 40)}" is not a time zone` : this.#timesOfZoneNamed(zone);
      // a copy of the text, as the cell may hold on to the whole piece of the file that it was cut from
      if (this.#timesOfZone.size < 100) this.#timesOfZone.set(Buffer.from(cell).toString(), times);
    }
    if (typeof times === 'string') return times;
    this.#times = times;
    return null;
  }

  #takeTime(cells: readonly string[]): RowFault | null {
    const { line } = this;
    const at = this.#at;
    const time =
      at.orderedTime < 0 ? (cells[at.orderedAt] ?? '') : `${cells[at.orderedAt]} ${cells[at.orderedTime]}`;
    const reason = this.#times.read(time);
    if (reason !== null) return this.#fault('orderedAt', reason);
    line.orderedAt = this.#times.epochSeconds;
    line.orderedDay = this.#times.day;
    line.orderedHour = this.#times.hour;
    return null;
  }

  /** Of an item report, whose orders are told elsewhere. */
  #takeNoTime(): null {
    this.line.orderedAt = Number.NaN;
    return null;
  }

  #readCustomer(cells: readonly string[]): RowFault | null {
    const { line } = this;
    const { customerId, email } = this.#at;
    const before = line.customerId;
    let id = customerId < 0 ? null : textOf(cells[customerId] ?? '');
    if (id !== null && id === before) return null;
    if (id !== null && (isNothing(id) || (email >= 0 && id === '0'))) id = null;
    if (id === null && email >= 0) id = textOf(cells[email] ?? '');
    if (id !== null) {
      if (isNothing(id)) id = null;
      else if (id.includes('@')) id = id.toLowerCase();
      else if (this.#layout.profile?.creditPrefix === true) id = id.replace(/^(\d+)\.0$/, '$1');
    }
    line.customerId = id;
    const fault = id === null ? null : idFault(id);
    if (id !== null) this.disguises.see(id);
    if (fault === null) return null;
    line.customerId = null;
    return this.#fault('customerId', fault);
  }

  #readStatus(cells: readonly string[]): RowFault | null {
    const at = this.#at;
    const meaning = at.status < 0 ? 'sale' : this.#statuses.read(cells[at.status] ?? '');
    if (meaning === null) {
      const reason = `the state "${cells[at.status]?.slice(0, 40)}" is not known; docs/uploads.md lists those that are`;
      return this.#fault('status', reason);
    }
    this.meaning = meaning;
    if (at.status < 0 && at.paidAt >= 0 && textOf(cells[at.paidAt] ?? '') === null) this.meaning = 'unpaid';
    if (at.captured >= 0 && meaning === 'sale' && isNotCaptured(cells[at.captured] ?? ''))
      this.meaning = 'unpaid';
    if (at.cancelledAt >= 0 && textOf(cells[at.cancelledAt] ?? '') !== null) this.meaning = 'cancelled';
    if (at.test >= 0 && isTest(cells[at.test] ?? '')) this.meaning = 'test';
    const { orderId } = this.line;
    if (this.#layout.profile?.creditPrefix === true && orderId !== null && creditNote.test(orderId))
      this.meaning = 'return';
    return null;
  }

  #readTotals(cells: readonly string[]): RowFault | null {
    const sums = new Map<OrderField, number>();
    for (const field of totalFields) {
      const cell = cells[this.#at[field]] ?? '';
      if (textOf(cell) === null) continue;
      const amount = this.money.amount(cell);
      if (typeof amount === 'string') return this.#fault(field, amount);
      sums.set(field, amount);
    }
    this.totals = {
      subtotal: sums.get('orderSubtotal') ?? null,
      gross: sums.get('orderGross') ?? null,
      discount: Math.abs(sums.get('orderDiscount') ?? 0),
      refund: Math.abs(sums.get('orderRefund') ?? 0),
      total: sums.get('total') ?? null,
    };
    return null;
  }

  #readArticle(cells: readonly string[]): RowFault | null {
    const { line } = this;
    const at = this.#at;
    line.product = at.product < 0 ? null : textOf(cells[at.product] ?? '');
    if (line.product === null && at.productName >= 0) line.product = textOf(cells[at.productName] ?? '');
    line.category = at.category < 0 ? null : textOf(cells[at.category] ?? '');
    line.discount = Number.NaN;
    if (at.discount >= 0) {
      const cell = cells[at.discount] ?? '';
      const discount = cell === '' || cell === '0' ? 0 : this.money.amount(cell);
      if (typeof discount === 'string') return this.#fault('discount', discount);
      line.discount = Math.abs(discount);
    }
    const valueFault = at.amount >= 0 ? this.#readAmount(cells) : this.#readProduct(cells);
    line.currency = this.money.currency;
    return valueFault ?? (at.refund < 0 ? null : this.#readRefund(cells));
  }

  #readAmount(cells: readonly string[]): RowFault | null {
    const at = this.#at;
    const hasQuantity = at.quantity >= 0 && textOf(cells[at.quantity] ?? '') !== null;
    const reason = hasQuantity ? this.#readQuantity(cells) : null;
    if (reason !== null) return this.#fault('quantity', reason);
    if (!hasQuantity) this.line.quantity = Number.NaN;
    const amount = this.#amountOrNothing(cells[at.amount] ?? '');
    if (typeof amount === 'string') return this.#fault('amount', amount);
    this.line.amount = amount;
    return null;
  }

  #readProduct(cells: readonly string[]): RowFault | null {
    const { line } = this;
    const reason = this.#at.quantity < 0 ? null : this.#readQuantity(cells);
    if (reason !== null) return this.#fault('quantity', reason);
    if (this.#at.quantity < 0) line.quantity = 1;
    const amount = this.money.product(this.#quantity, cells[this.#at.unitPrice] ?? '');
    if (typeof amount === 'string') return this.#fault('unitPrice', amount);
    const discount = Number.isNaN(line.discount) ? 0 : line.discount;
    line.amount = amount < 0 ? amount + discount : amount - discount;
    return null;
  }

  #readQuantity(cells: readonly string[]): string | null {
    const { numbers } = this.money;
    const reason = numbers.read(cells[this.#at.quantity] ?? '', true);
    if (reason !== null) return reason;
    this.#quantity.digits = numbers.digits;
    this.#quantity.scale = numbers.scale;
    this.line.quantity = decimalValue(numbers);
    return null;
  }

  #readRefund(cells: readonly string[]): RowFault | null {
    const at = this.#at;
    const cell = cells[at.refund] ?? '';
    const given = at.refundStatus < 0 || (cells[at.refundStatus] ?? '').trim() === refunded;
    const none = !given || textOf(cell) === null || isNothing(cell) || cell.trim() === noRefund;
    const refund = none ? 0 : this.money.amount(cell);
    if (typeof refund === 'string') return this.#fault('refund', refund);
    this.refund = Math.abs(refund);
    this.refundQuantity = Number.NaN;
    this.refundedAt = null;
    if (this.refund === 0) return null;
    if (this.#layout.profile?.paidMayBeNet === true) this.#grossUp(cells);
    if (this.#layout.profile?.itemReport === true && this.meaning === 'cancelled')
      this.meaning = 'soldAndReturned';
    if (at.refundQuantity >= 0 && this.money.numbers.read(cells[at.refundQuantity] ?? '', true) === null) {
      this.refundQuantity = Math.abs(decimalValue(this.money.numbers)) || Number.NaN;
    }
    const when = at.refundedAt < 0 ? null : textOf(cells[at.refundedAt] ?? '');
    if (when === null) return null;
    const reason = this.#refundTimes.read(when);
    if (reason !== null) return this.#fault('refundedAt', reason);
    this.refundedAt = this.#refundTimes;
    return null;
  }

  #grossUp(cells: readonly string[]): void {
    const { line, refund } = this;
    const total = this.#at.total < 0 ? null : this.money.amount(cells[this.#at.total] ?? '');
    if (refund > line.amount || line.amount + refund === total) line.amount += refund;
  }

  /** What was never paid has no amount in some exports. */
  #amountOrNothing(cell: string): number | string {
    const due = this.meaning !== 'unpaid' && this.meaning !== 'cancelled';
    return !due && textOf(cell) === null ? 0 : this.money.amount(cell);
  }

  #fault(field: OrderField, reason: string): RowFault {
    return { column: this.#layout.header[this.#at[field]] ?? null, reason };
  }
}

const decimalValue = ({ digits, scale }: Decimal): number => (scale === 0 ? digits : digits / 10 ** scale);
