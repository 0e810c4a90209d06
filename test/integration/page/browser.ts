import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { until } from '../../support/until.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Chromium as the environment names it, or as it is found on the path. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  if (env['CHROMIUM']) return env['CHROMIUM'];
  const folders = (env['PATH'] ?? '').split(path.delimiter);
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find((file) => existsSync(file));
}

/** A real Chromium without a window. As root it refuses to run in its sandbox. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}

/** Nothing is that slow but a machine that does much else besides. */
const slowestMs = 90_000;

/** A page with a store of its own, and everything that went wrong in it. */
export interface Visit {
  readonly page: Page;
  /** Errors of scripts, breaches of the policy, files that could not be had. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

export async function openVisit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(slowestMs);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    // The browser itself says where a call was answered 4xx: signing in begins with one.
    if (message.type() === 'error' && !/status of 40[13]/.test(message.text())) problems.push(message.text());
  });
  await page.goto(url);
  return { page, problems, close: () => context.close() };
}

/** Signs in with a token, as somebody who pastes it. */
export async function signIn(page: Page, token: string): Promise<void> {
  await page.fill('#token', token);
  await page.keyboard.press('Enter');
  await page.waitForSelector('nav.side');
}

/** Texts of the lines of a list that are drawn now. */
export const linesOf = (page: Page): Promise<readonly string[]> => page.locator('.line:not(.is-waiting)').allTextContents();

/** What the line above the list says. */
export const saidOf = async (page: Page): Promise<string> => (await page.textContent('.filters .said')) ?? '';

/** How many pixels the page is wider than its window: none, or something sticks out. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** Goes to another view without loading the page anew. */
export const goTo = (page: Page, view: string): Promise<unknown> =>
  page.evaluate(`location.hash = ${JSON.stringify(`#/${view}`)}`);

/** What was opened last has been loaded and drawn: nothing says any more that it is being waited for. */
export async function settled(page: Page): Promise<void> {
  await until('what is being loaded', async () => (await page.locator('main .waiting, main .is-stale').count()) === 0, 60_000);
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
}
