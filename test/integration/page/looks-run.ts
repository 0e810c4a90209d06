import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { tell } from '../check.ts';
import { findChromium, goTo, openBrowser, openVisit, settled, signIn } from './browser.ts';
import { PageAgent } from './page-agent.ts';
import { openRecordedFinding } from './recorded-finding.ts';

/** Takes a picture of every view, wide and narrow, light and dark, to be looked at. usage: node dist/test/integration/page/looks-run.js FOLDER */
const folder = path.resolve(process.argv[2] ?? 'looks');
const chromium = findChromium(process.env);
if (chromium === undefined) throw new Error('there is no Chromium: run test/servers/chromium.sh');
const agent = await PageAgent.make();
const browser = await openBrowser(chromium);

/** What is open, and what has to be there before the picture is taken. */
const views: readonly (readonly [view: string, place: string])[] = [
  ['findings', '.line.finding'],
  ['findings?group=user', '.line.group'],
  ['reviews', '.history li, .card .none'],
  ['overview?range=15m', '.ranking a'],
  ['events', '.line.event'],
  ['rules', '.rules a'],
  ['posture', '.practice'],
  ['health', '.facts'],
  ['try', 'button.primary:not([disabled])'],
];

async function takeAll(on: Browser, width: number, colorScheme: 'light' | 'dark'): Promise<void> {
  const { page, close } = await openVisit(on, agent.url, { viewport: { width, height: width > 1000 ? 800 : 844 }, colorScheme });
  const take = async (name: string): Promise<void> => {
    await settled(page);
    await page.screenshot({ path: path.join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true });
  };
  await page.waitForSelector('#token');
  await take('login');
  await signIn(page, agent.tokens.analyst);
  for (const [view, place] of views) {
    await goTo(page, view);
    await page.waitForSelector(place);
    if (view === 'try') await example(page);
    await take(view.replace(/\W+/g, '-'));
  }
  await goTo(page, 'findings');
  await page.click('.line.finding >> nth=0');
  await page.waitForSelector('.detail .json');
  await take('finding');
  await goTo(page, 'events?text=nothing-of-the-kind');
  await page.waitForSelector('.empty');
  await take('empty');
  await page.keyboard.press('?');
  await take('keys');
  await close();
}

async function example(page: Page): Promise<void> {
  await page.click('text=An example');
  await page.waitForSelector('.try-document');
}

async function story(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await agent.start();
  const { page, close } = await openVisit(browser, agent.url);
  await openRecordedFinding(page, agent);
  for (const key of ['a', 's']) {
    await page.keyboard.press(key);
    await page.fill(
      'dialog textarea',
      key === 'a' ? 'asked the team: it was not them' : 'known to the incident team until tonight',
    );
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('dialog.form', { state: 'detached' });
  }
  await close();
  for (const width of [1280, 390]) for (const scheme of ['light', 'dark'] as const) await takeAll(browser, width, scheme);
}

await tell(story, async () => {
  await browser.close();
  await agent.remove();
});
