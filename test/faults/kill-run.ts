import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { recordFlags, recordTypes } from '../../src/core/record.ts';
import { createRandom, type SeededRandom } from '../../src/demo/random.ts';
import { openLogReader } from '../../src/log/open-log-reader.ts';
import { createGrowingLog, type GrowingLog } from './growing-log.ts';

/**
 * Kills `auditveil run` with SIGKILL at random moments while its log grows and is rotated, starts it again, and at the
 * end looks for every event in the events log: exactly once.
 */
const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

interface Place {
  readonly directory: string;
  readonly data: string;
  readonly file: string;
}

/** The agent, and the end of what it said on standard error, for when it fails. */
interface Agent {
  readonly child: ChildProcess;
  said(): string;
}

function startAgent(place: Place): Agent {
  const env = { ...process.env, XDG_STATE_HOME: path.join(place.directory, 'state'), NO_COLOR: '1' };
  const child = spawn(process.execPath, [main, 'run', place.file, '--data-dir', place.data], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let tail = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-2000);
  });
  return { child, said: () => tail };
}

/** The first start, undisturbed until something is in the log: from then on there is a position to come back to. */
async function firstStart(place: Place): Promise<void> {
  const agent = startAgent(place);
  const ended = once(agent.child, 'close');
  for (const startedMs = Date.now(); ; await sleep(100)) {
    const { seen } = await readEvents(place.data).catch(() => ({ seen: new Map() }));
    if (seen.size > 0) break;
    if (Date.now() - startedMs > 30_000) throw new Error(`nothing in the log after 30 s:\n${agent.said()}`);
  }
  await sleep(500);
  agent.child.kill('SIGKILL');
  await ended;
}

/** One round: run, kill -9 after a random time. An agent that ends by itself is a failure. */
async function killRound(place: Place, random: SeededRandom, longestMs: number): Promise<void> {
  const agent = startAgent(place);
  const ended = once(agent.child, 'close') as Promise<[number | null, string | null]>;
  const early = await Promise.race([ended.then(() => true), sleep(random.between(50, longestMs), false)]);
  if (early) throw new Error(`the agent ended by itself:\n${agent.said()}`);
  agent.child.kill('SIGKILL');
  await ended;
}

interface Tally {
  /** Records by auditID. */
  readonly seen: ReadonlyMap<string, number>;
  readonly stubs: number;
}

async function readEvents(data: string): Promise<Tally> {
  const reader = await openLogReader({ directory: path.join(data, 'events') });
  const seen = new Map<string, number>();
  let stubs = 0;
  try {
    for await (const batch of reader.read(new AbortController().signal, { follow: false })) {
      for (const record of batch.records) {
        if (record.type !== recordTypes.event) continue;
        if ((record.flags & recordFlags.stub) !== 0) stubs++;
        const { auditID = '' } = JSON.parse(Buffer.from(record.payload).toString('utf8')) as { auditID?: string };
        seen.set(auditID, (seen.get(auditID) ?? 0) + 1);
      }
    }
  } finally {
    await reader.close();
  }
  return { seen, stubs };
}

/** Runs undisturbed until the log holds everything, or no longer grows, then stops the agent politely. */
async function finish(place: Place, log: GrowingLog): Promise<Tally> {
  const agent = startAgent(place);
  const ended = once(agent.child, 'close') as Promise<[number | null, string | null]>;
  let tally: Tally = { seen: new Map(), stubs: 0 };
  let quietSince = Date.now();
  for (let before = -1; Date.now() - quietSince < 15_000 && tally.seen.size < log.written.size; ) {
    await sleep(500);
    tally = await readEvents(place.data).catch(() => tally);
    if (tally.seen.size !== before) quietSince = Date.now();
    before = tally.seen.size;
  }
  agent.child.kill('SIGTERM');
  const [code] = await ended;
  if (code !== 0) throw new Error(`the agent did not stop cleanly (exit ${code}):\n${agent.said()}`);
  return readEvents(place.data);
}

function judge(log: GrowingLog, tally: Tally, rounds: number): boolean {
  const missing = [...log.written].filter((id) => !tally.seen.has(id)).length;
  const repeated = [...tally.seen.values()].filter((count) => count > 1).length;
  const unknown = [...tally.seen.keys()].filter((id) => !log.written.has(id)).length;
  say(`${rounds} kills, ${log.rotations} rotations, ${log.written.size} events written`);
  say(`${tally.seen.size} in the log, ${missing} missing, ${repeated} more than once, ${unknown} unknown, ${tally.stubs} stubs`);
  return log.written.size > 0 && missing + repeated + unknown + tally.stubs === 0;
}

async function run(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      'longest-ms': { type: 'string', default: '3000' },
      keep: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  const random = createRandom(Number(values.seed));
  const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-kill-'));
  const logs = path.join(directory, 'logs');
  mkdirSync(logs);
  const log = createGrowingLog({ directory: logs, random, rotationChance: 0.004 });
  const place = { directory, data: path.join(directory, 'data'), file: log.file };
  try {
    log.start();
    await firstStart(place);
    log.beginRotation();
    for (let round = 1; round <= rounds; round++) {
      await killRound(place, random, Number(values['longest-ms']));
      if (round % 10 === 0) say(`round ${round} of ${rounds}: ${log.written.size} events written`);
    }
    log.stop();
    const { seen } = await readEvents(place.data);
    say(`${seen.size} events in the log before the last start`);
    // Otherwise every kill hit an agent that had not begun to work, and the run proves nothing.
    const worked = seen.size > log.written.size / 10;
    if (!worked) say('the kills came too early to prove anything: use a larger --longest-ms');
    return judge(log, await finish(place, log), rounds) && worked;
  } finally {
    log.stop();
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
