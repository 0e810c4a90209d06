import type { Browser, Page } from 'playwright-core';
import { until } from '../../support/until.ts';
import { check } from '../check.ts';
import { goTo, linesOf, openVisit, overflowOf, saidOf, settled, signIn } from './browser.ts';
import type { PageAgent } from './page-agent.ts';

/** Pixels of a canvas that something was drawn on. */
const drawnPixels = (page: Page, label: string): Promise<number> =>
  page.evaluate<number>(`(() => {
    const plot = [...document.querySelectorAll('.plot')].find((one) => one.getAttribute('aria-label')?.startsWith('${label}'));
    const canvas = plot?.querySelector('canvas');
    const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    return data.reduce((drawn, value, i) => drawn + (i % 4 === 3 && value !== 0 ? 1 : 0), 0);
  })()`);

/** Plots that show the recording, rankings that lead on, sinks and sources. */
export async function overviewStory(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await page.waitForSelector('.ranking a');
  await until('the number of events', async () => Number.parseInt(await saidOf(page), 10) >= 300);
  for (const label of ['Events a second', 'Findings by severity', 'Answers of the API server', 'Masked values by kind']) {
    const words = (await page.locator(`.plot[aria-label^="${label}"]`).getAttribute('aria-label')) ?? '';
    check((await drawnPixels(page, label)) > 1000 && /[1-9]\d* in all/.test(words), `plot with data: ${words.slice(0, 110)}`);
  }
  check((await page.locator('.heat tbody tr').count()) > 5, 'actors by hour of the day');
  check((await page.locator('.heat td:not(.shade-0)').count()) > 5, 'with hours in which something happened');
  check((await page.locator('.ranking').count()) === 4, 'top actors, verbs, resources, addresses');
  check(/Known missing.*file/s.test((await page.textContent('.overview')) ?? ''), 'completeness names the source');
  await page.click('.ranking a:has-text("configmaps")');
  await page.waitForSelector('.line.event');
  check(
    (await linesOf(page)).every((line) => line.includes('configmaps')),
    'a click on a resource searches for its events',
  );
}

/** Search over events, one of them whole. */
export async function eventsStory(page: Page): Promise<void> {
  await page.goto(`${page.url().split('#')[0]}#/events?range=1h`);
  await page.waitForSelector('.line.event');
  await page.keyboard.press('/');
  await page.keyboard.type('node-metrics-agent');
  await until('the search', async () => (await page.locator('.is-stale').count()) === 0 && (await linesOf(page)).length < 30);
  check((await linesOf(page)).length > 0, 'free text finds events');
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.detail .json');
  check(/node-metrics-agent/.test((await page.textContent('.detail .json')) ?? ''), 'and shows one whole');
  await page.click('.detail .facts a >> nth=0');
  await page.waitForSelector('.chip');
  check(true, 'a value of it narrows the search');
}

/** Rules with their text and what they would find; practices. */
export async function rulesStory(page: Page): Promise<void> {
  await goTo(page, 'rules?found=some');
  await page.click('.rules a:has-text("Administrator role bound")');
  await page.waitForSelector('.rule-text');
  check(/title: Administrator role bound/.test((await page.textContent('.rule-text')) ?? ''), 'a rule shows its text');
  await page.click('text=Backtest over the log');
  await page.waitForSelector('.backtest');
  check(/1 finding/.test((await page.textContent('.backtest')) ?? ''), 'and what it finds in the log');
  await goTo(page, 'posture');
  await page.waitForSelector('.practice.found');
  check((await page.locator('.practice.found').count()) > 2, 'practices that are not followed');
}

/** What is pasted is masked in the browser; nothing of it is sent. */
export async function tryStory(page: Page): Promise<void> {
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
  await goTo(page, 'try');
  await page.waitForSelector('button.primary:not([disabled])');
  await page.fill('.try textarea', '{"kind":"Secret","data":{"password":"cGFzdGVkLXNlY3JldC03Nw=="},"note":"pasted-secret-77"}');
  await page.click('button.primary');
  await page.waitForSelector('.try-document');
  const shown = (await page.textContent('.try-document')) ?? '';
  check(!shown.includes('cGFzdGVkLXNlY3JldC03Nw') && (await page.locator('.try-document .mask').count()) > 0, 'it is masked');
  check((await page.locator('.try-document tbody tr').count()) > 0, 'and each mask explained');
  check(!sent.some((one) => one.includes('pasted-secret') || one.includes('cGFzdGVk')), 'nothing of it is sent');
}

