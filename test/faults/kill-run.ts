import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createRandom, type SeededRandom } from '../../src/demo/random.ts';
import { makeFileLoad } from './file-load.ts';
import { KillAgent, type ReadyTime } from './kill-agent.ts';
import type { KillLoad, KillPlace, MakeKillLoad } from './kill-load.ts';
import { plantedValue } from './numbered-event.ts';
import { filesWith, type LogTally, readEvents } from './read-log.ts';
import { makeWebhookLoad } from './webhook-load.ts';

/**
 * Kills `auditveil run` with SIGKILL at random moments while events come in, starts it again, and at the end looks for every
 * event it owes in the events log: exactly once.
 */
const loads: Readonly<Record<string, { readonly make: MakeKillLoad; readonly eventsPerSecond: number }>> = {
  file: { make: makeFileLoad, eventsPerSecond: 1_200 },
  webhook: { make: makeWebhookLoad, eventsPerSecond: 4_000 },
};
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The first start, undisturbed until something is in the log: from then on there is a position to come back to. */
async function firstStart(place: KillPlace, load: KillLoad, firstEvents: number): Promise<void> {
  const agent = new KillAgent(place, load.args);
  for (const startedMs = Date.now(); ; await sleep(100)) {
    const { seen } = await readEvents(place.data).catch(() => ({ seen: new Map() }));
    if (seen.size > 0) break;
    if (Date.now() - startedMs > 30_000) throw new Error(`nothing in the log after 30 s:\n${agent.said}`);
  }
  while (load.owed.size < firstEvents) await sleep(500);
  await sleep(500);
  await agent.kill();
}

interface Round {
  /** Where the agent can be asked whether it is ready. */
  readonly ready: ReadyTime | undefined;
  /** Whether it had written to the log before it was killed. */
  readonly atWork: boolean;
}

/**
 * One round: run, kill -9 at a random moment. Mostly after the agent has begun to write events: a kill that hits one that is
 * starting proves little. An agent that ends by itself is a failure.
 */
async function killRound(place: KillPlace, load: KillLoad, random: SeededRandom, longestMs: number): Promise<Round> {
  const agent = new KillAgent(place, load.args);
  const waits = random.unit() < 0.9;
  const ready = waits && load.address !== undefined ? await agent.ready(load.address) : undefined;
  const atWork = waits && (await agent.writes());
  if (await agent.endsWithin(random.between(waits ? 0 : 50, longestMs)))
    throw new Error(`the agent ended by itself:\n${agent.said}`);
  await agent.kill();
  return { ready, atWork };
}

/** Runs undisturbed until the log holds everything, or no longer grows, then stops the agent politely. */
async function finish(place: KillPlace, load: KillLoad): Promise<LogTally> {
  const agent = new KillAgent(place, load.args);
  await load.stop();
  let tally: LogTally = { seen: new Map(), stubs: 0 };
  let quietSince = Date.now();
  for (let before = -1; Date.now() - quietSince < 60_000 && tally.seen.size < load.owed.size; ) {
    await sleep(500);
    tally = await readEvents(place.data).catch(() => tally);
    if (tally.seen.size !== before) quietSince = Date.now();
    before = tally.seen.size;
  }
  await agent.stop();
  return readEvents(place.data);
}

async function judge(place: KillPlace, load: KillLoad, tally: LogTally): Promise<boolean> {
  const gone = [...load.owed].filter((id) => !tally.seen.has(id));
  const removed = gone.filter((id) => load.removed?.has(id)).length;
  const missing = gone.length - removed;
  if (removed > 0)
    say(`${removed} events were in files that rotation removed before the agent came to them: keep more (--keep-files)`);
  const repeated = [...tally.seen.values()].filter((count) => count > 1).length;
  const unknown = [...tally.seen.keys()].filter((id) => !load.known.has(id)).length;
  const leaks = (await filesWith(place.data, plantedValue)).length;
  say(
    `${tally.seen.size} in the log, ${missing} missing, ${repeated} more than once, ${unknown} unknown, ${tally.stubs} stubs, ${leaks} files with raw values`,
  );
  return load.owed.size > 0 && missing + repeated + unknown + tally.stubs + leaks === 0;
}

