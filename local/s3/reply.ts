import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Reply } from './call.ts';
import { S3Error } from './errors.ts';
import { element, xmlDocument } from './xml.ts';

export async function send(
  response: ServerResponse,
  { status, headers = {}, body = '' }: S3Reply,
): Promise<void> {
  response.writeHead(status, { ...identity(), ...lengthOf(body, { status, headers }), ...headers });
  if (body instanceof Readable) await pipeline(body, response);
  else response.end(body);
}

/** The body of a refused request is read to its end, for a client in the middle of sending would miss the answer. */
export async function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
): Promise<void> {
  if (response.headersSent || (request.destroyed && !request.complete)) {
    response.destroy();
    return;
  }
  if (!request.complete) await drained(request);
  const refusal = error instanceof S3Error ? error : new S3Error('InternalError', {}, String(error));
  if (!(error instanceof S3Error)) process.emitWarning(error instanceof Error ? error : String(error));
  const body = errorDocument(request, refusal);
  await send(response, { status: refusal.status, headers: { 'content-type': 'application/xml' }, body });
}

function errorDocument(request: IncomingMessage, { code, message, details }: S3Error): string {
  return xmlDocument('Error', [
    element('Code', code),
    element('Message', message),
    ...Object.entries(details).map(([name, value]) => element(name, value)),
    element('Resource', request.url?.replace(/\?.*$/, '')),
  ]);
}

const identity = () => ({
  server: 'valuecast-local-s3',
  'x-amz-request-id': randomBytes(8).toString('hex').toUpperCase(),
});

function lengthOf(
  body: NonNullable<S3Reply['body']>,
  { status, headers }: Required<Pick<S3Reply, 'status' | 'headers'>>,
) {
  if (status === 204 || status === 304 || 'content-length' in headers || body instanceof Readable) return {};
  return { 'content-length': Buffer.byteLength(body) };
}

const drained = (request: IncomingMessage): Promise<void> =>
  new Promise((done) => {
    request.once('end', done).once('close', done).resume();
  });
