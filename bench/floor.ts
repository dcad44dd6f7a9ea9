import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The least that answers the same questions: customers of a CSV in a Map, bids by a formula, nothing stored and nothing
 * checked. `floor.ts <customers.csv>` prints its port.
 */

const [header = '', ...lines] = readFileSync(process.argv[2] ?? '', 'utf8')
  .trimEnd()
  .split('\n');
const names = header.split(',');
const customers = new Map(lines.map((line) => [line.split(',', 1)[0], entryOf(line)]));

const server = createServer(async (request, response) => {
  const answer = request.method === 'POST' ? bidsOn(await bodyOf(request)) : customerAt(request.url);
  response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer ?? {}));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));

function entryOf(line: string): Record<string, string | undefined> {
  return Object.fromEntries(line.split(',').map((cell, at) => [names[at], cell]));
}

function customerAt(path = ''): unknown {
  return customers.get(decodeURIComponent(path.replace('/customers/', '')));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

function bidsOn(body: string): unknown {
  const { ads } = JSON.parse(body) as { ads: { clickRate: number; conversionRate: number }[] };
  return { bids: ads.map((ad) => ({ ...ad, suggestedBid: 1.2 * (10_000 * ad.conversionRate - 100) })) };
}
