import type { Browser, Page } from 'playwright-core';
import { severities } from '../../../src/core/finding.ts';
import { accessTokenHash, newAccessToken } from '../../../src/crypto/access-token.ts';
import { until } from '../../support/until.ts';
import { makeFinding, startWeb, WebFolder } from '../../support/web-fixture.ts';
import { check, say } from '../check.ts';
import { linesOf, openVisit, saidOf, signIn } from './browser.ts';

const many = 100_000;
/** Work of the page's thread for a frame: what sixty a second leave. Measured on a quiet machine: 5 to 6. */
const frameMs = 16;
const frames = 120;

/** So many findings of forty rules and as many actors, as an agent of some weeks has them. */
async function manyFindings(): Promise<WebFolder> {
  const folder = await WebFolder.make();
  const began = Date.now() - many * 1000;
  for (let from = 0; from < many; from += 5000) {
    const findings = Array.from({ length: 5000 }, (_, i) => {
      const number = from + i;
      const severity = severities[number % 5] ?? 'low';
      const finding = makeFinding(number, { time: new Date(began + number * 1000).toISOString() }, severity);
      const rule = { ...finding.rule, id: `rule-${number % 40}`, name: `Rule number ${number % 40}` };
      return { ...finding, rule, event: { ...finding.event, user: `actor-${number % 1000}`, name: `pod-${number}` } };
    });
    await folder.write(...findings);
  }
  return folder;
}

/** A hundred thousand findings: the list scrolls, filters and groups without jerks. */
export async function manyStory(browser: Browser): Promise<void> {
  const folder = await manyFindings();
  const token = newAccessToken();
  const web = await startWeb(folder.path, {
    config: { tokens: [{ name: 'ada', role: 'analyst', hash: accessTokenHash(token) }] },
  });
  try {
    const { page, problems, close } = await openVisit(browser, web.url);
    await signIn(page, token);
    await until('all of them', async () => (await saidOf(page)).startsWith('100,000'), 60_000);
    const drawn = await page.locator('.line').count();
    check(drawn < 80, `only the rows that are seen exist: ${drawn}`);
    const each = await scrollCost(page);
    say(`scrolling: ${each.toFixed(1)} ms of the page's thread for each frame`);
    check(each < frameMs, 'scrolling does not jerk');
    let startedMs = Date.now();
    await page.keyboard.press('End');
    await until('the oldest', async () => (await linesOf(page)).some((line) => line.includes('pod-0')), 60_000);
    say(`to the oldest of all, loading every page: ${Date.now() - startedMs} ms`);
    startedMs = Date.now();
    await page.fill('input[name=text]', 'actor-77');
    await until('the filter', async () => /^1,100 /.test(await saidOf(page)));
    say(`filter by free text over all, typing included: ${Date.now() - startedMs} ms`);
    await page.fill('input[name=text]', '');
    startedMs = Date.now();
    await page.selectOption('select[name=group]', 'rule');
    await until(
      'groups of all',
      async () =>
        (await saidOf(page)) === '100,000 findings' && (await linesOf(page)).some((line) => line.includes('2,500 findings')),
      90_000,
    );
    say(`groups over all, loading them again: ${Date.now() - startedMs} ms`);
    const heap = await page.evaluate<number>('performance.memory.usedJSHeapSize');
    say(`heap of the page: ${Math.round(heap / 1e6)} MB`);
    check(heap < 400e6, 'memory stays bounded');
    check(problems.length === 0, `nothing went wrong in the page: ${problems.slice(0, 3).join('; ')}`);
    await close();
  } finally {
    await web.server.close();
    await folder.remove();
  }
}

/** Scrolls a third of a page in each frame. @returns time on the processor for one, in milliseconds: what else runs here does not count */
async function scrollCost(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
  const before = await spent();
  await page.evaluate(`(async () => {
    const list = document.querySelector('.findings-list');
    for (let i = 0; i < ${frames}; i++) {
      list.scrollTop += 200;
      await new Promise(requestAnimationFrame);
    }
  })()`);
  return ((await spent()) - before) * (1000 / frames);
}
