import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { chartContext } from '../../web/charts/context.ts';
import { settle, show } from './browser.ts';
import type { ShopOnline } from './shopOnline.ts';
import { figureOf, tableOf } from './steps.ts';

/** Each page of the dashboard beside what the API answers. */

const { say, formats } = chartContext('en', 'light');
const { count, money, percent, figure } = formats;

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever JSON came; the expectations below say what of it
type Json = any;

export async function expectViewsAsApi(page: Page, shop: ShopOnline): Promise<void> {
  const { history } = await shop.get('/segments');
  await expectOverview(page, history);
  await expectSegments(page, { history, cohorts: (await shop.get('/cohorts')).cohorts });
  const best = await expectCustomers(page, shop, history.currency);
  await expectProfile(page, shop, best);
  await expectModel(page, await shop.get('/models/purchase'));
  await expectCampaigns(page, await shop.get('/campaigns'));
  await expectCalls(page, await shop.get('/actions?limit=50'));
  await expectProducts(page, shop);
  await expectQuality(page, shop);
  await show(page, 'runs');
  const { runs } = await shop.get('/runs?limit=30');
  expect(await page.locator('section[aria-label="Runs"] tbody tr').count()).toBe(runs.length);
}

async function expectOverview(page: Page, { total, tiers, currency }: Json): Promise<void> {
  await show(page, 'overview');
  expect(await figureOf(page, 'Customers')).toContain(count(total.customers));
  expect(await figureOf(page, 'Spent so far')).toContain(money(total.historic, currency));
  if (total.next12m !== null)
    expect(await figureOf(page, 'Expected, next 12 months')).toContain(money(total.next12m, currency));
  expect(await tableOf(page, 'tiers')).toEqual(
    tiers.map((tier: Json) => expect.arrayContaining([tier.label.en, count(tier.customers)])),
  );
}

async function expectSegments(page: Page, { history, cohorts }: Json): Promise<void> {
  await show(page, 'segments');
  expect((await tableOf(page, 'groups')).map(([name, customers]) => [name, customers])).toEqual(
    history.rfmGroups.map(({ label, customers }: Json) => [label.en, count(customers)]),
  );
  expect((await tableOf(page, 'rfm')).map(([r, f, customers]) => [r, f, customers])).toEqual(
    history.rfmCells.map(({ r, f, customers }: Json) => [String(r), String(f), count(customers)]),
  );
  if (history.aliveCells.length > 0)
    expect((await tableOf(page, 'alive')).map(([, , , alive]) => alive)).toEqual(
      history.aliveCells.map(({ pAlive }: Json) => (pAlive === null ? '–' : percent(pAlive))),
    );
  const months = cohorts.flatMap((one: Json) => one.months.map((month: Json) => [one.cohort, month]));
  expect((await tableOf(page, 'cohorts')).map(([cohort, , , retention]) => [cohort, retention])).toEqual(
    months.map(([cohort, { retention }]: Json) => [cohort, percent(retention)]),
  );
}

/** Answers the best customer's id. */
async function expectCustomers(page: Page, shop: ShopOnline, currency: string): Promise<string> {
  await show(page, 'customers?segment=high&source=orders');
  const { customers } = await shop.get('/segments/high/customers?source=orders&limit=50');
  expect(await page.locator('tbody tr td:first-child').allInnerTexts()).toEqual(
    customers.map(({ customerId }: Json) => customerId),
  );
  const [best] = customers;
  expect(await page.locator('tbody tr').first().innerText()).toContain(money(best.historic, currency));
  await page.getByRole('link', { name: best.customerId, exact: true }).click();
  await settle(page);
  return best.customerId;
}

async function expectProfile(page: Page, shop: ShopOnline, id: string): Promise<void> {
  const { value, history } = await shop.get(`/customers/${id}`);
  if (value.low !== null)
    expect(await figureOf(page, 'Expected, next 12 months')).toContain(
      `${money(value.low, value.currency)} – ${money(value.high, value.currency)}`,
    );
  if (value.pAlive !== null)
    expect(await figureOf(page, 'Probability of being active')).toContain(percent(value.pAlive));
  expect(await tableOf(page, 'timeline')).toHaveLength(history.orders.length);
  const { items } = await shop.get(`/customers/${id}/recommendations`);
  const offered = page.locator('section[aria-label="What to offer next"] tbody tr');
  await offered.first().waitFor();
  expect((await offered.allInnerTexts()).map((text) => text.split(/[\t\n]/)[0])).toEqual(
    items.map(({ name, product }: Json) => name ?? product),
  );
  const { reason } = await shop.get(`/customers/${id}/action`);
  await page.getByText(reason.en, { exact: true }).waitFor();
}

