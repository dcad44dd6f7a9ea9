import { createServer } from 'node:http';
import { handler } from '../functions/api.ts';

/**
 * The API's handler behind node:http, in a process of its own: prints its port. In place of the HTTP server of the local cloud, which ends
 * a request that waited for ten seconds, as it would one that took as long. As an instance on AWS does one request at a time, so this
 * does no more than there are such instances, and the others wait for them.
 */
const instances = 10;
const waiting: (() => void)[] = [];
let busy = 0;

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (busy === instances) await new Promise<void>((resolve) => waiting.push(resolve));
  else busy++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else busy--;
  }
}

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const [rawPath = '', rawQueryString = ''] = (request.url ?? '').split('?');
  const event = {
    ...{ version: '2.0', routeKey: '$default', rawPath, rawQueryString, headers: request.headers },
    ...{ requestContext: { requestId: 'load', http: { method: request.method, path: rawPath } } },
    ...{ body: Buffer.concat(chunks).toString(), isBase64Encoded: false },
  };
  const { statusCode, headers, body } = await inTurn(() => handler(event));
  response.writeHead(statusCode ?? 500, headers as Record<string, string>).end(body);
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as { port: number }).port));
