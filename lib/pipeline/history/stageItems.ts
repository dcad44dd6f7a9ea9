import { createHash } from 'node:crypto';
import type { DuckDb } from '../../features/duckdb.ts';
import { type JoinedItems, joinItems } from '../../features/joinItems.ts';
import { stageOrderLines } from '../../features/staging/stage.ts';
import type { Staging } from '../../features/staging/staging.ts';
import { rowsWithoutOrder } from '../../tables/orders/itemReports.ts';
import { hasItemReport } from '../../tables/orders/profiles.ts';
import { readOrders } from '../../tables/orders/readOrders.ts';
import type { TableReport } from '../../tables/types.ts';
import type { RunInput } from '../plan.ts';
import { sourceOf } from '../readInputs.ts';
import type { Run } from '../run.ts';
import { ordersOfErased } from './ordersOfErased.ts';
import {
  leavesOutErased,
  orderOptions,
  type StagedInput,
  type StagedReading,
  stagedName,
  stageUnder,
} from './stageInput.ts';

/**
 * Reads an item report, whose rows are the articles of orders that the order reports among what is staged tell; it is staged as the lines
 * of these orders.
 */
export async function stageItemReport(
  run: Run,
  {
    input,
    db,
    staging,
    directory,
    staged,
  }: { input: RunInput; db: DuckDb; staging: Staging; directory: string; staged: StagedInput[] },
): Promise<StagedInput> {
  const orderReports = staged.filter(({ layout }) => hasItemReport(layout));
  const names = [stagedName(run, input), ...orderReports.map(({ name }) => name)];
  const name = createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 32);
  const place = { name, input, directory, kind: 'orders' as const };
  return stageUnder(run, place, (path, erased) =>
    readItems(run, {
      input,
      db,
      staging,
      path,
      itemsPath: `${directory}/items-${name}`,
      orderReports,
      erased,
    }),
  );
}

async function readItems(
  run: Run,
  {
    input,
    db,
    staging,
    path,
    itemsPath,
    orderReports,
    erased,
  }: {
    input: RunInput;
    db: DuckDb;
    staging: Staging;
    path: string;
    itemsPath: string;
    orderReports: readonly StagedInput[];
    erased: Map<string, number>;
  },
): Promise<StagedReading> {
  const stage = stageOrderLines(staging, { path: itemsPath, leavesOut: leavesOutErased(run, erased) });
  const options = { ...orderOptions(run), orderReports: orderReports.length > 0 };
  const { report, rejected, layout } = await readOrders(sourceOf(run, input), options, stage);
  await stage.end();
  const file = `${path}-0.parquet`;
  const { orders, withoutOrder } = await joinItems(db, {
    items: `${itemsPath}-*.parquet`,
    orderReports: orderReports.map(({ parquetPath }) => parquetPath),
    path: file,
  });
  const lost = await linesWithoutOrder(run, { withoutOrder, orderReports, erased });
  const lostRows = lost.size === 0 ? [] : await rowsWithoutOrder(sourceOf(run, input), lost);
  return {
    layout,
    files: [file],
    rejected: [...rejected, ...lostRows].sort((a, b) => a.line - b.line),
    report: withJoin(report, { orders, lost: lost.size, orderReports }),
  };
}

/** Of the rows whose orders no order report has, but for those of the erased, which are left out as these are. */
async function linesWithoutOrder(
  run: Run,
  {
    withoutOrder,
    orderReports,
    erased,
  }: {
    withoutOrder: JoinedItems['withoutOrder'];
    orderReports: readonly StagedInput[];
    erased: Map<string, number>;
  },
): Promise<ReadonlySet<number>> {
  const ofErased = withoutOrder.length === 0 ? null : await ordersOfErased(run, orderReports);
  const lost = new Set<number>();
  for (const { line, orderId } of withoutOrder) {
    const idHash = orderId === null ? undefined : ofErased?.get(orderId);
    if (idHash === undefined) lost.add(line);
    else erased.set(idHash, 1 + (erased.get(idHash) ?? 0));
  }
  return lost;
}

function withJoin(
  report: TableReport,
  { orders, lost, orderReports }: { orders: number; lost: number; orderReports: readonly StagedInput[] },
): TableReport {
  const { rowsOk, rowsQuarantined, notes } = report;
  const files = orderReports.map((one) => one.report.key).join(', ');
  const message = `Orders are counted by their articles here, and not again in the order reports (${files}), which tell their customers, times, states and money.`;
  return {
    ...report,
    rowsOk: rowsOk - lost,
    rowsQuarantined: rowsQuarantined + lost,
    notes: orders === 0 ? notes : [...notes, { code: 'joinedItems', message, count: orders }],
  };
}
