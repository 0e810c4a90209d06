import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../../src/demo/random.ts';
import { numberedEvent, plantedValue } from '../../faults/numbered-event.ts';
import { check, say, tell } from '../check.ts';
import { append, KafkaWorld, manyUpdates, type RoleProcess, within } from './kafka-world.ts';

/**
 * Three brokers, two agents, three workers; something is killed every few seconds, one broker at a time and the next thing only once
 * all replicas are in sync. At the end every event has arrived, the one episode that all of them are counts each of them once, and
 * nothing that must be masked was on the wire.
 *
 *   npm run test:kafka -- [--minutes N] [--seed N]
 */
const argument = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const minutes = argument('minutes', 15);
const seed = argument('seed', Date.now() % 1_000_000);
const eventsASecond = 400;
const random = createRandom(seed);

const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-chaos-'));
const world = new KafkaWorld(folder, [plantedValue], { brokers: 3 });
const all: RoleProcess[] = [];
const written = new Set<string>();
const kills = new Map<string, number>();

interface Found {
  readonly id: string;
  readonly revision: number;
  readonly rule: { readonly id: string };
  readonly episode?: { readonly count: number };
}

/** Both agents write, each its own events and a few that both see. */
async function feed(agents: readonly RoleProcess[], isOver: () => boolean): Promise<void> {
  for (let number = 0; !isOver(); await sleep(250)) {
    for (const agent of agents) {
      const lines: string[] = [];
      for (let i = 0; i < eventsASecond / 8; i++) {
        const id = i % 20 === 0 ? `both-${number + i}` : `${agent.name}-${number + i}`;
        written.add(id);
        lines.push(numberedEvent((number + i) % 1_000_000, id));
      }
      append(agent, lines);
    }
    number += eventsASecond / 8;
  }
}

async function killOne(): Promise<void> {
  const drawn = random.between(0, 2);
  if (drawn === 0) {
    const id = random.between(1, 3);
    count('broker');
    await world.kafka.endBroker(id, 'SIGKILL');
    await sleep(random.between(500, 5_000));
    world.kafka.startBroker(id);
    await world.kafka.ready();
    return;
  }
  const role = drawn === 1 ? 'agent' : 'worker';
  const chosen = all.filter(({ name }) => name.startsWith(role));
  const one = chosen[random.between(0, chosen.length - 1)] as RoleProcess;
  count(role);
  await one.end('SIGKILL');
  await sleep(random.between(200, 3_000));
  one.start();
}

const count = (what: string): void => void kills.set(what, (kills.get(what) ?? 0) + 1);

async function judge(workers: readonly RoleProcess[], agents: readonly RoleProcess[]): Promise<void> {
  const arrived = (): readonly string[] =>
    workers.flatMap((worker) => worker.lines<{ readonly auditID: string }>('events.jsonl').map(({ auditID }) => auditID));
  const missing = (): readonly string[] => {
    const seen = new Set(arrived());
    return [...written].filter((id) => !seen.has(id));
  };
  check(await within(180, () => missing().length === 0), `lost ${missing().length} of ${written.size} events`);
  say(`     ${arrived().length - new Set(arrived()).size} repeats`);
  const expected = written.size;
  check(await world.areMatched(written, 180), 'all of them are handed on to whoever keeps the windows');
  append(agents[0] as RoleProcess, [numberedEvent(20_000_000, 'much-later')]);
  const many = (): readonly Found[] =>
    workers.flatMap((worker) => worker.lines<Found>('findings.jsonl')).filter(({ rule }) => rule.id === manyUpdates);
  const last = (): Found | undefined => [...many()].sort((a, b) => b.revision - a.revision)[0];
  const isWhole = await within(120, () => last()?.episode?.count === expected);
  check(isWhole, `the episode counts ${last()?.episode?.count} of ${expected}`);
  check(new Set(many().map(({ id }) => id)).size === 1, 'and has one id');
  check(
    world.leaked.length === 0,
    `no planted value among ${world.proxies.reduce((sum, { bytes }) => sum + bytes, 0)} bytes on the wire`,
  );
  check(
    all.every(({ hasEnded }) => !hasEnded),
    'nothing ended by itself',
  );
}

process.once('SIGTERM', () => void world.stop(all).then(() => process.exit(1)));
async function story(): Promise<void> {
  say(`seed ${seed}`);
  await world.kafka.start();
  await world.kafka.createTopic('auditveil-events', 6);
  await world.kafka.createTopic('auditveil-matches', 1);
  const agents = ['agent-a', 'agent-b'].map((name) => world.agent(name));
  const workers = ['worker-1', 'worker-2', 'worker-3'].map((name) => world.worker(name));
  all.push(...agents, ...workers);
  for (const one of all) one.start();
  const endMs = Date.now() + minutes * 60_000;
  const isOver = (): boolean => Date.now() > endMs;
  const feeding = feed(agents, isOver);
  await sleep(5_000);
  while (!isOver()) {
    await killOne();
    await sleep(random.between(1_000, 8_000));
  }
  await feeding;
  say(`killed: ${[...kills].map(([what, times]) => `${what} ${times}`).join(', ')}`);
  await judge(workers, agents);
}

await tell(story, () => world.end(all));
