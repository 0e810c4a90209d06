import type { Browser } from 'playwright-core';
import { check, say, tell } from '../check.ts';
import { findChromium, openBrowser, openVisit, signIn } from './browser.ts';
import { auditorStory, hostileStory, liveStory, recentRecording, reviewStory, saidStory, signInStory } from './live-stories.ts';
import { manyStory } from './many-story.ts';
import { PageAgent } from './page-agent.ts';
import { eventsStory, keyboardStory, looksStory, lostStory, overviewStory, rulesStory, tryStory } from './view-stories.ts';

/**
 * The page in a real Chromium (test/servers/chromium.sh) over a real agent whose audit log grows. Ends with exit code 1 where
 * something does not hold, and, with CI=true, where there is no Chromium.
 */
const chromium = findChromium(process.env);
let browser: Browser | undefined;
let agent: PageAgent | undefined;

async function story(): Promise<void> {
  if (chromium === undefined) {
    const isFailure = process.env['CI'] === 'true';
    say(`${isFailure ? 'FAIL' : '!! SKIPPED:'} there is no Chromium\n  remedy: run test/servers/chromium.sh, or set CHROMIUM`);
    if (isFailure) check(false, 'Chromium is there');
    return;
  }
  browser = await openBrowser(chromium);
  agent = await PageAgent.make();
  const lines = recentRecording();
  await signInStory(browser, agent, await agent.start());
  const visit = await openVisit(browser, agent.url);
  const other = await openVisit(browser, agent.url);
  await signIn(visit.page, agent.tokens.analyst);
  await signIn(other.page, agent.tokens.analyst);
  await liveStory(visit.page, agent, lines);
  await reviewStory(visit.page, other.page);
  await saidStory(browser, visit.page, agent);
  await overviewStory(visit.page);
  await eventsStory(visit.page);
  await rulesStory(visit.page);
  await tryStory(visit.page);
  await auditorStory(browser, agent);
  await keyboardStory(browser, agent);
  await looksStory(browser, agent);
  await hostileStory(browser, agent, lines.find((line) => line.includes('pods/') && line.includes('/exec')) ?? '');
  check(other.problems.length === 0, `nothing went wrong in the second page: ${other.problems.slice(0, 3).join('; ')}`);
  await lostStory(visit.page, agent, recentRecording());
  await manyStory(browser);
}

await tell(story, async () => {
  await browser?.close();
  await agent?.remove();
});
