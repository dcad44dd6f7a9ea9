import type { RunDetail, RunList, UploadAnswer } from '../answers.ts';
import type { Api } from './api.ts';

/** One file's way from the reader's disk to the bucket, and to the run that reads it. */

/** Enough for column names below a report's title, in any encoding. */
const headBytes = 48 * 1024;

/** The first bytes of a file in base64, unzipped. */
export async function headOf(file: File): Promise<string> {
  const isZipped = /\.gz$/i.test(file.name);
  const bytes = isZipped
    ? await unzippedHead(file)
    : new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
  let binary = '';
  for (let from = 0; from < bytes.length; from += 4096)
    binary += String.fromCharCode(...bytes.subarray(from, from + 4096));
  return btoa(binary);
}

async function unzippedHead(file: File): Promise<Uint8Array> {
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const head = new Uint8Array(headBytes);
  let length = 0;
  while (length < headBytes) {
    const { done, value } = await reader.read();
    if (done) break;
    const part = value.subarray(0, headBytes - length);
    head.set(part, length);
    length += part.length;
  }
  await reader.cancel();
  return head.subarray(0, length);
}

type Place = NonNullable<UploadAnswer['upload']>;

/** Puts the file where the API said. Answers the ETag, by which the run that reads it is known. Rejects with S3's status, or 0. */
export function putFile(
  file: File,
  { method, url, headers }: Place,
  onProgress: (share: number) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status === 200) resolve((request.getResponseHeader('etag') ?? '').replaceAll('"', ''));
      else reject(new UploadFailed(request.status));
    };
    request.onerror = () => reject(new UploadFailed(0));
    request.send(file);
  });
}

export class UploadFailed extends Error {
  override readonly name = 'UploadFailed';
  constructor(readonly status: number) {
    super(`the upload was answered with ${status}`);
  }
}

/** The dataset that a key belongs to. */
export function datasetOf(key: string): string {
  const [folder = ''] = key.split('/');
  if (folder === 'scoring') return key;
  if (folder === 'contacts') return 'campaigns';
  return folder === 'events' ? 'orders' : folder;
}

/** The run that read these very bytes under this key: the newest of its dataset that has them among its inputs. */
export async function findRun(
  api: Api,
  { key, etag }: { key: string; etag: string },
  signal: AbortSignal,
): Promise<RunDetail | null> {
  const listed = await api.get<RunList>(
    `/runs?dataset=${encodeURIComponent(datasetOf(key))}&limit=5`,
    signal,
  );
  for (const { runId } of listed?.runs ?? []) {
    const run = await api.get<RunDetail>(`/runs/${runId}`, signal);
    if (run?.inputs.some((input) => input.key === key && input.etag === etag)) return run;
  }
  return null;
}

/** What builds on a dataset, in order; shown while it is made. */
export const followersOf = (dataset: string): string[] => {
  if (dataset === 'orders') return ['orders/model', 'orders/scores', 'products', 'campaigns'];
  return [];
};
