import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { parseAddress } from './address.ts';
import { Buckets } from './buckets.ts';
import type { S3Call } from './call.ts';
import { corsHeaders, preflight } from './cors.ts';
import type { ObjectEvent } from './model.ts';
import { refuse, send } from './reply.ts';
import { operationFor } from './routes.ts';
import { type Credentials, checkExpiry, checkSignature } from './signature.ts';

export interface LocalS3Options {
  /** 0 takes any free port. */
  port: number;
  host?: string;
  /** Where buckets live; made when it does not exist. One server at a time. */
  directory: string;
  /** With these, a request must be signed with them; without, any credentials will do, and none. */
  credentials?: Credentials;
  /** Called once for each change, in order, when it is on disk. */
  onEvent?: (event: ObjectEvent) => void;
}

export interface LocalS3 {
  port: number;
  endpoint: string;
  /** Ends open connections at once. What is stored stays. */
  stop(): Promise<void>;
}

/** A local S3. Rejects with the code EADDRINUSE where the port is taken, before it touches the directory. */
export async function startLocalS3(options: LocalS3Options): Promise<LocalS3> {
  const { port, host = '127.0.0.1', directory } = options;
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0, maxHeaderSize: 64 * 1024 });
  await listen(server, { port, host });
  const buckets = await openOrClose(server, resolve(directory));
  const underWay = new Set<Promise<void>>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const served = serve(request, response, { buckets, options }).finally(() => underWay.delete(served));
    underWay.add(served);
  });
  const bound = (server.address() as AddressInfo).port;
  let stopped: Promise<void> | undefined;
  return {
    port: bound,
    endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    stop: () => {
      stopped ??= stop(server, { buckets, underWay });
      return stopped;
    },
  };
}

const listen = (server: Server, { port, host }: { port: number; host: string }): Promise<void> =>
  new Promise((fulfil, reject) => {
    server.once('error', reject).listen(port, host, () => {
      server.off('error', reject);
      fulfil();
    });
  });

async function openOrClose(server: Server, directory: string): Promise<Buckets> {
  try {
    return new Buckets(directory);
  } catch (error) {
    await new Promise((closed) => server.close(closed));
    throw error;
  }
}

interface Running {
  buckets: Buckets;
  underWay: Set<Promise<void>>;
}

async function stop(server: Server, { buckets, underWay }: Running): Promise<void> {
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
  await Promise.all(underWay);
  buckets.close();
}

interface Serving {
  buckets: Buckets;
  options: LocalS3Options;
}

async function serve(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  try {
    const call = toCall(request, serving);
    for (const [name, value] of Object.entries(corsHeaders(call))) response.setHeader(name, value);
    if (call.method === 'OPTIONS') {
      await send(response, preflight(call));
      return;
    }
    checkExpiry(call, Date.now());
    if (serving.options.credentials) checkSignature(call, serving.options.credentials, Date.now());
    await send(response, await operationFor(call)(call));
  } catch (error) {
    await refuse(request, response, error);
  }
}

function toCall(request: IncomingMessage, { buckets, options }: Serving): S3Call {
  const address = parseAddress(request);
  const hoisted = [...address.query].filter(([name]) => hoistable.test(name));
  return {
    ...address,
    method: request.method ?? 'GET',
    headers: { ...Object.fromEntries(hoisted), ...request.headers },
    stream: request,
    buckets,
    emit: (event) => {
      try {
        options.onEvent?.({ ...event, time: new Date().toISOString() });
      } catch (error) {
        // the object is stored, whatever the listener makes of it
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    },
  };
}

/**
 * A presigned address carries in its query what would have been headers. Not the checksum: the SDK for JavaScript
 * writes that of an empty body there, because it signs before there is another.
 */
const hoistable = /^x-amz-(?!checksum-(?!mode$)|sdk-checksum-)/;