/** Everything by keyboard, with the focus to be seen. */
export async function keyboardStory(browser: Browser, agent: PageAgent): Promise<void> {
  const { page, close } = await openVisit(browser, agent.url, { reducedMotion: 'reduce' });
  await page.waitForSelector('#token');
  await page.keyboard.type(agent.tokens.analyst);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.line.finding');
  for (let i = 0; i < 3; i++) await page.keyboard.press('j');
  check((await page.locator('[aria-selected=true]').getAttribute('aria-posinset')) === '3', 'j moves down');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.detail .facts');
  await page.keyboard.press('j');
  await page.keyboard.press('Escape');
  check(await page.locator('.detail').isHidden(), 'Enter opens, Escape closes');
  await page.keyboard.press('?');
  check((await page.locator('dialog[open] kbd').count()) > 10, '? shows the keys');
  await page.keyboard.press('Escape');
  await page.keyboard.press('x');
  await page.keyboard.press('Tab');
  const ring = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
  check(ring !== 'none' && (await page.locator('dialog[open]').count()) === 1, 'x asks for a note, Tab shows where the focus is');
  await page.keyboard.press('Escape');
  const wanted = ['listbox', 'SELECT', 'INPUT'];
  const reached = new Set<string>();
  await page.evaluate('document.activeElement?.blur()');
  for (let i = 0; i < 60 && !wanted.every((one) => reached.has(one)); i++) {
    await page.keyboard.press('Tab');
    reached.add(
      await page.evaluate<string>("document.activeElement?.getAttribute('role') ?? document.activeElement?.tagName ?? ''"),
    );
  }
  check(
    wanted.every((one) => reached.has(one)),
    `Tab reaches fields and list: ${[...reached].join(', ')}`,
  );
  await close();
}

/** Dark by the system and by the switch; narrow windows; words instead of colours. */
export async function looksStory(browser: Browser, agent: PageAgent): Promise<void> {
  const { page, close } = await openVisit(browser, agent.url, { colorScheme: 'dark' });
  await signIn(page, agent.tokens.analyst);
  await page.waitForSelector('.line.finding');
  const ground = (): Promise<string> => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const dark = await ground();
  await page.click('.theme');
  const light = await ground();
  check(dark !== light, `dark by the system (${dark}), light by the switch (${light})`);
  await page.reload();
  await page.waitForSelector('.line.finding');
  check((await ground()) === light, 'what was chosen stays');
  const words = await page.evaluate<readonly (readonly [string, string])[]>(
    "[...document.querySelectorAll('.line .severity')].map((one) => [one.textContent, one.querySelector('path').getAttribute('d')])",
  );
  check(
    new Set(words.map(([, shape]) => shape)).size === new Set(words.map(([word]) => word)).size,
    'each severity has its word and its shape',
  );
  const time = page.locator('.line time').first();
  check(/UTC$/.test((await time.getAttribute('title')) ?? ''), 'times are local, with UTC when pointed at');
  for (const width of [1024, 390])
    for (const view of ['findings', 'reviews', 'overview', 'events', 'health']) {
      await page.setViewportSize({ width, height: 800 });
      await goTo(page, view);
      await settled(page);
      check((await overflowOf(page)) === 0, `${view} fits into ${width} pixels`);
    }
  await close();
}

/** The agent goes away and comes back: the page says so, how old it is, and goes on without a reload. */
export async function lostStory(page: Page, agent: PageAgent, lines: readonly string[]): Promise<void> {
  await page.goto(`${page.url().split('#')[0]}#/findings`);
  await page.waitForSelector('.line.finding');
  await agent.end();
  await page.waitForSelector('.banner:not([hidden])');
  check(/old/.test((await page.textContent('.banner')) ?? ''), `a banner says so: ${await page.textContent('.banner')}`);
  await agent.start();
  await until('the sign-in or the page', async () => (await page.locator('.banner[hidden], .login').count()) > 0, 30_000);
  if ((await page.locator('.login').count()) > 0) await signIn(page, agent.tokens.analyst);
  await page.waitForSelector('.line.finding');
  const before = Number.parseInt(await saidOf(page), 10);
  agent.write(lines);
  await until('more findings', async () => Number.parseInt(await saidOf(page), 10) > before, 30_000);
  check(true, 'after a restart it goes on');
}
