import type { Browser, Page } from 'playwright-core';
import { makeRecording } from '../../../src/demo/recording.ts';
import { until } from '../../support/until.ts';
import { check } from '../check.ts';
import { goTo, linesOf, openVisit, overflowOf, saidOf, settled, signIn } from './browser.ts';
import { hostileEvent, hostileTexts } from './hostile-events.ts';
import type { PageAgent } from './page-agent.ts';

/** The recording with its intrusion, of which the last event has just happened. */
export function recentRecording(): readonly string[] {
  return makeRecording(Date.now() - 70_000).events.map(({ line }) => line);
}

/** Signing in by the link, which works once, and by a token that is pasted. */
export async function signInStory(browser: Browser, agent: PageAgent, link: string): Promise<void> {
  const first = await openVisit(browser, link);
  await first.page.waitForSelector('nav.side');
  check(!first.page.url().includes('token'), 'the token of the link leaves the address at once');
  check((await first.page.evaluate<number>('history.length')) <= 2, 'and no step of the history has it');
  check((await first.page.textContent('.empty'))?.includes('No findings yet') === true, 'an empty list says what to do');
  const second = await openVisit(browser, link);
  await second.page.waitForSelector('.login');
  check((await second.page.textContent('#token-problem')) !== '', 'the link works no second time, and the page says so');
  await signIn(second.page, agent.tokens.analyst);
  check((await second.page.textContent('.who'))?.startsWith('ada') === true, 'a pasted token signs in');
  await second.page.reload();
  await second.page.waitForSelector('nav.side');
  check(true, 'a reload stays signed in');
  await second.page.click('text=Sign out');
  await second.page.waitForSelector('.login');
  check(true, 'signing out ends it');
  check(first.problems.concat(second.problems).length === 0, `nothing went wrong in the page: ${second.problems.join('; ')}`);
  await first.close();
  await second.close();
}

/** What the agent finds is on the page by itself; filters, groups, search. */
export async function liveStory(page: Page, agent: PageAgent, lines: readonly string[]): Promise<void> {
  const writtenMs = Date.now();
  agent.write(lines);
  await page.waitForSelector('.line.finding');
  check(true, `findings are on the page ${Date.now() - writtenMs} ms after their events were written`);
  await until('the findings of the intrusion', async () => Number.parseInt(await saidOf(page), 10) >= 40, 30_000);
  await page.selectOption('select[name=severity]', 'high');
  await until('only grave ones', async () => (await linesOf(page)).every((line) => /^(high|critical)/.test(line)));
  check((await linesOf(page)).length >= 5, 'a filter by severity leaves the grave ones');
  await page.selectOption('select[name=severity]', '');
  // What is left of the filter before has fewer lines too.
  await until('all of them', async () => Number.parseInt(await saidOf(page), 10) >= 40);
  await page.keyboard.press('Escape');
  await page.fill('input[name=text]', 'clusterrolebindings');
  await until('the search', async () => (await linesOf(page)).length > 0 && Number.parseInt(await saidOf(page), 10) < 10);
  check(
    (await linesOf(page)).every((line) => line.includes('clusterrolebinding')),
    'free text leaves what contains it',
  );
  check(page.url().includes('text=clusterrolebindings'), 'the filter stands in the address');
  await page.fill('input[name=text]', '');
  await until('all of them again', async () => Number.parseInt(await saidOf(page), 10) >= 40);
  await page.selectOption('select[name=group]', 'user');
  await page.waitForSelector('.line.group');
  const groups = await linesOf(page);
  await page.click('.line.group >> nth=0');
  await page.waitForSelector('.line.is-inner');
  check(groups.length > 3 && (await linesOf(page)).length > groups.length, 'groups by actor open to their findings');
  await page.selectOption('select[name=group]', '');
}

/** One finding whole; what is said about it; silences. Another page sees it at once. */
export async function reviewStory(page: Page, other: Page): Promise<void> {
  await page.fill('input[name=text]', 'Administrator role bound');
  await until('one finding', async () => (await linesOf(page)).length === 1);
  await page.click('.line.finding');
  await page.waitForSelector('.detail .json');
  const detail = (await page.textContent('.detail')) ?? '';
  check(
    /Looks like/.test(detail) && /Why the rule matched/.test(detail),
    'the detail says what it looks like and why it matched',
  );
  check((await page.locator('.around tbody tr').count()) > 3, 'and what the same actor did before and after');
  check(/"auditID"/.test((await page.textContent('.detail .json')) ?? ''), 'and shows the masked event');
  await page.keyboard.press('a');
  await page.fill('dialog textarea', 'asked the team, it was <b>not</b> them, password=hunter2-Sesam77');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.detail .reviews');
  check(/acknowledge/.test((await page.textContent('.detail .reviews')) ?? ''), 'acknowledged, with the note');
  await until('the other page', async () => (await other.locator('.line.is-acknowledged').count()) === 1);
  check(true, 'another page sees it without a reload');
  await page.click('.detail .buttons button:has-text("Close")');
  await page.click('dialog button[type=submit]');
  await page.waitForSelector('.detail .state.closed');
  await page.click('.detail button:has-text("Reopen")');
  await page.click('dialog button[type=submit]');
  await page.waitForSelector('.detail .state.open');
  check(true, 'closed and reopened');
  await page.keyboard.press('s');
  await page.click('dialog button[type=submit]');
  await page.waitForSelector('.detail .state.silenced');
  check(true, 'silenced');
  await page.keyboard.press('Escape');
  await page.fill('input[name=text]', '');
}

