import { qualityReportSchema } from '../../lib/features/qualityReport.ts';
import { BadCursor } from '../../lib/store/byTime.ts';
import { PageMissing, readList } from '../../lib/store/pages.ts';
import { listRuns, readRun } from '../../lib/store/runs.ts';
import type { Table } from '../../lib/store/table.ts';
import { badCursor } from './cursor.ts';
import { runIdSchema } from './ofRun.ts';
import { Problem } from './problem.ts';
import { route } from './route.ts';
import { runListSchema, runSchema, runSummarySchema, runsQuery } from './schemas.ts';

export const runsRoute = route(
  {
    method: 'GET',
    path: '/runs',
    operationId: 'listRuns',
    summary: 'The runs, newest first',
    tag: 'runs',
    problems: ['invalidRequest'],
    query: runsQuery,
    answer: runListSchema,
  },
  async ({ query }, { table }) => {
    const { limit, cursor, dataset } = query;
    const part = await listRuns(table, {
      limit,
      ...(cursor !== undefined && { cursor }),
      ...(dataset !== undefined && { dataset }),
    }).catch(refuseBadCursor);
    return {
      runs: part.runs.map((run) => runSummarySchema.parse(run)),
      ...(part.cursor !== null && { cursor: part.cursor }),
    };
  },
);

export const runRoute = route(
  {
    method: 'GET',
    path: '/runs/{runId}',
    operationId: 'getRun',
    summary: 'One run: what went in, what came of it, and what was wrong',
    tag: 'runs',
    problems: ['notFound'],
    parameters: { runId: 'As GET /runs lists it.' },
    answer: runSchema,
  },
  async ({ parameters }, { table }) => {
    const runId = runIdSchema.safeParse(parameters.runId);
    const run = runId.success && (await readRun(table, runId.data));
    if (!run) throw new Problem('notFound', 'there is no run with this id; a record is kept for 400 days');
    return run;
  },
);

export const qualityRoute = route(
  {
    method: 'GET',
    path: '/runs/{runId}/quality',
    operationId: 'getQuality',
    summary: 'What the order history of a run is like, and how far it moved from the run before',
    tag: 'runs',
    problems: ['notFound'],
    parameters: { runId: 'A run of the dataset orders, as GET /runs lists it.' },
    answer: qualityReportSchema,
  },
  async ({ parameters }, { table }) => {
    const runId = runIdSchema.safeParse(parameters.runId);
    const report = runId.success && (await readReport(table, runId.data));
    if (!report)
      throw new Problem('notFound', 'there is no quality report of this run; runs of orders/ have one');
    return qualityReportSchema.parse(report);
  },
);

async function readReport(table: Table, runId: string): Promise<unknown> {
  try {
    const { values } = await readList(table, { runId, name: 'quality', limit: 1 });
    return values[0];
  } catch (error) {
    if (error instanceof PageMissing) return null;
    throw error;
  }
}

function refuseBadCursor(error: unknown): never {
  throw error instanceof BadCursor ? badCursor() : error;
}
