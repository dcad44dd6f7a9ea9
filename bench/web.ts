import { gzipSync } from 'node:zlib';
import { projectDirectory } from '../local/cloud.ts';
import { demoShop } from '../local/demo-shop.ts';
import { buildWeb } from '../local/web-build.ts';
import { hasBrowser, openBrowser, openPage, settle } from '../test/browser/browser.ts';
import { openShopOnline } from '../test/browser/shopOnline.ts';

/** `npm run bench:web`: what the dashboard weighs, and how soon it can be used, on loopback. */

const budgetKb = 350;
const visits = 5;

const files = (await buildWeb(projectDirectory)).map(({ path, contents }) => ({
  path,
  bytes: contents.length,
  gzipped: gzipSync(contents, { level: 9 }).length,
}));
const kb = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
for (const { path, bytes, gzipped } of files)
  print(`${path.padEnd(32)} ${kb(bytes).padStart(10)}   gzip ${kb(gzipped).padStart(9)}`);
const total = files.reduce((sum, { gzipped }) => sum + gzipped, 0);
print(`${'in all'.padEnd(32)} ${' '.repeat(10)}   gzip ${kb(total).padStart(9)} of ${budgetKb} kB`);

if (hasBrowser) await measureVisits();

/** A new visitor each time, with nothing cached, first to a shop without data, then to the demo shop. */
async function measureVisits(): Promise<void> {
  const [shop, browser] = await Promise.all([openShopOnline(), openBrowser()]);
  try {
    await measure('a shop without data');
    for (const { key, body } of demoShop({ seed: 42 }).files)
      if (/^(customers|orders|ads)\//.test(key)) await shop.upload(key, body);
    await shop.settled();
    await measure('the demo shop of 2,000 customers');
  } finally {
    await browser.close();
    await shop.close();
  }

  async function measure(what: string): Promise<void> {
    const usable: number[] = [];
    const whole: number[] = [];
    for (let visit = 0; visit < visits; visit++) {
      const { page, context } = await openPage(browser, shop.url);
      const from = performance.now();
      await page.goto('/');
      await page.locator('main .figure, main .empty').first().waitFor();
      usable.push(performance.now() - from);
      await settle(page);
      whole.push(performance.now() - from);
      await context.close();
    }
    print(
      `\n${what}, ${visits} visits: first answer shown after ${told(usable)}; all charts drawn after ${told(whole)}`,
    );
  }
}

function told(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b).map((ms) => ms.toFixed(0));
  return `${sorted[sorted.length >> 1]} ms (${sorted[0]} to ${sorted.at(-1)})`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
