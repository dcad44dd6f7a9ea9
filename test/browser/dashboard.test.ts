import { readFileSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoShop } from '../../local/demo-shop.ts';
import { formatsOf } from '../../web/charts/formats.ts';
import { say, words } from '../../web/words.ts';
import {
  hasBrowser,
  keepFile,
  keepPicture,
  openBrowser,
  openPage,
  type Seen,
  settle,
  show,
  type View,
} from './browser.ts';
import { hostileTable } from './hostileTable.ts';
import { openShopOnline, type ShopOnline } from './shopOnline.ts';
import { drop, expectNobodyKeptOut, focused, panelOf, post, tableOf, tabTo } from './steps.ts';
import { expectViewsAsApi } from './views.ts';

const places = [
  ...['overview', 'upload', 'customers', 'segments', 'model', 'campaigns', 'calls', 'bids', 'products'],
  ...['quality', 'runs'],
];
const { count, micros } = formatsOf('en');

describe.skipIf(!hasBrowser)('the dashboard in a browser', () => {
  let shop: ShopOnline;
  let browser: Browser;
  const seen: Seen[] = [];
  const open = async (view: View = {}): Promise<Page> => {
    const opened = await openPage(browser, shop.url, view);
    seen.push(opened);
    return opened.page;
  };
  beforeAll(async () => {
    [shop, browser] = await Promise.all([openShopOnline(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await shop?.close();
  });

  test('of a shop without data says on every page what to upload, and keeps nobody out', async () => {
    const page = await open();
    for (const place of places) {
      await show(page, place);
      if (place !== 'upload' && place !== 'runs')
        expect(await page.locator('main').innerText()).toMatch(/upload/i);
      await expectNobodyKeptOut(page, place);
    }
  });

  test('takes what is dropped for what it is, uploads it, and shows the results without a reload', async () => {
    const page = await open();
    await show(page, 'overview');
    await page.evaluate(() => Object.assign(globalThis, { isTheSamePage: true }));
    const files = seedTables();
    const named = files.map(({ key, body }) => ({ key, name: `${key.split('/')[0]}.csv`, body }));
    const chosen = named.filter(({ name }) => name === 'ads.csv');
    await drop(
      page,
      named.filter((one) => !chosen.includes(one)),
    );
    await page
      .locator('#choose-file')
      .setInputFiles(
        chosen.map(({ name, body }) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(body) })),
      );
    await correctTheKind(panelOf(page, 'customers.csv'));
    for (const { key, name } of named) {
      const folder = key.split('/')[0] ?? '';
      const panel = panelOf(page, name);
      const button = panel.getByRole('button', { name: `Upload as ${folder}/${name}` });
      await button.waitFor();
      expect(await panel.getByLabel('Kind of table').inputValue()).toBe(folder);
      expect(await panel.locator('tbody tr').count()).toBe(body(name).split('\n', 1)[0]?.split(',').length);
      await button.click();
    }
    for (const { name } of named.filter(({ name }) => name !== 'scoring.csv'))
      await panelOf(page, name).locator('.stages .tag.published').waitFor({ timeout: 240_000 });
    await shop.settled();
    const panel = panelOf(page, 'orders.csv');
    const run = (await shop.get('/runs?dataset=orders&limit=1')).runs[0];
    expect(await panel.innerText()).toContain(
      `${count(run.counts.rowsIn)} rows: ${count(run.counts.rowsOk)} read`,
    );
    const ofCustomers = panelOf(page, 'customers.csv').first();
    expect(await ofCustomers.innerText()).toContain('401 rows: 400 read, 1 set aside');
    const [rejected] = await Promise.all([
      page.waitForEvent('download'),
      ofCustomers.getByRole('button', { name: 'Rows that were set aside' }).click(),
    ]);
    expect(readFileSync(await rejected.path(), 'utf8')).toContain('C99999');
    await panel.getByRole('link', { name: 'Overview' }).click();
    await settle(page);
    expect(await page.evaluate(() => 'isTheSamePage' in globalThis)).toBe(true);

    function body(name: string): string {
      return named.find((one) => one.name === name)?.body ?? '';
    }
  }, 300_000);

  test('shows the numbers that the API gives', async () => {
    await expectViewsAsApi(await open(), shop);
  });

  test('bids as the API does at whatever bid and budget one drags to', async () => {
    const page = await open();
    await show(page, 'bids');
    const bids = await shop.get('/bids?limit=50');
    const shown = await page.locator('section[aria-label="Bids"] tbody tr').allInnerTexts();
    expect(shown).toHaveLength(bids.bids.length);
    expect(shown[0]).toContain(micros(bids.bids[0].suggestedBidMicros, 'USD'));
    const slider = page.getByLabel(/^Bid /);
    await slider.focus();
    for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowRight');
    const bidMicros = Number(await slider.inputValue());
    expect(bidMicros).toBeGreaterThan(bids.bids[0].suggestedBidMicros);
    const simulated = await post(shop, '/bids/simulate', {
      ads: [{ id: bids.bids[0].id }],
      bidsMicros: [bidMicros],
    });
    const panel = panelOf(page, 'Try another bid');
    await panel.getByText(micros(simulated.ads[0].curve[0].valueMicros, 'USD'), { exact: true }).waitFor();
    const drawing = page.locator('[data-chart="bidCurve"] .drawing');
    const box = await drawing.boundingBox();
    await drawing.hover({ position: { x: 200, y: 150 } });
    await page.mouse.down();
    await page.mouse.move((box?.x ?? 0) + 300, (box?.y ?? 0) + 150, { steps: 4 });
    await page.mouse.up();
    expect(Number(await slider.inputValue())).not.toBe(bidMicros);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      panelOf(page, 'Files for the ad platforms').getByRole('button', { name: 'bids.csv' }).click(),
    ]);
    expect(readFileSync(await file.path(), 'utf8')).toContain(bids.bids[0].id);
    const before = await panelOf(page, 'Try another budget or return').innerText();
    await page.getByLabel(/^Budget/).focus();
    for (let step = 0; step < 12; step++) await page.keyboard.press('ArrowLeft');
    await expect
      .poll(() => panelOf(page, 'Try another budget or return').locator('.figures').innerText(), {
        timeout: 20_000,
      })
      .not.toBe(before);
  });

  test('tells a run and a segment in words, and writes copy, by whom and of which facts', async () => {
    const page = await open();
    const [run] = (await shop.get('/runs?dataset=orders&limit=1')).runs;
    await show(page, `runs/${run.runId}`);
    await page.getByRole('button', { name: 'Tell it in words' }).click();
    const summary = await shop.get(`/runs/${run.runId}/summary?language=en`);
    await page.getByText(summary.headline, { exact: true }).waitFor();
    await page.getByText('Written by rule, without a language model.').waitFor();

    await show(page, 'customers');
    await page.getByLabel('Segment').selectOption('champions');
    await page.getByRole('button', { name: 'Who are they, and what to do?' }).click();
    const explained = await shop.get('/segments/champions/explanation?source=orders&language=en');
    expect(await page.locator('.told .text').innerText()).toBe(explained.text);

    const { campaigns } = await shop.get('/campaigns');
    await show(page, 'campaigns');
    await page.getByLabel('Channel').selectOption('sms');
    await page.getByLabel('Money off, %').fill('15');
    await page.getByRole('button', { name: 'Write copy' }).click();
    const { variants } = await post(shop, `/campaigns/${campaigns[0].segment}/copy`, {
      ...{ channel: 'sms', language: 'en', offer: { percentOff: 15 } },
    });
    await page.locator('.variant .text').first().waitFor();
    expect(await page.locator('.variant .text').allInnerTexts()).toEqual(
      variants.map((variant: { body: string }) => variant.body),
    );
    expect(variants[0].body).toContain('15');
  });

  test('puts the rows of a page in the order of whichever column one asks for', async () => {
    const page = await open();
    await show(page, 'customers?segment=low&source=orders');
    const ids = () => page.locator('tbody tr td:first-child').allInnerTexts();
    const before = await ids();
    await page.getByRole('button', { name: 'Customer' }).click();
    expect(await page.locator('th').first().getAttribute('aria-sort')).toBe('ascending');
    expect(await ids()).toEqual(before.toSorted());
    await page.getByRole('button', { name: 'Customer' }).click();
    expect(await ids()).toEqual(before.toSorted().reverse());
  });

  test('can be used by the keyboard alone', async () => {
    const page = await open();
    await show(page, 'overview');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to content');
    await tabTo(page, 'Customers');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
    await tabTo(page, 'Customer’s id');
    await page.keyboard.type('C00001');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'C00001' }).waitFor();
    await settle(page);
    await tabTo(page, 'Show as a table');
    await page.keyboard.press('Space');
    expect(await page.locator('[data-chart="timeline"] table').count()).toBe(1);
    await tabTo(page, 'Show as a chart');
    await page.keyboard.press('Enter');
    await page.locator('[data-chart="timeline"] svg').waitFor();
  });

  test('speaks Chinese where the browser does, and changes when it is told, in every tab', async () => {
    const page = await open({ language: 'zh' });
    await show(page, 'overview');
    expect(await page.locator('h1').innerText()).toBe(say('zh', 'overview'));
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(await page.locator('main').innerText()).not.toMatch(/Expected|Spent|Loading/);
    const other = await page.context().newPage();
    await other.goto('/#/segments');
    await settle(other);
    await page.getByLabel('语言').selectOption('en');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await other.getByRole('heading', { level: 1, name: 'Segments' }).waitFor();
    await other.getByLabel('Colours').selectOption('dark');
    await page.locator('html[data-theme="dark"]').waitFor({ state: 'attached' });
  });

  test('shows what is published meanwhile, and leaves a list that is being read in its run', async () => {
    const [page, reading] = [await open(), await open()];
    await show(page, 'customers?segment=high&source=customers');
    await show(reading, 'customers?segment=low&source=customers');
    await reading.getByRole('button', { name: 'Next page' }).click();
    await reading.getByText('Page 2').waitFor();
    const before = await reading.locator('tbody tr').allInnerTexts();
    const hostile = hostileTable();
    await shop.upload('customers/hostile.csv', hostile.csv);
    await expect
      .poll(() => page.getByText(hostile.names[0] ?? '', { exact: true }).count(), { timeout: 60_000 })
      .toBe(1);
    expect(await reading.locator('tbody tr').allInnerTexts()).toEqual(before);
  });

  test('keeps hostile text the text that it is', async () => {
    const page = await open();
    const { names } = hostileTable();
    await show(page, 'customers?segment=high&source=customers');
    const shown = await page
      .locator('tbody tr td:first-child')
      .evaluateAll((cells) => cells.map((cell) => cell.textContent));
    for (const name of names) {
      expect(shown).toContain(name);
      await page.goto(`/#/customers/${encodeURIComponent(name)}`);
      await settle(page);
      expect(await page.locator('h1').evaluate((title) => title.textContent)).toBe(name);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
    expect(await page.locator('main img, main script, main iframe').count()).toBe(0);
    const [run] = (await shop.get('/runs?dataset=customers&limit=1')).runs;
    await show(page, `runs/${run.runId}`);
    expect(await page.locator('td', { hasText: 'N'.repeat(10_000) }).count()).toBe(1);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(await page.locator('main img, main script, main iframe').count()).toBe(0);
  });

  test('says in words when the API is slow, fails or is gone, and goes on when it is back', async () => {
    const page = await open();
    const problem = {
      type: '/problems/internal-error',
      title: 'Something went wrong here',
      status: 500,
      detail: 'this has been logged',
    };
    await page.route('**/segments', (route) =>
      route.fulfill({ status: 500, json: problem, contentType: 'application/problem+json' }),
    );
    await show(page, 'segments');
    const alert = page.getByRole('alert').first();
    expect(await alert.innerText()).toContain('this has been logged');
    await alert.getByRole('link', { name: 'See the runs' }).waitFor();
    await page.unroute('**/segments');
    await page.route('**/segments', (route) => route.abort());
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('does not answer').first().waitFor();
    await page.unroute('**/segments');
    await page.getByRole('alert').first().getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-chart="tiers"] svg').waitFor();
    await page.route('**/health', (route) => route.continue());
    await page.route('**/models/purchase', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 5500));
      await route.continue();
    });
    await page.goto('/#/model');
    await page.getByText('longer than usual').first().waitFor();
    await page.locator('[data-chart="lift"] svg').waitFor();
  });

  test('signs in by OpenID Connect with PKCE where the deployment says so, and sends the token along', async () => {
    const page = await open();
    const asked: { challenge: string; verifier: string; bearer: (string | undefined)[] } = {
      challenge: '',
      verifier: '',
      bearer: [],
    };
    const issuer = `${shop.url}/oidc`;
    await page.route('**/config.json', (route) =>
      route.fulfill({
        json: { apiUrl: '', signIn: { issuer, clientId: 'page', scopes: ['valuecast/read'] } },
      }),
    );
    await page.route('**/oidc/**', async (route) => {
      const url = new URL(route.request().url());
      if (url.pathname.endsWith('openid-configuration'))
        return route.fulfill({
          json: { authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
        });
      if (url.pathname.endsWith('/authorize')) {
        asked.challenge = url.searchParams.get('code_challenge') ?? '';
        expect(url.searchParams.get('scope')).toBe('openid valuecast/read');
        const back = `${url.searchParams.get('redirect_uri')}?code=once&state=${url.searchParams.get('state')}`;
        return route.fulfill({ status: 302, headers: { location: back } });
      }
      asked.verifier = new URLSearchParams(route.request().postData() ?? '').get('code_verifier') ?? '';
      return route.fulfill({ json: { access_token: 'a-token', expires_in: 3600 } });
    });
    await page.route('**/segments', (route) => {
      asked.bearer.push(route.request().headers().authorization);
      return route.continue();
    });
    await page.goto('/#/segments');
    await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
    await page.locator('[data-chart="tiers"] svg').waitFor();
    expect(new Set(asked.bearer)).toEqual(new Set(['Bearer a-token']));
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(asked.verifier));
    expect(asked.challenge).toBe(Buffer.from(digest).toString('base64url'));
    expect(page.url()).toBe(`${shop.url}/#/segments`);
  });

  test('goes back to an earlier model after asking', async ({ skip }) => {
    const training = seedTables().find(({ key }) => key.startsWith('training/'))?.body ?? '';
    await shop.upload('training/training.csv', training.trimEnd().split('\n').slice(0, -1).join('\n'));
    await shop.settled();
    const page = await open();
    await show(page, 'runs');
    const inUse = await shop.get('/models/purchase?from=training');
    if (inUse.canGoBackTo.length === 0) skip('the later model did no better, and stayed a challenger');
    await page.getByRole('button', { name: 'Go back to it' }).first().click();
    await page.getByRole('button', { name: 'Yes, go back' }).click();
    await page.getByText('is in use again').waitFor();
  });

  test.each(['light', 'dark'] as const)(
    'keeps nobody out of any page in %s colours, and leaves a picture of each',
    async (theme) => {
      const page = await open({ theme });
      for (const place of [...places, 'customers/C00001']) {
        await show(page, place);
        await expectNobodyKeptOut(page, place);
        await keepPicture(page, `${place.replace('/', '-')}-desktop-${theme}`);
      }
    },
  );

  test.each([360, 3840])('fits a screen of %i pixels', async (width) => {
    const page = await open({
      width,
      height: width === 360 ? 780 : 2160,
      language: width === 360 ? 'zh' : 'en',
    });
    for (const place of [...places, 'customers/C00001']) {
      await show(page, place);
      expect([place, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([
        place,
        width,
      ]);
      if (width !== 360) continue;
      await keepPicture(page, `${place.replace('/', '-')}-phone`);
      expect([place, ...(await leftInEnglish(page))]).toEqual([place]);
    }
  });

  test('sends a reader on to the report of a run, which fits a phone, keeps nobody out, and prints on A4', async () => {
    const page = await open({ width: 360, height: 780 });
    const [run] = (await shop.get('/runs?dataset=orders&limit=1')).runs;
    await show(page, `runs/${run.runId}`);
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Report to read and print' }).click(),
    ]);
    await page.goto(`/runs/${run.runId}/report`);
    expect(readFileSync(await saved.path(), 'utf8')).toContain(await page.locator('h1').innerText());
    await page.locator('h1').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await expectNobodyKeptOut(page, 'report');
    await keepPicture(page, 'report-phone');
    await page.setViewportSize({ width: 1280, height: 900 });
    await keepPicture(page, 'report-desktop');
    const printed = await page.pdf({ preferCSSPageSize: true });
    keepFile('report.pdf', printed);
    const sheets = printed.toString('latin1').match(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/g) ?? [];
    expect(sheets.length).toBeGreaterThan(2);
    for (const sheet of sheets) {
      const [, , width, height] = (sheet.match(/[\d.]+/g) ?? []).map(Number);
      expect(width).toBeCloseTo(595, -1);
      expect(height).toBeCloseTo(842, -1);
    }
  });

  test('says on the overview which run was refused, and leads to the reason', async () => {
    await shop.upload('ads/broken.csv', 'name,comment\nspring,none\n');
    await shop.settled();
    const page = await open();
    await show(page, 'overview');
    const [run] = (await shop.get('/runs?dataset=ads&limit=1')).runs;
    await panelOf(page, 'Needs a look')
      .getByRole('link', { name: /^ads: rejected/ })
      .click();
    await page.getByRole('alert').first().waitFor();
    expect(await page.getByRole('alert').first().innerText()).toContain(run.problems[0].message);
  });

  test('shows who moved once newer orders are published', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, at) =>
        `M${at},2026-07-${10 + (at % 9)},C${String(1 + at * 5).padStart(5, '0')},tea 1,tea,1,${15 + at * 4}.00,direct,Germany`,
    );
    const header = 'order_id,order_date,customer_id,product,category,quantity,amount,channel,country';
    await shop.upload('orders/july.csv', `${[header, ...rows].join('\n')}\n`);
    await expect
      .poll(async () => (await shop.get('/segments/migration')).migration, { timeout: 90_000 })
      .not.toBeNull();
    const page = await open();
    await show(page, 'segments');
    const { tiers } = (await shop.get('/segments/migration')).migration;
    expect(tiers.up + tiers.down).toBeGreaterThan(0);
    expect((await tableOf(page, 'migration')).map(([, , customers]) => customers)).toEqual(
      tiers.cells.map(({ customers }: { customers: number }) => count(customers)),
    );
    expect(await page.locator('[data-chart="migration"] .sentence').innerText()).toMatch(
      `${count(tiers.up)} moved up, ${count(tiers.down)} moved down`,
    );
  });

  test('has done nothing in all this that its policy forbids, asked nobody else, and failed nowhere', () => {
    expect(seen.flatMap(({ faults }) => faults)).toEqual([]);
    expect(seen.length).toBeGreaterThan(5);
  });
});

