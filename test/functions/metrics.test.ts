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
});

test('an upload that cannot be published is told to be waiting, look after look', async () => {
  await shop.upload('settings.json', '{"nonsense":1}');
  for (const look of ['the rejection', 'the sweep after it'])
    expect(await metricsOf(() => shop.segment()), look).toContainEqual(
      expect.objectContaining({ dataset: 'customers', SecondsBehind: expect.toSatisfy((s) => s > 0) }),
    );
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