async function expectModel(page: Page, model: Json): Promise<void> {
  await show(page, 'model');
  if (model.metrics !== null)
    expect(await figureOf(page, 'Log-loss')).toContain(figure(model.metrics.logLoss));
  expect((await tableOf(page, 'candidates')).length).toBe(model.report.candidates.length);
  expect((await tableOf(page, 'lift')).map(([, rows]) => rows)).toEqual(
    model.report.deciles.map(({ rows }: Json) => count(rows)),
  );
  expect((await tableOf(page, 'calibration')).map(([rows, buyers]) => [rows, buyers])).toEqual(
    model.report.calibration.bins.map(({ rows, buyers }: Json) => [count(rows), count(buyers)]),
  );
}

async function expectCampaigns(
  page: Page,
  { campaigns, notPlanned, results, currency }: Json,
): Promise<void> {
  await show(page, 'campaigns');
  if (campaigns.length > 0)
    expect((await tableOf(page, 'planned')).map((cells) => [cells[1], cells[2], cells[6]])).toEqual(
      campaigns.map(({ test, expectedProfit }: Json) => [
        count(test.treated),
        count(test.control),
        money(expectedProfit, currency),
      ]),
    );
  expect(await page.locator('section[aria-label="Segments without a campaign"] tbody tr').count()).toBe(
    notPlanned.length,
  );
  const verdicts = page.locator('section[aria-label="Results"] tbody .tag');
  expect(await verdicts.allInnerTexts()).toEqual(
    results.map(({ verdict }: Json) => say(`verdict_${verdict as 'raised'}`)),
  );
}

async function expectCalls(page: Page, { calls, currency }: Json): Promise<void> {
  await show(page, 'calls');
  const rows = await page.locator('section[aria-label="Calls"] tbody tr').allInnerTexts();
  expect(rows.map((text) => text.split('\t').slice(0, 2))).toEqual(
    calls.map(({ customerId, valueAtStake }: Json) => [customerId, money(valueAtStake, currency)]),
  );
}

async function expectProducts(page: Page, shop: ShopOnline): Promise<void> {
  const { products, forecasts } = await shop.get('/stock?limit=50');
  await show(page, 'products');
  expect(await tableOf(page, 'stock')).toEqual(
    products.map(({ name, product, next30d }: Json) => [
      name ?? product,
      figure(next30d.expected, 1),
      ...[next30d.p50, next30d.p90, next30d.p95].map((units: number) => count(units)),
    ]),
  );
  const rows = await page.locator('section[aria-label="Stock and orders"] tbody tr').allInnerTexts();
  expect(rows).toHaveLength(products.length);
  for (const [at, { reorderUnits }] of products.entries()) expect(rows[at]).toContain(count(reorderUnits));
  const { backTest } = forecasts.find(({ horizonDays }: Json) => horizonDays === 30);
  if (backTest !== null)
    expect((await tableOf(page, 'forecast')).map(([, wape]) => wape)).toEqual(
      backTest.rows.map(({ wape }: Json) => percent(wape)),
    );
  const { datasets } = await shop.get('/health');
  const { comparison } = (await shop.get(`/runs/${datasets.products.runId}`)).metrics.recommendations;
  if (comparison !== null)
    expect((await tableOf(page, 'recommenders')).map(([, ndcg]) => ndcg)).toEqual(
      comparison.rows.map(({ ndcgAt10 }: Json) => figure(ndcgAt10, 4)),
    );
}

async function expectQuality(page: Page, shop: ShopOnline): Promise<void> {
  await show(page, 'quality');
  const [run] = (await shop.get('/runs?dataset=orders&limit=1')).runs;
  const quality = await shop.get(`/runs/${run.runId}/quality`);
  expect(await figureOf(page, 'Rows')).toContain(count(quality.rows.rowsIn));
  expect(await figureOf(page, 'Revenue')).toContain(money(quality.revenue.amount, quality.currency));
}
