import { randomUUID } from 'node:crypto';
import { appendFile, mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import * as z from 'zod/mini';

export interface LocalEvents {
  endpoint: string;
  stop(): Promise<void>;
}

const putEventsSchema = z.object({
  Entries: z
    .array(
      z.object({
        Source: z.string().check(z.minLength(1)),
        DetailType: z.string().check(z.minLength(1)),
        Detail: z.string(),
        EventBusName: z._default(z.string(), 'default'),
      }),
    )
    .check(z.minLength(1), z.maxLength(10)),
});

/** EventBridge's PutEvents on this machine: what is sent goes to a file, one event a line. Port 0 takes any. */
export async function startLocalEvents({ port, file }: { port: number; file: string }): Promise<LocalEvents> {
  await mkdir(dirname(file), { recursive: true });
  const server = createServer((request, response) => {
    void answer(request, file).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${bound}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, file: string): Promise<{ status: number; body: object }> {
  try {
    if (request.headers['x-amz-target'] !== 'AWSEvents.PutEvents')
      return refused('UnknownOperationException', 'the local event bus knows PutEvents alone');
    const parsed = putEventsSchema.safeParse(JSON.parse(await textOf(request)));
    if (!parsed.success) return refused('ValidationException', z.prettifyError(parsed.error));
    const events = parsed.data.Entries.map((entry) => ({
      id: randomUUID(),
      'detail-type': entry.DetailType,
      source: entry.Source,
      bus: entry.EventBusName,
      detail: JSON.parse(entry.Detail) as unknown,
    }));
    await appendFile(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    return { status: 200, body: { FailedEntryCount: 0, Entries: events.map(({ id }) => ({ EventId: id })) } };
  } catch (error) {
    return { status: 500, body: { __type: 'InternalException', message: String(error) } };
  }
}

const refused = (type: string, message: string) => ({ status: 400, body: { __type: type, message } });

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
