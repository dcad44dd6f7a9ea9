import { recogniseTable } from '../../lib/tables/recognise.ts';
import type { ApiWiring, FileAccess } from '../wiring/apiWiring.ts';
import { uploadRequestSchema, uploadSchema } from './fileSchemas.ts';
import { Problem } from './problem.ts';
import { route } from './route.ts';

/** Long enough for a slow line to begin; an upload under way is not cut off. */
const lifeSeconds = 900;

export const uploadsRoute = route(
  {
    method: 'POST',
    path: '/uploads',
    operationId: 'prepareUpload',
    summary: 'Says what a CSV is, by its first lines, and where it can be uploaded to',
    description:
      'The file itself goes straight to the bucket, by a PUT to `upload.url` with `upload.headers`. Asking uploads nothing and keeps nothing.',
    tag: 'files',
    problems: ['tooLarge', 'invalidRequest'],
    body: uploadRequestSchema,
    answer: uploadSchema,
  },
  async ({ body }, wiring) => {
    const name = safeName(body.fileName);
    const head = Buffer.from(body.head, 'base64');
    const recognised = await recogniseTable({ key: name, open: () => once(head) });
    const folder = body.folder ?? recognised.folder;
    const { readings } = recognised;
    if (folder === null) return { folder, readings, upload: null };
    const key = `${folder}/${name}`;
    const upload = await placeFor(wiring, { key, sizeBytes: body.sizeBytes });
    return { folder, readings, upload };
  },
);

async function placeFor(wiring: ApiWiring, { key, sizeBytes }: { key: string; sizeBytes: number }) {
  const files = filesOf(wiring);
  const contentType = key.endsWith('.gz') ? 'application/gzip' : 'text/csv';
  const [replaces, url] = await Promise.all([
    files.isUploaded(key),
    files.presignUpload({ key, sizeBytes, contentType, expiresInSeconds: lifeSeconds }),
  ]);
  const expiresAt = new Date(wiring.clock() + lifeSeconds * 1000).toISOString();
  return { key, replaces, method: 'PUT' as const, url, headers: { 'content-type': contentType }, expiresAt };
}

/** The last part of a path, without what makes trouble in a key or in a file's name. */
export function safeName(fileName: string): string {
  const last = fileName.split(/[\\/]/).at(-1) ?? '';
  const name = last
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}"*:<>?|]+/gu, '')
    .trim();
  if (!/^.+\.csv(\.gz)?$/i.test(name))
    throw new Problem('invalidRequest', 'the file is no CSV by its name', {
      errors: [{ path: 'fileName', message: 'must end in .csv or .csv.gz; save the table as CSV (UTF-8)' }],
    });
  return name;
}

export function filesOf({ files }: ApiWiring): FileAccess {
  if (files === undefined) throw new Error('filesOf: this function was wired without access to files');
  return files;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}
