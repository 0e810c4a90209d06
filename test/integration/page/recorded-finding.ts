import type { Page } from 'playwright-core';
import { until } from '../../support/until.ts';
import { linesOf, saidOf, signIn } from './browser.ts';
import { recentRecording } from './live-stories.ts';
import type { PageAgent } from './page-agent.ts';

/** Signs in, plays the bundled recording and opens one grave finding of it. */
export async function openRecordedFinding(page: Page, agent: PageAgent): Promise<void> {
  await signIn(page, agent.tokens.analyst);
  agent.write(recentRecording());
  await allFindings(page);
  await page.fill('input[name=text]', 'Administrator role bound');
  await until('one finding', async () => (await linesOf(page)).length === 1);
  await page.click('.line.finding');
  await page.waitForSelector('.detail .json');
}

/** All findings of the recording are in the list. */
export const allFindings = (page: Page): Promise<void> =>
  until('the findings', async () => Number.parseInt(await saidOf(page), 10) >= 45);
