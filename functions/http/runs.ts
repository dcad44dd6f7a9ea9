import { BadCursor, listRuns, readRun } from '../../lib/store/runs.ts';
import { badCursor } from './cursor.ts';
import { Problem } from './problem.ts';
import { route } from './route.ts';
import { runIdSchema, runListSchema, runSchema, runSummarySchema, runsQuery } from './schemas.ts';

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

function refuseBadCursor(error: unknown): never {
  throw error instanceof BadCursor ? badCursor() : error;
}
