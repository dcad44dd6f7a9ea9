import type { OpenedTable } from '../gate.ts';
import { type RowFault, type RowTaker, readRows } from '../readRows.ts';
import type { GateRow } from '../recordReader.ts';
import { type RejectedRow, TableRejected, type TableSource } from '../types.ts';
import { isOrderHeader, type OrderLayout, orderLayout, tellsOrders } from './layout.ts';

/** An item report, which cannot be read before it is known which order reports there are. */
export class ItemReportWaits extends Error {
  override readonly name = 'ItemReportWaits';
}

/** Throws where an item report cannot be read: yet, or without the order reports that tell its orders. */
export function requireOrders(
  layout: OrderLayout,
  { key, orderReports }: { key: string; orderReports: boolean | undefined },
): void {
  if (layout.profile?.itemReport !== true) return;
  if (orderReports === undefined) throw new ItemReportWaits();
  if (orderReports || tellsOrders(layout)) return;
  const message =
    'The file is an item report (宝贝报表) of 淘宝/天猫, which tells neither who ordered nor when. Upload the order report (订单报表) of ' +
    'the same days to orders/ too: 千牛卖家中心 exports both from 已卖出的宝贝. It needs 订单编号, 买家会员名, 买家实付金额 (买家实际支付金额) and 订单创建时间.';
  throw new TableRejected(key, 'missingOrderReport', message);
}

/** The rows that `readOrders` took from these lines of an item report, as bad ones: no order report has their orders. */
export async function rowsWithoutOrder(
  source: TableSource,
  lines: ReadonlySet<number>,
): Promise<RejectedRow[]> {
  const { rejected } = await readRows(source, (table) => new LinesTaker(table, lines), {
    isHeader: isOrderHeader,
  });
  return rejected.filter(({ line }) => lines.has(line));
}

class LinesTaker implements RowTaker {
  readonly readAs: null[] = [];
  readonly #column: string | null;
  readonly #lines: ReadonlySet<number>;

  constructor({ header, key }: OpenedTable, lines: ReadonlySet<number>) {
    this.#column = header[orderLayout(header, key).at.orderId] ?? null;
    this.#lines = lines;
  }

  take({ line }: GateRow): RowFault | null {
    if (!this.#lines.has(line)) return null;
    const reason =
      'no order report (订单报表) of the folder has the order; upload that of the same days to orders/';
    return { column: this.#column, reason };
  }

  notes(): [] {
    return [];
  }
}