/** Another kind has another folder, and says what it lacks where it does. */
async function correctTheKind(panel: Locator): Promise<void> {
  const kind = panel.getByLabel('Kind of table');
  await kind.waitFor();
  await kind.selectOption('orders');
  await panel.getByRole('alert').getByText('No column was recognised').waitFor();
  await kind.selectOption('scoring');
  await panel.getByRole('button', { name: 'Upload as scoring/customers.csv' }).waitFor();
  await kind.selectOption('customers');
}

/** Words of the page's own that stand in English where the page speaks Chinese. */
async function leftInEnglish(page: Page): Promise<string[]> {
  const english = Object.values(words).flatMap(({ en, zh }) => (en === zh || en.includes('{') ? [] : en));
  const shown = await page.locator('main').evaluate((main) => {
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const texts: string[] = [];
    while (walker.nextNode()) texts.push((walker.currentNode.textContent ?? '').trim());
    return texts;
  });
  return english.filter((text) => text.includes(' ') && shown.includes(text));
}

/** One table of each kind that can be uploaded, but for events; a row of customers cannot be read. */
const seedTables = (): { key: string; body: string }[] =>
  demoShop({ seed: 42, customers: 400 }).files.map(({ key, body }) => ({
    key,
    body: key.startsWith('customers/') ? `${body}C99999,China,search,2,much,3\n` : body,
  }));
