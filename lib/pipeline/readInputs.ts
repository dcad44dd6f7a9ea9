import { deleteObject, openObject, putObject } from '../store/objects.ts';
import type { RunProblem } from '../store/runs.ts';
import { rejectsCsv } from '../tables/csv.ts';
import { type RejectedRow, TableRejected, type TableReport, type TableSource } from '../tables/types.ts';
import type { RunInput } from './plan.ts';
import { RunRejected } from './rejection.ts';
import type { Run } from './run.ts';

export interface FileReading {
  report: TableReport;
  rejected: RejectedRow[];
}

/** Reads every input with `read`, in key order; files that cannot be read at all are told together, not one by one. */
export async function readEachInput<Reading extends FileReading>(
  run: Run,
  read: (source: TableSource) => Promise<Reading>,
): Promise<Reading[]> {
  const readings: Reading[] = [];
  const problems: RunProblem[] = [];
  for (const input of run.plan.inputs) {
    try {
      readings.push(await read(sourceOf(run, input)));
    } catch (error) {
      problems.push(problemOf(error));
    }
  }
  await settleReadings(run, readings, problems);
  return readings;
}

/** Reads all inputs as one table with `read`. */
export async function readInputsTogether<Reading extends { files: FileReading[] }>(
  run: Run,
  read: (sources: TableSource[]) => Promise<Reading>,
): Promise<Reading> {
  try {
    const reading = await read(run.plan.inputs.map((input) => sourceOf(run, input)));
    await settleReadings(run, reading.files, []);
    return reading;
  } catch (error) {
    throw new RunRejected([problemOf(error)]);
  }
}

function sourceOf({ platform }: Run, { key, etag }: RunInput): TableSource {
  return {
    key,
    open: () => openObject(platform.objects, { bucket: platform.uploadsBucket, key, ifMatch: etag }),
  };
}

function problemOf(error: unknown): RunProblem {
  if (error instanceof TableRejected) return { code: error.code, message: error.message, file: error.key };
  throw error;
}

/** Tells what was read, keeps every bad row where the user can see it, and stops the run when there are too many. */
async function settleReadings(run: Run, readings: FileReading[], problems: RunProblem[]): Promise<void> {
  const rejects: string[] = [];
  for (const reading of readings) rejects.push(...(await keepRejects(run, reading)));
  const reports = readings.map(({ report }) => report);
  run.amend({ files: reports, rejects, counts: countsOf(reports) });
  const all = [
    ...problems,
    ...reports.flatMap((report) => tooManyBadRows(report, run.settings.maxBadRowShare)),
  ];
  if (all.length > 0) throw new RunRejected(all);
}

async function keepRejects({ platform }: Run, { report, rejected }: FileReading): Promise<string[]> {
  const { objects, resultsBucket: bucket } = platform;
  const key = `rejects/${report.key.replace(/\.csv$/i, '')}.csv`;
  if (rejected.length === 0) {
    await deleteObject(objects, { bucket, key });
    return [];
  }
  await putObject(objects, {
    bucket,
    key,
    body: rejectsCsv(rejected),
    contentType: 'text/csv; charset=utf-8',
  });
  return [key];
}

function tooManyBadRows(report: TableReport, maxShare: number): RunProblem[] {
  const { key, rowsIn, rowsQuarantined } = report;
  if (rowsQuarantined <= maxShare * rowsIn) return [];
  const message =
    `${rowsQuarantined} of ${rowsIn} rows of ${key} are bad, more than the ${maxShare * 100} % that maxBadRowShare allows; ` +
    `each stands with its line and reason in rejects/${key.replace(/\.csv$/i, '')}.csv`;
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