/** Silences in force with what they hide, who said what; an analyst ends a silence there, an auditor sees no button. */
export async function saidStory(browser: Browser, page: Page, agent: PageAgent): Promise<void> {
  await goTo(page, 'reviews');
  await page.waitForSelector('.silences tbody tr');
  const silence = (await page.textContent('.silences tbody tr')) ?? '';
  check(/rule Administrator role bound and actor /.test(silence) && /ada since/.test(silence), `a silence in words: ${silence}`);
  const history = await page.locator('.history li').allTextContents();
  const verbs = ['silenced', 'reopened', 'closed', 'acknowledged'];
  check(
    verbs.every((verb, i) => history[i]?.includes(` ${verb} `)),
    `what was said, the newest first: ${history.length}`,
  );
  check(!history.join().includes('hunter2-Sesam77'), 'with the texts masked');
  const auditor = await openVisit(browser, agent.url);
  await signIn(auditor.page, agent.tokens.auditor);
  await goTo(auditor.page, 'reviews');
  await auditor.page.waitForSelector('.silences tbody tr');
  check((await auditor.page.locator('.silences button').count()) === 0, 'an auditor sees them and ends none');
  await page.click('.silences button');
  await auditor.page.waitForSelector('.card .none');
  await until('the end in the history', async () => /ended the silence/.test((await page.textContent('.history li')) ?? ''));
  check(true, 'an analyst ends one, and other pages see it');
  await auditor.close();
  await goTo(page, 'findings');
}

/** An auditor reads everything and reviews nothing. */
export async function auditorStory(browser: Browser, agent: PageAgent): Promise<void> {
  const { page, close } = await openVisit(browser, agent.url);
  await signIn(page, agent.tokens.auditor);
  await page.waitForSelector('.line.finding');
  await page.click('.line.finding >> nth=0');
  await page.waitForSelector('.detail .facts');
  check((await page.locator('.detail .buttons button').count()) === 0, 'an auditor is offered no review');
  await page.keyboard.press('a');
  check((await page.locator('dialog[open]').count()) === 0, 'the key does nothing but say so');
  const status = await page.evaluate<number>(`(async () => {
    const { csrf } = await (await fetch('api/v1/session')).json();
    const id = location.hash.split('/')[2].split('?')[0];
    const headers = { 'content-type': 'application/json', 'x-auditveil-csrf': csrf };
    return (await fetch('api/v1/findings/' + id + '/reviews', { method: 'POST', headers, body: '{"action":"close"}' })).status;
  })()`);
  check(status === 403, `and the server refuses it too: ${status}`);
  await close();
}

/** Hostile texts in every field: nothing runs, the layout holds, control characters are seen. */
export async function hostileStory(browser: Browser, agent: PageAgent, line: string): Promise<void> {
  const { page, problems, close } = await openVisit(browser, agent.url);
  await signIn(page, agent.tokens.analyst);
  agent.write(hostileTexts.map((text, i) => hostileEvent(line, text, i + 1)));
  await page.fill('input[name=text]', 'hacked');
  await until('hostile findings', async () => (await linesOf(page)).some((one) => one.includes('hacked')), 30_000);
  await page.fill('input[name=text]', '');
  const views = [
    'findings',
    'findings?group=user',
    'findings?group=rule',
    'reviews',
    'overview',
    'events',
    'rules',
    'posture',
    'health',
  ];
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    for (const view of views) {
      await goTo(page, view);
      await settled(page);
      const overflow = await overflowOf(page);
      if (overflow > 0) check(false, `nothing sticks out of ${view} at ${width}: ${overflow} px`);
    }
    for (const view of ['findings', 'events']) await openEach(page, view);
  }
  check(true, 'lists and details were opened at two widths');
  check((await page.evaluate('window.hacked === undefined')) === true, 'no hostile text ran');
  check((await page.locator('main img, main iframe, main script').count()) === 0, 'and none became an element');
  const raw = await page.evaluate(String.raw`/[\u0000-\u0008\u001b\u202a-\u202e\u2066-\u2069]/.test(document.body.innerText)`);
  check(raw === false, 'control and bidirectional characters stand as escapes');
  check(problems.length === 0, `nothing went wrong in the page: ${problems.slice(0, 3).join('; ')}`);
  await close();
}

async function openEach(page: Page, view: string): Promise<void> {
  await goTo(page, view);
  await page.waitForSelector('.line:not(.is-waiting)');
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('j');
    if (i === 0) await page.keyboard.press('Enter');
    await page.waitForSelector('.detail .json', { timeout: 5000 }).catch(() => undefined);
    const overflow = await overflowOf(page);
    if (overflow > 0) check(false, `nothing sticks out of a detail of ${view}: ${overflow} px`);
  }
  await page.keyboard.press('Escape');
}
