import { columnQuality } from './columnQuality.ts';
import type { LedgerRule, Rows } from './computeOrderFeatures.ts';
import { dateQuality } from './dateQuality.ts';
import { driftBetween } from './drift.ts';
import { type DuckDb, readStatements, type SqlRow } from './duckdb.ts';
import { binFeatures } from './featureBins.ts';
import { type FileReadings, fileQuality } from './fileQuality.ts';
import type { Mix, QualityReport } from './qualityReport.ts';
import { sideBySide } from './sideBySide.ts';

export interface OrderQualityOptions {
  runId: string;
  /** Of all amounts. */
  currency: string;
  files: readonly FileReadings[];
  /** A table or view with all canonical order lines of the run. */
  orderLines: string;
  /** Epoch seconds of the newest input; lines after it are in the future. */
  newestAt: number;
  /** What `computeOrderFeatures` returned. */
  ledger: readonly LedgerRule[];
  /** Features of all customers, as `computeOrderFeatures` made them. */
  features: Rows;
  /** Runs to compare with: the published one, and the one that was held since. */
  references: readonly QualityReport[];
  /** Further connections to the database, for statements at the same time. */
  besides?: readonly DuckDb[];
}

/** Reads the lines some ten times without holding them; what has to be told apart is what takes memory. */
export async function orderQuality(
  db: DuckDb,
  {
    runId,
    currency,
    files,
    orderLines,
    newestAt,
    ledger,
    features,
    references,
    besides = [],
  }: OrderQualityOptions,
): Promise<QualityReport> {
  await db.run(`CREATE OR REPLACE VIEW quality_lines AS SELECT * FROM ${orderLines}`);
  await db.run(`CREATE OR REPLACE TABLE quality_settings AS SELECT CAST(${newestAt} AS BIGINT) AS newest_at`);
  await sideBySide([db, ...besides], readStatements('quality'), (connection, statement) =>
    connection.run(statement.replace('CREATE TABLE', 'CREATE OR REPLACE TABLE')),
  );
  const [totals = {}] = await db.rows('SELECT * FROM quality_totals');
  const binned = await binFeatures(
    db,
    features,
    references.map((reference) => reference.features.bins),
  );
  const report = {
    version: 1 as const,
    runId,
    currency,
    ...fileQuality(files),
    lines: Number(totals.line_count),
    ledger: ledgerShares(ledger, Number(totals.line_count)),
    columns: await columnQuality(db, totals),
    dates: await dateQuality(db),
    ...(await lineQuality(db, { totals, ledger })),
    features: binned.features,
  };
  const drift = references.map((reference, index) =>
    driftBetween(reference, report, binned.compared[index] ?? []),
  );
  return { ...report, drift };
}

async function lineQuality(
  db: DuckDb,
  { totals, ledger }: { totals: SqlRow; ledger: readonly LedgerRule[] },
): Promise<Pick<QualityReport, 'duplicates' | 'mixes' | 'cancellations' | 'revenue'>> {
  const lines = Number(totals.line_count);
  const mixes = await readMixes(db, lines);
  const [copies] = await db.rows('SELECT copies FROM quality_copies');
  const withoutCustomer = Number(copies?.copies);
  const duplicates = withoutCustomer + (ledger.find(({ outcome }) => outcome === 'duplicate')?.lines ?? 0);
  const statuses = mixes.find(({ column }) => column === 'status')?.values ?? [];
  const cancelled = statuses.filter(({ value }) => undone.has(value ?? ''));
  const cancelledLines = cancelled.reduce((sum, { lines }) => sum + lines, 0);
  const revenue = Number(totals.revenue);
  return {
    duplicates: { lines: duplicates, share: share(duplicates, lines), withoutCustomer },
    mixes,
    cancellations: {
      lines: cancelledLines,
      share: share(cancelledLines, lines),
      amount: cancelled.reduce((sum, { amount }) => sum + amount, 0),
      negativeSales: Number(totals.negative_sales),
    },
    revenue: {
      amount: revenue,
      withoutCustomer: Number(totals.revenue_without_customer),
      shareWithoutCustomer: share(Number(totals.revenue_without_customer), revenue),
    },
  };
}

const undone = new Set(['return', 'cancelled', 'unpaid']);

async function readMixes(db: DuckDb, lines: number): Promise<Mix[]> {
  const rows = await db.rows('SELECT * FROM quality_mix ORDER BY name, place');
  return ['currency', 'country', 'channel', 'category', 'status'].map((column) => {
    const values = rows
      .filter(({ name }) => name === column)
      .map((row) => ({
        value: row.value as string | null,
        lines: Number(row.line_count),
        share: share(Number(row.line_count), lines),
        amount: Number(row.amount),
      }));
    return { column, values, otherLines: lines - values.reduce((sum, value) => sum + value.lines, 0) };
  });
}

const ledgerShares = (ledger: readonly LedgerRule[], lines: number): QualityReport['ledger'] =>
  ledger.map((rule) => ({
    outcome: rule.outcome,
    lines: rule.lines,
    share: share(rule.lines, lines),
    amount: rule.amount,
  }));

const share = (part: number, whole: number): number | null =>
  whole <= 0 ? null : Math.round((part / whole) * 1e6) / 1e6;