/** By the processor time of the start in the middle: the machine may have other things to do. */
function judgeReady(times: readonly ReadyTime[], mostMs: number): boolean {
  if (times.length === 0) return true;
  const [wall, cpu] = [spreadOf(times.map((time) => time.wallMs)), spreadOf(times.map((time) => time.cpuMs))];
  say(`${times.length} starts were ready after ${wall.text}; of processor time ${cpu.text}`);
  return cpu.middle <= mostMs;
}

function spreadOf(times: readonly number[]): { readonly middle: number; readonly text: string } {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = sorted[sorted.length >> 1] ?? 0;
  return { middle, text: `${middle} ms in the middle, ${sorted.at(-1) ?? 0} ms at most` };
}

interface Options {
  readonly rounds: number;
  /** No round begins after this. */
  readonly untilMs: number;
  readonly random: SeededRandom;
  readonly longestMs: number;
  readonly firstEvents: number;
  readonly readyMs: number;
}

async function killRounds(place: KillPlace, load: KillLoad, options: Options): Promise<boolean> {
  const { rounds, untilMs, random, longestMs, firstEvents, readyMs } = options;
  const done: Round[] = [];
  load.start();
  await firstStart(place, load, firstEvents);
  load.settle?.();
  for (let round = 1; round <= rounds && Date.now() < untilMs; round++) {
    done.push(await killRound(place, load, random, longestMs));
    if (round % 10 === 0) say(`round ${round} of ${rounds}: ${load.story()}`);
  }
  const atWork = done.filter((round) => round.atWork).length;
  // Otherwise the run proves nothing.
  const worked = atWork > done.length / 2 && load.owed.size > firstEvents;
  if (!worked) say('too few kills hit an agent at work to prove anything');
  const tally = await finish(place, load);
  say(`${done.length} kills, ${atWork} of them of an agent that was writing events, ${load.story()}`);
  const whole = await judge(place, load, tally);
  const ready = done.flatMap((round) => round.ready ?? []);
  return judgeReady(ready, readyMs) && whole && worked;
}

async function run(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      source: { type: 'string', default: 'file' },
      rounds: { type: 'string', default: '100' },
      'most-minutes': { type: 'string', default: 'Infinity' },
      seed: { type: 'string', default: '1' },
      // An agent runs so long at most, mostly counted from the first event it writes.
      'longest-ms': { type: 'string', default: '1500' },
      'events-per-second': { type: 'string' },
      // Files that rotation keeps; older ones are removed, read or not.
      'keep-files': { type: 'string', default: 'Infinity' },
      // Events in the log before the first kill: a log of some size.
      'first-events': { type: 'string', default: '1' },
      // Fails where the start in the middle took more processor time; for machines whose speed is known.
      'ready-ms': { type: 'string', default: 'Infinity' },
      keep: { type: 'boolean', default: false },
    },
  });
  const kind = loads[values.source];
  if (!kind) throw new Error(`--source is one of ${Object.keys(loads).join(', ')}`);
  const random = createRandom(Number(values.seed));
  const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-kill-'));
  const place = { directory, data: path.join(directory, 'data') };
  const eventsPerSecond = Number(values['events-per-second'] ?? kind.eventsPerSecond);
  const load = await kind.make(place, { random, eventsPerSecond, keepFiles: Number(values['keep-files']) });
  try {
    return await killRounds(place, load, {
      random,
      rounds: Number(values.rounds),
      untilMs: Date.now() + Number(values['most-minutes']) * 60_000,
      longestMs: Number(values['longest-ms']),
      firstEvents: Number(values['first-events']),
      readyMs: Number(values['ready-ms']),
    });
  } finally {
    if (values.keep) say(`kept: ${directory}`);
    else rmSync(directory, { recursive: true, force: true });
  }
}

try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  say(error instanceof Error ? error.message : 'failed');
  process.exitCode = 1;
}
// After a failure a load may still wait for an agent that will not come.
process.exit();
