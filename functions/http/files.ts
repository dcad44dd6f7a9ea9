import { listPointers } from '../../lib/store/pointer.ts';
import { reportKey } from '../report/reportKey.ts';
import { fileListSchema, fileSchema } from './fileSchemas.ts';
import { runIdSchema } from './ofRun.ts';
import { Problem } from './problem.ts';
import { route } from './route.ts';
import { filesOf } from './uploads.ts';

const lifeSeconds = 300;

export const filesRoute = route(
  {
    method: 'GET',
    path: '/files',
    operationId: 'listFiles',
    summary: 'The files that published runs have written under lasting names',
    tag: 'files',
    problems: [],
    answer: fileListSchema,
  },
  async (_request, { table }) => {
    const pointers = await listPointers(table);
    return {
      files: pointers.flatMap(({ dataset, runId, asOf, lastingFiles }) =>
        lastingFiles.map((key) => ({ key, dataset, runId, asOf })),
      ),
    };
  },
);

export const fileRoute = route(
  {
    method: 'GET',
    path: '/files/{key}',
    operationId: 'getFile',
    summary: 'Where a file of results can be downloaded, a run’s report, or the rows that a run set aside',
    tag: 'files',
    problems: ['notFound'],
    parameters: { key: 'As GET /files lists it, as `rejects` of a run names it, or `reports/<runId>.html`.' },
    answer: fileSchema,
  },
  async ({ parameters }, wiring) => {
    const key = parameters.key as string;
    const files = filesOf(wiring);
    if (!(isRejects(key) || isReport(key) || (await isLasting(wiring, key))) || !(await files.isResult(key)))
      throw noSuchFile();
    const url = await files.presignDownload({ key, expiresInSeconds: lifeSeconds });
    return { key, url, expiresAt: new Date(wiring.clock() + lifeSeconds * 1000).toISOString() };
  },
);

export const reportRoute = route(
  {
    method: 'GET',
    path: '/runs/{runId}/report',
    operationId: 'getReport',
    summary: 'Sends a browser on to the report of a published run',
    tag: 'runs',
    problems: ['notFound'],
    parameters: { runId: 'As GET /runs lists it.' },
    answer: fileSchema,
    redirects: true,
  },
  async ({ parameters }, wiring) => {
    const runId = runIdSchema.safeParse(parameters.runId);
    const key = runId.success ? reportKey(runId.data) : null;
    const files = filesOf(wiring);
    if (key === null || !(await files.isResult(key))) throw noSuchReport();
    const url = await files.presignDownload({ key, expiresInSeconds: lifeSeconds, isShown: true });
    return { key, url, expiresAt: new Date(wiring.clock() + lifeSeconds * 1000).toISOString() };
  },
);

const noSuchReport = (): Problem =>
  new Problem('notFound', 'this run has no report; a published run has one a moment later, for 400 days');

const isReport = (key: string): boolean => /^reports\/[0-9a-f]{20}\.html$/.test(key);

const isRejects = (key: string): boolean => /^rejects\/.+\.csv$/.test(key);

async function isLasting({ table }: Parameters<typeof filesOf>[0], key: string): Promise<boolean> {
  const pointers = await listPointers(table);
  return pointers.some(({ lastingFiles }) => lastingFiles.includes(key));
}

const noSuchFile = (): Problem =>
  new Problem('notFound', 'no published run has a file with this key; GET /files lists those that are there');
