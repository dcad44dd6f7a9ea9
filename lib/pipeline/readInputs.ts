import { countReasons } from '../features/fileQuality.ts';
import type { ReasonCount } from '../features/qualityReport.ts';
import { deleteObject, openObject, putObject } from '../store/objects.ts';
import type { RunProblem } from '../store/runs.ts';
import { rejectsCsv } from '../tables/csv.ts';
import { type RejectedRow, TableRejected, type TableReport, type TableSource } from '../tables/types.ts';
import type { Erased } from './erased.ts';
import { cellsOf } from './erasure/eraseCsv.ts';
import type { RunInput } from './plan.ts';
import { RunRejected, rejectRun } from './rejection.ts';
import type { Run } from './run.ts';

export interface FileReading {
  report: TableReport;
  rejected: RejectedRow[];
}

/** A file that was read, its bad rows put where the user can see them. */
export interface SettledReading {
  report: TableReport;
  /** Keys in the results bucket. */
  rejects: string[];
  /** Why rows were set aside. */
  reasons: ReasonCount[];
}

/** Reads every input with `read`, in key order; files that cannot be read at all are told together, not one by one. */
export async function readEachInput<Reading extends FileReading>(
  run: Run,
  read: (source: TableSource) => Promise<Reading>,
): Promise<Reading[]> {
  const readings: Reading[] = [];
  await settleEachInput(run, async (input) => {
    const reading = await read(sourceOf(run, input));
    readings.push(reading);
    return settled(run, reading);
  });
  return readings;
}

/** Reads all inputs as one table with `read`. */
export async function readInputsTogether<Reading extends { files: FileReading[] }>(
  run: Run,
  read: (sources: TableSource[]) => Promise<Reading>,
): Promise<Reading> {
  const reading = await read(run.plan.inputs.map((input) => sourceOf(run, input))).catch((error: unknown) => {
    throw new RunRejected([problemOf(error)]);
  });
  const readings: SettledReading[] = [];
  for (const file of reading.files) readings.push(await settled(run, file));
  rejectTooManyRows(run, readings);
  judgeReadings(run, readings, []);
  return reading;
}

/**
 * Has each input read in key order, tells what was read, and rejects the run when a file or too many rows are bad. An input that `waits`,
 * by what `settle` throws, is settled once more when all others are.
 */
export async function settleEachInput(
  run: Run,
  settle: (input: RunInput, waited: boolean) => Promise<SettledReading>,
  { waits = () => false }: { waits?: (error: unknown) => boolean } = {},
): Promise<void> {
  const readings: SettledReading[] = [];
  const problems: RunProblem[] = [];
  const waiting: RunInput[] = [];
  const settleOne = async (input: RunInput, waited: boolean) => {
    try {
      readings.push(await settle(input, waited));
      rejectTooManyRows(run, readings);
    } catch (error) {
      if (!waited && waits(error)) waiting.push(input);
      else problems.push(problemOf(error));
    }
  };
  for (const input of run.plan.inputs) await settleOne(input, false);
  for (const input of waiting) await settleOne(input, true);
  judgeReadings(run, readings, problems);
}

export function sourceOf({ platform }: Run, { key, etag }: RunInput): TableSource {
  return {
    key,
    open: () => openObject(platform.objects, { bucket: platform.uploadsBucket, key, ifMatch: etag }),
  };
}

/**
 * Keeps a file's bad rows in `rejects/`: under the file's own name those of the last reading, for who looks there, and under a name
 * of the reading's own, which no other reading touches, those that the run record speaks of.
 */
export async function settled(
  { platform, plan, erased }: Run,
  { report, rejected: all }: FileReading,
  { readingId = plan.runId }: { readingId?: string } = {},
): Promise<SettledReading> {
  const { objects, resultsBucket: bucket } = platform;
  const rejected = rejectsWithoutErased(all, erased);
  const latest = `rejects/${withoutCsv(report.key)}.csv`;
  if (rejected.length === 0) {
    await deleteObject(objects, { bucket, key: latest });
    return { report, rejects: [], reasons: countReasons(all) };
  }
  const kept = `rejects/${withoutCsv(report.key)}/${readingId}.csv`;
  const csv = { body: rejectsCsv(rejected), contentType: 'text/csv; charset=utf-8' };
  for (const key of [kept, latest]) await putObject(objects, { bucket, key, ...csv });
  return { report, rejects: [kept], reasons: countReasons(all) };
}

/** A bad row is kept as its text alone, so any of its cells may be the id of somebody who was erased. */
function rejectsWithoutErased(rejected: RejectedRow[], { digest, hashOf }: Erased): RejectedRow[] {
  if (digest === null) return rejected;
  return rejected.filter(({ raw }) => cellsOf(raw).every((cell) => hashOf(cell) === null));
}

const withoutCsv = (key: string): string => key.replace(/\.csv$/i, '');

function problemOf(error: unknown): RunProblem {
  if (error instanceof TableRejected) return { code: error.code, message: error.message, file: error.key };
  throw error;
}

function judgeReadings(run: Run, readings: SettledReading[], problems: RunProblem[]): void {
  const reports = readings.map(({ report }) => report);
  run.amend({
    files: readings.map(({ report, reasons }) => ({ ...report, reasons: reasons.map(withoutCell) })),
    rejects: readings.flatMap(({ rejects }) => rejects),
    counts: countsOf(reports),
  });
  const { maxBadRowShare } = run.settings;
  const all = [...problems, ...readings.flatMap((reading) => tooManyBadRows(reading, maxBadRowShare))];
  if (all.length > 0) throw new RunRejected(all);
}

/** A reason quotes the cell at fault, which may be somebody's: it stands beside the row in `rejects/`, and in no record. */
const withoutCell = ({ reason, ...counted }: ReasonCount): ReasonCount => ({
  ...counted,
  reason: reason.replace(/"[^"]*"/g, '"…"'),
});

function rejectTooManyRows({ plan, settings }: Run, readings: SettledReading[]): void {
  const rows = readings.reduce((sum, { report }) => sum + report.rowsIn, 0);
  const { maxRows } = settings.limits;
  if (rows > maxRows)
    rejectRun(
      'tooManyRows',
      `the files of ${plan.dataset} have more than the ${maxRows} rows of limits.maxRows, ${rows} up to ${readings.at(-1)?.report.key}: leave out what is old, or raise the limit in settings.json`,
    );
}

function tooManyBadRows({ report, rejects }: SettledReading, maxShare: number): RunProblem[] {
  const { key, rowsIn, rowsQuarantined } = report;
  if (rowsQuarantined <= maxShare * rowsIn) return [];
  const message =
    `${rowsQuarantined} of ${rowsIn} rows of ${key} are bad, more than the ${maxShare * 100} % that maxBadRowShare allows; ` +
    `each stands with its line and reason in ${rejects.join(', ')}`;
  return [{ code: 'tooManyBadRows', message, file: key }];
}

function countsOf(reports: TableReport[]): Record<string, number> {
  const total = (count: (report: TableReport) => number) =>
    reports.reduce((sum, report) => sum + count(report), 0);
  return {
    rowsIn: total(({ rowsIn }) => rowsIn),
    rowsOk: total(({ rowsOk }) => rowsOk),
    rowsQuarantined: total(({ rowsQuarantined }) => rowsQuarantined),
  };
}
