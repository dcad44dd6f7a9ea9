import { createHash } from 'node:crypto';
import type { DuckDb } from '../../features/duckdb.ts';
import { joinItems, leaveOutOrders } from '../../features/joinItems.ts';
import { stageOrderLines } from '../../features/stage.ts';
import { rowsWithoutOrder } from '../../tables/orders/itemReports.ts';
import { hasItemReport, isItemReport } from '../../tables/orders/profiles.ts';
import { readOrders } from '../../tables/orders/readOrders.ts';
import type { RejectedRow, TableReport } from '../../tables/types.ts';
import type { RunInput } from '../plan.ts';
import { sourceOf } from '../readInputs.ts';
import type { Run } from '../run.ts';
import {
  leavesOutErased,
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
  { input, db, directory, staged }: { input: RunInput; db: DuckDb; directory: string; staged: StagedInput[] },
): Promise<StagedInput> {
  const orderReports = staged.filter(({ layout }) => hasItemReport(layout));
  const names = [stagedName(run, input), ...orderReports.map(({ name }) => name)];
  const name = createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 32);
  const place = { name, input, directory, kind: 'orders' as const };
  return stageUnder(run, place, (path, erased) =>
    readItems(run, { input, db, path, itemsPath: `${directory}/items-${name}`, orderReports, erased }),
  );
}

async function readItems(
  run: Run,
  {
    input,
    db,
    path,
    itemsPath,
    orderReports,
    erased,
  }: {
    input: RunInput;
    db: DuckDb;
    path: string;
    itemsPath: string;
    orderReports: readonly StagedInput[];
    erased: Map<string, number>;
  },
): Promise<StagedReading> {
  const { timeZone, currency, orders } = run.settings;
  const source = sourceOf(run, input);
  const stage = stageOrderLines(db, { path: itemsPath, leavesOut: leavesOutErased(run, erased) });
  const options = { timeZone, currency, rates: orders.rates, orderReports: orderReports.length > 0 };
  const { report, rejected, layout } = await readOrders(source, options, stage);
  await stage.end();
  const file = `${path}-0.parquet`;
  const joined = await joinItems(db, {
    items: `${itemsPath}-*.parquet`,
    orderReports: orderReports.map(({ parquetPath }) => parquetPath),
    path: file,
  });
  const lost = await rowsOf(run, input, joined.withoutOrder);
  return {
    layout,
    files: [file],
    rejected: [...rejected, ...lost].sort((a, b) => a.line - b.line),
    report: withJoin(report, { orders: joined.orders, lost: lost.length, orderReports }),
  };
}

/** Whose order it is that no report has is not known. Where somebody was erased, it may be theirs, and its text is not kept. */
async function rowsOf(run: Run, input: RunInput, lines: readonly number[]): Promise<RejectedRow[]> {
  if (lines.length === 0) return [];
  const rows = await rowsWithoutOrder(sourceOf(run, input), new Set(lines));
  return run.erased.digest === null ? rows : rows.map((row) => ({ ...row, raw: '' }));
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

/** Every order counts in one file: its last item report, else where it is told. */
export async function countOrdersOnce(
  db: DuckDb,
  staged: readonly StagedInput[],
  directory: string,
): Promise<StagedInput[]> {
  const itemReports = staged.filter(({ layout }) => isItemReport(layout));
  const once: StagedInput[] = [];
  for (const [index, one] of staged.entries()) {
    const later = itemReports.filter((other) => hasItemReport(one.layout) || staged.indexOf(other) > index);
    if (later.length === 0 || !(hasItemReport(one.layout) || isItemReport(one.layout))) {
      once.push(one);
      continue;
    }
    const path = `${directory}/once-${one.name}.parquet`;
    await leaveOutOrders(db, {
      from: one.parquetPath,
      inOthers: later.map(({ parquetPath }) => parquetPath),
      path,
    });
    once.push({ ...one, parquetPath: path });
  }
  return once;
}
