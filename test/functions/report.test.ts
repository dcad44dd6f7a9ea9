import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { demoShop } from '../../local/demo-shop.ts';
import { formatsOf } from '../../web/charts/formats.ts';
import { openShop, type Shop } from '../support/shop.ts';

const fileOf = (key: string): string => demo.files.find((file) => file.key === key)?.body ?? '';
const demo = demoShop({ seed: 11, customers: 300 });
const formats = formatsOf('en');

describe('the report of a published run', () => {
  let shop: Shop;
  const reports = () => shop.written('reports/');
  const reportOf = async (runId: string): Promise<string> =>
    (await shop.result(`reports/${runId}.html`)) ?? '';

  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  test('is not there before anything is published', async () => {
    await shop.report();
    expect((await reports()).size).toBe(0);
  });

  test('tells what the API tells, and what is missing', async () => {
    await shop.upload('orders/demo.csv', fileOf('orders/demo.csv'));
    await shop.orders();
    await shop.report();
    const { runId } = await shop.lastRun('orders');
    const page = await reportOf(runId);
    const { history } = (await shop.get('/segments')).body;
    for (const amount of [history.total.historic, history.total.next12m, history.total.low])
      expect(page).toContain(formats.money(amount, history.currency));
    const quality = (await shop.get(`/runs/${runId}/quality`)).body;
    expect(page).toContain(
      `${formats.count(quality.rows.rowsOk)} of ${formats.count(quality.rows.rowsIn)} rows`,
    );
    expect(page).toContain('Upload an ads export (ads/)');
    expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
  });

  test('is written again when something is published beside its run, and only then', async () => {
    const before = await reports();
    const asked = vi.spyOn(DynamoDBClient.prototype, 'send');
    await shop.report();
    expect(await reports()).toEqual(before);
    // what is published was listed, and nothing of it read
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockRestore();
    await shop.upload('ads/demo.csv', fileOf('ads/demo.csv'));
    await shop.bid();
    await shop.report();
    const [orders, ads] = await Promise.all([shop.lastRun('orders'), shop.lastRun('ads')]);
    expect([...(await reports()).keys()].sort()).toEqual(
      [orders, ads].map(({ runId }) => `reports/${runId}.html`).sort(),
    );
    const { bids } = (await shop.get('/bids?limit=500')).body;
    const most = bids.toSorted(
      (a: { evidence: { clicks: number } }, b: { evidence: { clicks: number } }) =>
        b.evidence.clicks - a.evidence.clicks,
    )[0];
    for (const { runId } of [orders, ads]) {
      const page = await reportOf(runId);
      expect(page).toContain(`<td class="words">${most.id}</td>`);
      expect(page).toContain(formats.micros(most.suggestedBidMicros, 'USD'));
    }
  });

  test('is where the API sends a browser; a run without one is not found', async () => {
    const { runId } = await shop.lastRun('orders');
    const { status, location, body } = await shop.get(`/runs/${runId}/report`);
    expect(status).toBe(302);
    expect(location).toBe(body.url);
    const shown = await fetch(body.url);
    expect(shown.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(shown.headers.get('content-disposition')).toMatch(/^inline/);
    expect(await shown.text()).toBe(await reportOf(runId));
    const file = await shop.get(`/files/${encodeURIComponent(`reports/${runId}.html`)}`);
    const saved = await fetch(file.body.url);
    expect(saved.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(await saved.text()).toBe(await reportOf(runId));
    for (const none of ['0123456789abcdef0123', 'x']) {
      expect((await shop.get(`/runs/${none}/report`)).status).toBe(404);
      expect((await shop.get(`/files/${encodeURIComponent(`reports/${none}.html`)}`)).status).toBe(404);
    }
  });

  test('is in the language of the settings', async () => {
    await shop.upload('settings.json', JSON.stringify({ words: { language: 'zh' } }));
    await shop.report();
    const { runId } = await shop.lastRun('orders');
    expect(await reportOf(runId)).toContain('<html lang="zh-CN">');
  });
});

test('each published dataset asks for a report, and so does the sweep', () => {
  const service = readFileSync('serverless.yml', 'utf8');
  const [, report = ''] = service.split(/^ {2}report:\n/m);
  expect(report.split(/^ {2}\w+:\n/m)[0]).toMatch(/wildcard: published\/\*\.json[\s\S]*\*sweep/);
});
