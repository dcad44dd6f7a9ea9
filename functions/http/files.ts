import { listPointers } from '../../lib/store/pointer.ts';
import { fileListSchema, fileSchema } from './fileSchemas.ts';
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
    summary: 'Where a file of results can be downloaded, or the rows that a run set aside',
    tag: 'files',
    problems: ['notFound'],
    parameters: { key: 'As GET /files lists it, or as `rejects` of a run names it.' },
    answer: fileSchema,
  },
  async ({ parameters }, wiring) => {
    const key = parameters.key as string;
    const files = filesOf(wiring);
    if (!(isRejects(key) || (await isLasting(wiring, key))) || !(await files.isResult(key)))
      throw noSuchFile();
    const url = await files.presignDownload({ key, expiresInSeconds: lifeSeconds });
    return { key, url, expiresAt: new Date(wiring.clock() + lifeSeconds * 1000).toISOString() };
  },
);

const isRejects = (key: string): boolean => /^rejects\/.+\.csv$/.test(key);

async function isLasting({ table }: Parameters<typeof filesOf>[0], key: string): Promise<boolean> {
  const pointers = await listPointers(table);
  return pointers.some(({ lastingFiles }) => lastingFiles.includes(key));
}

const noSuchFile = (): Problem =>
  new Problem('notFound', 'no published run has a file with this key; GET /files lists those that are there');
