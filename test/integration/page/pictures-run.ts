import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../support/source-files.ts';
import { tell } from '../check.ts';
import { findChromium, goTo, openBrowser, openVisit } from './browser.ts';
import { PageAgent } from './page-agent.ts';
import { allFindings, openRecordedFinding } from './recorded-finding.ts';

/** Takes the pictures of docs/page.md from the bundled recording. usage: node dist/test/integration/page/pictures-run.js [FOLDER] */
const folder = path.resolve(process.argv[2] ?? path.join(root, 'docs/images'));
const chromium = findChromium(process.env);
if (chromium === undefined) throw new Error('there is no Chromium: run test/servers/chromium.sh');
const agent = await PageAgent.make();
const browser = await openBrowser(chromium);

const take = (page: Page, name: string): Promise<unknown> => page.screenshot({ path: path.join(folder, `page-${name}.png`) });

async function story(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await agent.start();
  const { page } = await openVisit(browser, agent.url, { viewport: { width: 1200, height: 750 } });
  await openRecordedFinding(page, agent);
  await page.fill('input[name=text]', '');
  await allFindings(page);
  await page.keyboard.press('Escape');
  await page.waitForTimeout(6000);
  await take(page, 'findings');
  await goTo(page, 'overview?range=15m');
  await page.waitForSelector('.ranking a');
  await page.waitForTimeout(1500);
  await take(page, 'overview');
  await goTo(page, 'try');
  await page.waitForSelector('button.primary:not([disabled])');
  await page.click('text=An example');
  await page.waitForSelector('.try-document');
  await take(page, 'try-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForTimeout(500);
  await take(page, 'try-dark');
}

await tell(story, async () => {
  await browser.close();
  await agent.remove();
});
