import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { projectDirectory } from '../local/cloud.ts';
import { readServiceFile } from '../local/service-file.ts';
import { startApartCloud } from './apartCloud.ts';
import type { CostRecord, Usage } from './costRecord.ts';
import { writeShop } from './drawShop.ts';
import { machine } from './measure.ts';

/**
 * `npm run bench:cost -- --customers 50000`: what each function asks of S3 and DynamoDB, and how long it runs, from a shop's CSV to all that
 * is published of it; then what a sweep takes that finds nothing to do, and a request. Written to bench/records/cost.json, of which
 * `npm run cost` makes money.
 */
const { values: given } = parseArgs({ options: { customers: { type: 'string', default: '50000' } } });
const customers = Number(given.customers);
const names = ['orders', 'train', 'score', 'campaigns', 'products', 'report', 'erase'] as const;
const requests = 300;
type Calls = Omit<Usage, 'memoryMb' | 'seconds'>;
const none: Calls = { writeUnits: 0, readUnits: 0, s3Puts: 0, s3Gets: 0 };

const directory = await mkdtemp(join(tmpdir(), 'valuecast-bench-'));
const cloud = await startApartCloud(directory);
try {
  const path = join(directory, 'orders.csv.gz');
  const lines = await writeShop(path, { customers });
  const { size: inputBytes } = await stat(path);
  const s3 = new S3Client({});
  const Body = createReadStream(path);
  const upload = {
    Bucket: process.env.UPLOADS_BUCKET,
    Key: 'orders/all.csv.gz',
    Body,
    ContentLength: inputBytes,
  };
  await s3.send(new PutObjectCommand(upload));
  const { apiWiring } = await import('../functions/wiring/apiWiring.ts');
  const { dataWiring } = await import('../functions/wiring/dataWiring.ts');
  const counter = countCalls();
  counter.watchTable(dataWiring().table.client);
  counter.watchObjects(dataWiring().objects.client);
  counter.watchTable(apiWiring().table.client);
  const { functions } = readServiceFile(projectDirectory);
  const runAll = async () => {
    const usages: Record<string, Usage> = {};
    for (const name of names) {
      const { handler } = await import(join(projectDirectory, `functions/${name}.ts`));
      const from = performance.now();
      await handler({});
      const seconds = (performance.now() - from) / 1000;
      process.stderr.write(`${name} ${seconds.toFixed(1)} s\n`);
      usages[name] = { memoryMb: functions[name]?.memorySize ?? 1024, seconds, ...counter.take() };
    }
    return usages;
  };
  const run = await runAll();
  const sweep = await runAll();
  const record: CostRecord = {
    command: `npm run bench:cost -- --customers ${customers}`,
    machine: machine(),
    ...{ customers, lines, inputBytes, run, sweep },
    request: { memoryMb: functions.api?.memorySize ?? 1024, ...(await ask()), ...counter.take(requests) },
    resultBytes: await bytesOf(s3, process.env.RESULTS_BUCKET ?? ''),
  };
  await writeFile(join(projectDirectory, 'bench/records/cost.json'), `${JSON.stringify(record, null, 2)}\n`);
} finally {
  cloud.kill();
  await rm(directory, { recursive: true, force: true });
}

/** Seconds of one `GET /customers/{id}`, one after the other. */
async function ask(): Promise<{ seconds: number }> {
  const { handler } = await import('../functions/api.ts');
  const from = performance.now();
  for (let at = 0; at < requests; at++) {
    const rawPath = `/customers/C${(at * 37) % customers}`;
    await handler({ rawPath, rawQueryString: '', requestContext: { http: { method: 'GET' } } });
  }
  return { seconds: (performance.now() - from) / 1000 / requests };
}

/** As DynamoDB and S3 count them: units of 1 KB written and 4 KB read; puts, copies and listings beside all that reads. */
function countCalls() {
  let calls = { ...none };
  const s3Free = ['DeleteObjectCommand'];
  const s3Puts = ['PutObjectCommand', 'CopyObjectCommand', 'ListObjectsV2Command'];
  const add = (name: keyof Calls, count: number) => {
    calls[name] += count;
  };
  return {
    take(per = 1): Calls {
      const taken = calls;
      calls = { ...none };
      return Object.fromEntries(
        Object.entries(taken).map(([name, count]) => [name, count / per]),
      ) as unknown as Calls;
    },
    watchTable(client: DynamoDBClient): void {
      client.middlewareStack.add(
        (next, { commandName = '' }) =>
          async (args) => {
            const answer = await next({
              ...args,
              input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } as never,
            });
            const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: Capacity | Capacity[] };
            const units = [ConsumedCapacity ?? []]
              .flat()
              .reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
            add(/^(BatchWrite|Put|Update|Delete)Item/.test(commandName) ? 'writeUnits' : 'readUnits', units);
            return answer;
          },
        { step: 'initialize' },
      );
    },
    watchObjects(client: S3Client): void {
      client.middlewareStack.add(
        (next, { commandName = '' }) =>
          async (args) => {
            if (!s3Free.includes(commandName)) add(s3Puts.includes(commandName) ? 's3Puts' : 's3Gets', 1);
            return next(args);
          },
        { step: 'initialize' },
      );
    },
  };
}

interface Capacity {
  CapacityUnits?: number;
}

async function bytesOf(s3: S3Client, Bucket: string): Promise<number> {
  let bytes = 0;
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken }));
    for (const { Size = 0 } of page.Contents ?? []) bytes += Size;
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return bytes;
}
