import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { projectDirectory } from '../../local/cloud.ts';

/** Debian's Chromium, or another that `CHROMIUM` names. */
const executable = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const hasBrowser = existsSync(executable);
if (!hasBrowser) process.stderr.write(`skipped: there is no browser at ${executable}\n`);

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-dev-shm-usage'] });

export interface View {
  width?: number;
  height?: number;
  language?: 'en' | 'zh';
  theme?: 'light' | 'dark';
}

export interface Seen {
  page: Page;
  context: BrowserContext;
  /** What a page must not do: errors, and whatever its policy kept it from. */
  faults: string[];
}

/** A page of the dashboard, of which everything is heard that goes wrong. */
export async function openPage(browser: Browser, baseUrl: string, view: View = {}): Promise<Seen> {
  const { width = 1280, height = 900, language = 'en', theme = 'light' } = view;
  const context = await browser.newContext({
    baseURL: baseUrl,
    viewport: { width, height },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: theme,
  });
  const faults: string[] = [];
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      console.error(`policy: ${violatedDirective} ${blockedURI} ${sample}`),
    );
  });
  const listen = (page: Page) => {
    page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      if (message.text().startsWith('policy:')) faults.push(message.text());
    });
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== '127.0.0.1') faults.push(`asked ${request.url()}`);
    });
  };
  context.on('page', listen);
  const page = await context.newPage();
  return { page, context, faults };
}

/** Goes to a page of the dashboard and waits until its answers are there and its charts are drawn. */
export async function show(page: Page, place: string): Promise<void> {
  await page.goto(`/#/${place}`);
  await settle(page);
}

export async function settle(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.drawing')].every((drawing) => drawing.querySelector('svg') !== null),
  );
}

const pictures = join(projectDirectory, '.build/pictures');

export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

export function keepFile(name: string, contents: Uint8Array): void {
  mkdirSync(pictures, { recursive: true });
  writeFileSync(join(pictures, name), contents);
}
