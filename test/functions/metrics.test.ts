import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  process.env.POWERTOOLS_METRICS_DISABLED = 'false';
  shop = await openShop();
});
afterAll(() => shop.close());

const table = 'customer_id,spend,frequency,browsing_minutes\nA,100,2,30\nB,50,1,x\nC,10,1,5\n';

test('a run tells what it read, and that nothing waits any more', async () => {
  await shop.upload('settings.json', '{"maxBadRowShare":0.5}');
  await shop.upload('customers/may.csv', table);
  const measured = await metricsOf(() => shop.segment());
  expect(measured).toContainEqual(
    expect.objectContaining({
      dataset: 'customers',
      RowsIn: 3,
      RowsQuarantined: 1,
      InputBytes: table.length,
    }),
  );
  expect(measured).toContainEqual(expect.objectContaining({ dataset: 'customers', SecondsBehind: 0 }));
  // the pages of a lookup and of three lists, and a record at least
  const [ofRun] = measured.filter((one) => 'RowsIn' in one);
  expect(ofRun).toMatchObject({
    ItemsWritten: expect.toSatisfy((count) => count > 5 && count < 30),
    Retries: 0,
  });
  const stages = measured.filter((one) => 'StageSeconds' in one).map(({ stage }) => stage);
  expect(stages).toEqual(['read', 'write', 'publish']);
});

test('a model is told with its held-out quality, and what had to be sent again is counted', async () => {
  const { dataWiring } = await import('../../functions/wiring/dataWiring.ts');
  const { client } = dataWiring().table;
  let throttlings = 2;
  client.middlewareStack.add(
    (next) => async (args) => {
      if (throttlings-- > 0)
        throw Object.assign(new Error('slow down'), {
          ...{ name: 'ThrottlingException', $fault: 'client', $retryable: { throttling: true } },
          $metadata: { httpStatusCode: 400 },
        });
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low', name: 'throttled' },
  );
  const rows = Array.from(
    { length: 200 },
    (_, row) => `t${row},${row % 10},${Number(row % 10 > 4 !== (row % 7 === 0))}`,
  );
  await shop.upload('training/may.csv', `customer_id,visits,purchased\n${rows.join('\n')}\n`);
  const { calls } = dataWiring();
  const measured = await metricsOf(async () => {
    calls();
    throttlings = 2;
    await dataWiring().table.client.send(new ListTablesCommand({}));
    expect(calls().retries).toBe(2);
    await shop.train();
  });
  client.middlewareStack.remove('throttled');
  const [ofModel] = measured.filter((one) => 'RowsIn' in one);
  expect(ofModel).toMatchObject({
    dataset: 'training',
    ModelLogLoss: expect.toSatisfy((loss) => loss > 0 && loss < 0.7),
  });
});

test('an upload that cannot be published is told to be waiting, look after look', async () => {
  await shop.upload('settings.json', '{"nonsense":1}');
  for (const look of ['the rejection', 'the sweep after it'])
    expect(await metricsOf(() => shop.segment()), look).toContainEqual(
      expect.objectContaining({ dataset: 'customers', SecondsBehind: expect.toSatisfy((s) => s > 0) }),
    );
});

test('the log has a line for each choice and each note, under the id of the request, and no cell of the upload', async () => {
  const { handler } = await import('../../functions/segment.ts');
  const { dataWiring } = await import('../../functions/wiring/dataWiring.ts');
  const platform = dataWiring();
  const said: Record<string, unknown>[] = [];
  const log = vi
    .spyOn(platform, 'log')
    .mockImplementation((message, facts) => void said.push({ message, ...facts }));
  await shop.upload('settings.json', '{"maxBadRowShare":0.5}');
  await shop.upload(
    'customers/may.csv',
    'customer_id,spend,frequency,browsing_minutes\nanna,1234.5,2,30\nanna,50,1,9\nbo,10,1,5\n',
  );
  await handler({}, { awsRequestId: 'request-1' });
  log.mockRestore();
  const of = { dataset: 'customers', requestId: 'request-1', runId: expect.any(String) };
  expect(said).toContainEqual({ ...of, message: 'chosen', choice: 'method', chosen: 'quantile' });
  expect(said).toContainEqual({ ...of, message: 'noted', code: 'repeatedCustomer', count: 1 });
  expect(said.every(({ requestId }) => requestId === 'request-1')).toBe(true);
  expect(JSON.stringify(said)).not.toMatch(/1234|anna/);
});

/** Metrics are lines of the log, in CloudWatch's embedded format. */
async function metricsOf(work: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const lines: string[] = [];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  try {
    await work();
  } finally {
    stdout.mockRestore();
  }
  return lines.filter((line) => line.includes('"_aws"')).map((line) => JSON.parse(line));
}
