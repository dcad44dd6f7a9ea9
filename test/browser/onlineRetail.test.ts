import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, openBrowser, openPage, show } from './browser.ts';
import { openShopOnline, type ShopOnline } from './shopOnline.ts';
import { drop, panelOf } from './steps.ts';
import { expectViewsAsApi } from './views.ts';

const path = fileURLToPath(
  new URL('../../../shared/data/online-retail/online_retail.csv.gz', import.meta.url),
);
const isThere = existsSync(path);
if (!isThere) process.stderr.write(`skipped: there is no ${path}\n`);

/** UCI Online Retail (D. Chen 2015, doi 10.24432/C5BW33, CC BY 4.0): a tenth of its customers, with their lines of a fifth of the products. */
function extract(): { csv: string; lines: number; customers: number } {
  const [header = '', ...lines] = gunzipSync(readFileSync(path)).toString().trimEnd().split(/\r?\n/);
  const idOf = (line: string): string | undefined => /,(\d{5}),[^,]+$/.exec(line)?.[1];
  const kept = lines.filter((line) => idOf(line)?.endsWith('3') && /^[^,]*,22/.test(line));
  return {
    csv: `${[header, ...kept].join('\n')}\n`,
    lines: kept.length,
    customers: new Set(kept.map(idOf)).size,
  };
}

describe.skipIf(!hasBrowser || !isThere)('an extract of Online Retail', () => {
  let shop: ShopOnline;
  let browser: Browser;
  beforeAll(async () => {
    [shop, browser] = await Promise.all([openShopOnline(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await shop?.close();
  });

  test('is dropped zipped, taken for orders, and shown with the numbers of the API in each view', async () => {
    const { page, faults } = await openPage(browser, shop.url);
    const { csv, lines, customers } = extract();
    await show(page, 'overview');
    await drop(page, [{ name: 'online_retail.csv.gz', body: gzipSync(csv) }]);
    const panel = panelOf(page, 'online_retail.csv.gz');
    await panel.getByRole('button', { name: 'Upload as orders/online_retail.csv.gz' }).click();
    await panel.locator('.stages .tag.published').waitFor({ timeout: 240_000 });
    await shop.settled();
    const [run] = (await shop.get('/runs?dataset=orders&limit=1')).runs;
    expect(run.counts.rowsIn).toBe(lines);
    const { history } = await shop.get('/segments');
    expect(history.total.customers).toBeGreaterThan(0.95 * customers);
    expect(history.total.customers).toBeLessThanOrEqual(customers);
    await expectViewsAsApi(page, shop);
    expect(faults).toEqual([]);
  }, 300_000);
});
