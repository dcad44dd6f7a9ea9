import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { ShopOnline } from './shopOnline.ts';

/** What a reader does with the page, and what they see on it. */

/** A file dropped on the page, as the browser hands it over. */
export async function drop(page: Page, files: { name: string; body: string | Uint8Array }[]): Promise<void> {
  const encoded = files.map(({ name, body }) => ({ name, base64: Buffer.from(body).toString('base64') }));
  await page.evaluate((list) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of list) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    const target = document.querySelector('.shop');
    for (const type of ['dragover', 'drop'])
      target?.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, encoded);
}

export const panelOf = (page: Page, title: string) =>
  page
    .locator('article.panel')
    .filter({ has: page.getByRole('heading', { level: 2, name: title, exact: true }) });

export const figureOf = (page: Page, label: string): Promise<string> =>
  page
    .locator('.figure')
    .filter({ has: page.locator('dt', { hasText: label }) })
    .first()
    .innerText();

/** The cells of a chart's table, which its button shows. */
export async function tableOf(page: Page, chart: string): Promise<string[][]> {
  const panel = page.locator(`[data-chart="${chart}"]`);
  await panel.getByRole('button', { name: 'Show as a table' }).click();
  return panel
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')),
    );
}

export async function post(shop: ShopOnline, path: string, question: object) {
  const body = JSON.stringify(question);
  const answer = await fetch(`${shop.url}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever JSON came; tests say what they expect of it
  return (await answer.json()) as any;
}

export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement & { labels?: NodeListOf<HTMLLabelElement> };
    return (element.labels?.[0]?.textContent ?? element.textContent ?? '').trim();
  });

export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    if ((await focused(page)) === name) return;
  }
  throw new Error(`the keyboard does not come to ${name}`);
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** No violation of WCAG 2.2 A and AA, nor of good practice, that axe-core can find. */
export async function expectNobodyKeptOut(page: Page, place: string): Promise<void> {
  // Over the devtools, for the page's own policy lets no script be written into it.
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe-core as it comes
    const found = await (globalThis as any).axe.run(document, { resultTypes: ['violations'] });
    return found.violations.map(
      ({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes[0]?.html}`,
    );
  });
  expect([place, ...violations]).toEqual([place]);
}
