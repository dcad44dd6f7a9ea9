import { isCurrency } from '../cells/currencies.ts';
import { type Rates, rateOf } from '../cells/money.ts';
import { TimeZone } from '../cells/timeZone.ts';
import type { OpenedTable } from '../gate.ts';
import { readRows } from '../readRows.ts';
import { type FileSurvey, readSurveyed, type SurveyedColumns } from '../survey.ts';
import type { RejectedRow, TableReport, TableSource } from '../types.ts';
import type { OrderField } from './fields.ts';
import { requireOrders } from './itemReports.ts';
import { isOrderHeader, orderLayout } from './layout.ts';
import { LineReader } from './lineReader.ts';
import type { StatusCounts } from './orderLines.ts';
import { type OrderSink, OrderTaker } from './orderTaker.ts';
import { isSpaced, withCommas } from './spacedColumns.ts';

export interface OrderOptions {
  /** IANA name; it decides which day and hour an order has, and what times without an offset mean. */
  timeZone: string;
  /** ISO 4217 code of the shop's currency, in which all amounts come out. */
  currency: string;
  /** By currency the shop's units for one of its: amounts in a currency without a rate refuse the file. */
  rates?: Rates;
  /** Number of the file among those that are read together. */
  sourceFile?: number;
  /** Whether there are order reports that tell customers and times of an item report's orders; where it is not said, one has to wait. */
  orderReports?: boolean;
}

export interface OrderReading {
  /** Name of the profile that the file was recognised as; `plain` where it was read by the names of its columns. */
  layout: string;
  /** Rows in = rows ok + rows quarantined. A row can make two lines: a sale and its return. */
  report: TableReport;
  rejected: RejectedRow[];
  /** What went to the sink, amounts in minor units. */
  lines: StatusCounts;
}

/** Reads an order export of any layout that is known, and hands its lines on as they come. */
export async function readOrders(
  source: TableSource,
  { timeZone, currency, rates = {}, sourceFile = 0, orderReports }: OrderOptions,
  sink: OrderSink,
): Promise<OrderReading> {
  if (!isCurrency(currency))
    throw new Error(`readOrders needs an ISO 4217 code as currency; got ${currency}`);
  const shop = new TimeZone(timeZone);
  const exactRates = new Map(Object.entries(rates).map(([code, rate]) => [code, rateOf(code, rate)]));
  const bind =
    (survey: FileSurvey) =>
    ({ header, key, delimiter }: OpenedTable) => {
      if (isSpaced(header)) throw new SpacedColumns();
      const layout = orderLayout(header, key);
      requireOrders(layout, { key, orderReports });
      const options = { shop, currency, rates: exactRates, survey };
      const reader = new LineReader(layout, options, key);
      return new OrderTaker({ layout, delimiter }, { reader, options, sink, sourceFile });
    };
  const attempt = (from: TableSource) =>
    readSurveyed(from, surveyedColumns, (survey) => readRows(from, bind(survey), gate), gate);
  const { taker, rejected, report } = await attempt(source).catch((error: unknown) => {
    if (error instanceof SpacedColumns) return attempt(withCommas(source));
    throw error;
  });
  return { layout: taker.layout.profile?.name ?? 'plain', report, rejected, lines: taker.lines.counts };
}

/** The columns are separated by blanks, which the gate takes for one column. */
class SpacedColumns extends Error {}

const numberFields: readonly OrderField[] = [
  ...(['quantity', 'unitPrice', 'amount', 'discount', 'refund', 'orderSubtotal'] as const),
  ...(['orderGross', 'orderDiscount', 'orderRefund', 'total'] as const),
];

const gate = { isHeader: isOrderHeader };

const surveyedColumns: SurveyedColumns = (header, key) => {
  const { at } = orderLayout(header, key);
  return {
    dates: at.orderedAt,
    numbers: numberFields.map((field) => at[field]).filter((index) => index >= 0),
  };
};
