import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { StoreProcess } from '../../src/store/store-process.ts';
import { describeMachine } from '../machine.ts';
import { copySegments } from '../store/copy-segments.ts';
import { writeStore } from '../store/write-store.ts';

/**
 * Measures the page over a store of masked Metadata events, in a real Chromium: until each view shows its data, the work of the page's own
 * thread meanwhile, and for a frame while scrolling. usage: CHROMIUM=… npm run bench:page -- [--events N] [--copies N] [--dir STORE]
 */
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    copies: { type: 'string', default: '10' },
    dir: { type: 'string', default: '' },
  },
});
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const main = path.join(root, 'dist/src/cli/main.js');
const frames = 120;
const slowestMs = 180_000;

/** What is opened, and what must be there to be seen. */
const views: readonly (readonly [name: string, view: string, place: string])[] = [
  ['events of the last day', 'events', '.line.event'],
  ['events of 30 days', 'events?range=30d', '.line.event'],
  ['events of one person, 30 days', 'events?range=30d&humans=true', '.line.event'],
  ['overview of the last hour', 'overview', '.card .heat'],
  ['overview of the last day', 'overview?range=24h', '.heat tbody tr'],
  ['overview of 30 days', 'overview?range=30d', '.heat tbody tr'],
];

async function fill(directory: string): Promise<void> {
  mkdirSync(path.join(directory, 'findings'));
  await writeStore(directory, Number(values.events));
  const first = new StoreProcess({ dataDirectory: directory, notice: () => undefined });
  await first.ask('query', [{ sql: 'SELECT count(*) FROM events' }], new AbortController().signal, () => undefined);
  await first.close();
  copySegments(directory, Number(values.copies));
}

/** The page over the store, and the link that signs in. */
function serve(directory: string): Promise<{ readonly child: ChildProcess; readonly link: string }> {
  const child = spawn(process.execPath, [main, 'serve', '--data-dir', directory, '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      const link = /the page: (\S+)/.exec(said)?.[1];
      if (link !== undefined) resolve({ child, link });
    });
    child.on('exit', () => reject(new Error(`serve ended:\n${said}`)));
  });
}

/** Seconds on the processor of the page's thread since it was made. */
async function threadSeconds(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
}

const row = (name: string, seconds: number, thread: number): void =>
  void process.stdout.write(`| ${name} | ${seconds.toFixed(2)} | ${(thread * 1000).toFixed(0)} |\n`);

async function measure(browser: Browser, link: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(slowestMs);
  const spent = await threadSeconds(page);
  process.stdout.write("| what | seconds until it is there | ms of the page's thread |\n|---|---|---|\n");
  const timed = async (name: string, act: () => Promise<unknown>): Promise<void> => {
    const [began, before] = [performance.now(), await spent()];
    await act();
    row(name, (performance.now() - began) / 1000, (await spent()) - before);
  };
  await timed('first load, signing in', async () => {
    await page.goto(link);
    await page.waitForSelector('.empty, .line.finding');
  });
  for (const [name, view, place] of views) {
    // From a view without such a line, so that its first text is of what is measured.
    await page.evaluate("location.hash = '#/health'");
    await page.waitForSelector('.facts');
    await timed(name, async () => {
      await page.evaluate(`location.hash = ${JSON.stringify(`#/${view}`)}`);
      await page.waitForSelector(`${place}:not(.is-waiting)`);
      while ((await saidOf(page)) === '') await page.waitForTimeout(10);
      // The policy of the page lets nobody evaluate a text in a loop of its own.
      while ((await page.locator('main .waiting, main .is-stale').count()) > 0) await page.waitForTimeout(10);
    });
  }
  await page.evaluate("location.hash = '#/events?range=30d'");
  await page.waitForSelector('.line.event');
  await timed('2,000 events further down, page by page', () => scrollTo(page, 2_000));
  await scrolled(page, spent);
  await page.close();
}

/** What the line above what is shown says: it changes when something else is. */
const saidOf = (page: Page): Promise<string> =>
  page.evaluate<string>("document.querySelector('.filters .said')?.textContent ?? ''");

/** Down to a row, as fast as rows come. */
const scrollTo = (page: Page, index: number): Promise<unknown> =>
  page.evaluate(`(async () => {
    const list = document.querySelector('.virtual');
    while (list.scrollTop < ${index} * 32 && document.querySelectorAll('.line.event').length > 0) {
      list.scrollTop = Math.min(list.scrollTop + 4000, ${index} * 32);
      await new Promise(requestAnimationFrame);
    }
  })()`);

async function scrolled(page: Page, spent: () => Promise<number>): Promise<void> {
  const before = await spent();
  await page.evaluate(`(async () => {
    const list = document.querySelector('.virtual');
    for (let i = 0; i < ${frames}; i++) {
      list.scrollTop -= 200;
      await new Promise(requestAnimationFrame);
    }
  })()`);
  process.stdout.write(
    `\nscrolling: ${((((await spent()) - before) * 1000) / frames).toFixed(1)} ms of the page's thread for each frame\n`,
  );
}

const directory = values.dir === '' ? mkdtempSync(path.join(tmpdir(), 'auditveil-bench-page-')) : values.dir;
let child: ChildProcess | undefined;
let browser: Browser | undefined;
try {
  if (values.dir === '') await fill(directory);
  process.stdout.write(`${JSON.stringify(describeMachine(root))}\n`);
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const served = await serve(directory);
  child = served.child;
  await measure(browser, served.link);
} finally {
  await browser?.close();
  child?.kill();
  if (values.dir === '') rmSync(directory, { recursive: true, force: true });
}
