import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterEach, expect, test } from 'vitest';
import { sendEvents } from '../../../lib/store/events.ts';

let server: Server | null = null;
afterEach(() => server?.close());

/** A bus that answers each request as `refuses` tells of its entries, by their ids. */
async function busThat(refuses: (id: string, request: number) => boolean) {
  const batches: string[][] = [];
  server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const ids: string[] = JSON.parse(text).Entries.map(
      ({ Detail }: { Detail: string }) => JSON.parse(Detail).id,
    );
    batches.push(ids);
    const Entries = ids.map((id) =>
      refuses(id, batches.length) ? { ErrorCode: 'ThrottlingException' } : { EventId: `e-${id}` },
    );
    const FailedEntryCount = Entries.filter((entry) => 'ErrorCode' in entry).length;
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ FailedEntryCount, Entries }));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new EventBridgeClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials,
  });
  return { events: { client, busName: 'default' }, batches };
}

const moves = (count: number) => Array.from({ length: count }, (_, at) => ({ id: String(at) }));
const kind = { source: 'valuecast', detailType: 'Customer Segment Changed' };

test('events go in batches of ten, and those that were refused go again, alone', async () => {
  const { events, batches } = await busThat((id, request) => request <= 3 && Number(id) % 4 === 0);
  await sendEvents(events, { ...kind, details: moves(23) }, { firstWaitMs: 1 });
  expect(Math.max(...batches.map(({ length }) => length))).toBe(10);
  const sent = batches.flat();
  expect(new Set(sent).size).toBe(23);
  const repeated = sent.filter((id, at) => sent.indexOf(id) < at);
  expect(repeated.length).toBeGreaterThan(0);
  expect(repeated.every((id) => Number(id) % 4 === 0)).toBe(true);
});

test('a bus that goes on refusing is an error that says so, and nothing is taken for sent', async () => {
  const { events } = await busThat((id) => id === '3');
  await expect(
    sendEvents(events, { ...kind, details: moves(5) }, { firstWaitMs: 1, deadlineSeconds: 0.05 }),
  ).rejects.toThrow('still refuses 1 of 5 events after 0.05 s: ThrottlingException');
});

test('nothing to tell asks for nothing', async () => {
  const { events, batches } = await busThat(() => false);
  await sendEvents(events, { ...kind, details: [] });
  expect(batches).toEqual([]);
});
