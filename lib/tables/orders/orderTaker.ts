import { layoutNote } from '../namedColumns.ts';
import type { RowFault, RowTaker } from '../readRows.ts';
import type { GateRow } from '../recordReader.ts';
import type { TableNote } from '../types.ts';
import { CommonOrders, hasCommonRows } from './commonOrders.ts';
import type { OrderLayout } from './layout.ts';
import type { LineOptions, LineReader } from './lineReader.ts';
import { type OrderLine, type OrderLineBatch, OrderLineBatches } from './orderLines.ts';
import { type OrderTotals, refundedLines, takeDiscountOff } from './orderTotals.ts';

/** Takes the lines of a file as they are read, in no fixed order. */
export interface OrderSink {
  /** Before the first line, and again where the file has to be read anew: what was added before no longer counts. */
  begin(): Promise<void>;
  /** The next batch comes when this one is done with, and may take its memory. */
  add(batch: OrderLineBatch): Promise<void>;
}

/** Makes the lines of each row, and of each order where the layout has sums of the order as a whole. */
export class OrderTaker implements RowTaker {
  readonly readAs: (string | null)[];
  readonly lines: OrderLineBatches;
  readonly layout: OrderLayout;
  readonly common: CommonOrders | null;
  readonly #reader: LineReader;
  readonly #sink: OrderSink;
  #begun = false;
  /** The sales of the order at hand, whose sums are still to be spread over them. */
  #order: { id: string | null; lines: OrderLine[]; totals: OrderTotals; wholly: boolean } | null = null;
  #unexplainedTotals = 0;
  #withoutCustomer = 0;

  constructor(
    { layout, delimiter }: { layout: OrderLayout; delimiter: string },
    {
      reader,
      options,
      sink,
      sourceFile,
    }: { reader: LineReader; options: LineOptions; sink: OrderSink; sourceFile: number },
  ) {
    this.layout = layout;
    this.readAs = layout.readAs;
    this.lines = new OrderLineBatches(sourceFile);
    const { counts } = this.lines;
    this.common = hasCommonRows(layout, options.currency)
      ? new CommonOrders({ layout, reader, options }, { delimiter, sourceFile, counts })
      : null;
    this.#reader = reader;
    this.#sink = sink;
  }

  take({ cells, line }: GateRow): RowFault | null {
    const fault = this.#reader.read(cells, line);
    if (fault !== null) return fault;
    if (this.#reader.line.customerId === null && this.layout.profile?.itemReport !== true)
      this.#withoutCustomer++;
    this.#addLines();
    return null;
  }

  async flush(last: boolean): Promise<void> {
    if (!this.#begun) await this.#sink.begin();
    this.#begun = true;
    if (last) {
      this.#settle();
      this.lines.end();
    }
    await this.common?.batches.handTo(this.#sink);
    for (const batch of this.lines.full.splice(0)) await this.#sink.add(batch);
  }

  #addLines(): void {
    const { line, meaning } = this.#reader;
    const sold = meaning === 'sale' || meaning === 'soldAndReturned';
    if (meaning === 'return' || (sold && (line.amount < 0 || line.quantity < 0))) this.#addReturn();
    else if (sold) this.#addSale();
    else {
      line.status = meaning;
      this.lines.add(line);
    }
  }

  /** A row that is a return by itself. */
  #addReturn(): void {
    const { line } = this.#reader;
    line.status = 'return';
    line.amount = 0 - Math.abs(line.amount);
    line.quantity = 0 - Math.abs(line.quantity);
    this.lines.add(line);
  }

  #addSale(): void {
    const { line, meaning, totals, refund } = this.#reader;
    const wholly = meaning === 'soldAndReturned';
    line.status = 'sale';
    if (totals !== null) {
      this.#addToOrder(totals, wholly);
      return;
    }
    this.lines.add(line);
    if (wholly || refund > 0) this.#addRefund(wholly && refund === 0 ? line.amount : refund);
  }

  #addRefund(refund: number): void {
    if (refund === 0) return;
    const { line, refundQuantity, refundedAt } = this.#reader;
    const whole = refund === line.amount ? line.quantity : Number.NaN;
    this.lines.add({
      ...line,
      status: 'return',
      amount: -refund,
      quantity: -(Number.isNaN(refundQuantity) ? whole : refundQuantity),
      discount: Number.NaN,
      ...(refundedAt !== null && {
        orderedAt: refundedAt.epochSeconds,
        orderedDay: refundedAt.day,
        orderedHour: refundedAt.hour,
      }),
    });
  }

  #addToOrder(totals: OrderTotals, wholly: boolean): void {
    const { line } = this.#reader;
    if (this.#order === null || this.#order.id !== line.orderId) {
      this.#settle();
      this.#order = { id: line.orderId, lines: [], totals, wholly };
    }
    this.#order.lines.push({ ...line });
  }

  #settle(): void {
    if (this.#order === null) return;
    const { lines, totals, wholly } = this.#order;
    this.#order = null;
    const outside = this.layout.profile?.outsideSubtotal ?? [];
    const goods = lines.filter(({ product }) => product === null || !outside.includes(product));
    if (!takeDiscountOff(goods, totals)) this.#unexplainedTotals++;
    for (const line of lines) this.lines.add(line);
    for (const line of refundedLines(goods, totals, wholly)) this.lines.add(line);
  }

  notes(): TableNote[] {
    const { numbers, roundings } = this.#reader.money;
    const notes: TableNote[] = [layoutNote(this.layout.profile), ...numbers.notes()];
    const say = (code: string, count: number, message: string) => {
      if (count > 0) notes.push({ code, message, count });
    };
    say(
      'withoutCustomer',
      this.#withoutCustomer + (this.common?.withoutCustomer ?? 0),
      'Rows have no customer; they count in no customer’s history.',
    );
    notes.push(...this.#reader.disguises.notes());
    say(
      'unexplainedTotals',
      this.#unexplainedTotals,
      'Orders’ subtotals differ from their lines by something else than the discount; the lines were kept as they are.',
    );
    for (const [scale, { lines, rest }] of roundings) {
      const message = `Quantity × price has ${scale} decimals; each line was rounded to the minor unit, halves away from zero. In sum that left out ${rest} units of the last decimal.`;
      notes.push({ code: 'roundedLines', message, count: lines });
    }
    return notes;
  }
}
