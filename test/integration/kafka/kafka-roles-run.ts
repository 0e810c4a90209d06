import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { numberedEvent, plantedValue } from '../../faults/numbered-event.ts';
import { check, say, tell } from '../check.ts';
import { whileMoving } from '../while-moving.ts';
import { append, KafkaWorld, manyUpdates, type RoleProcess, within } from './kafka-world.ts';

/**
 * Three real brokers, two agents, two workers, each a process of its own: what an agent reads arrives once, whatever is killed in
 * between, and nothing that must be masked is ever on the wire.
 *
 *   kafka-roles-run.js [--away-seconds N]   # how long there is no broker at first (default 6)
 */
const awayAt = process.argv.indexOf('--away-seconds');
const awaySeconds = awayAt < 0 ? 6 : Number(process.argv[awayAt + 1]);
interface Event {
  readonly auditID: string;
}
interface Found {
  readonly id: string;
  readonly revision: number;
  readonly episode?: { readonly count: number };
  readonly rule: { readonly id: string };
  readonly evidence: Readonly<Record<string, readonly string[]>>;
}

const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-roles-'));
const world = new KafkaWorld(folder, [plantedValue], { brokers: 3 });
const written = new Set<string>();
const all: RoleProcess[] = [];

function events(from: number, count: number, who: string): readonly string[] {
  return Array.from({ length: count }, (_, i) => {
    const id = `${who}-${from + i}`;
    written.add(id);
    return numberedEvent(from + i, id);
  });
}

const arrived = (workers: readonly RoleProcess[]): readonly string[] =>
  workers.flatMap((worker) => worker.lines<Event>('events.jsonl').map(({ auditID }) => auditID));
/** Nothing after it makes sense where records are missing. */
function need(holds: boolean, what: string): void {
  check(holds, what);
  if (!holds) throw new Error(what);
}

const isWhole = (workers: readonly RoleProcess[]) => (): boolean => {
  const seen = new Set(arrived(workers));
  return [...written].every((id) => seen.has(id));
};
const findings = (workers: readonly RoleProcess[]): readonly Found[] =>
  workers.flatMap((worker) => worker.lines<Found>('findings.jsonl'));

/** Findings of the rule over several events, whoever keeps its windows. */
const episodes = (workers: readonly RoleProcess[]): readonly Found[] =>
  findings(workers).filter(({ rule }) => rule.id === manyUpdates);
const rebuilt = (workers: readonly RoleProcess[]): number =>
  workers.flatMap((worker) => worker.said().match(/windows of partition \d+ are made again/g) ?? []).length;

async function awayAtFirst(agents: readonly RoleProcess[], workers: readonly RoleProcess[]): Promise<void> {
  for (const id of [1, 2, 3]) await world.kafka.endBroker(id, 'SIGKILL');
  for (const one of all) one.start();
  const batch = events(0, 300, 'both');
  for (const agent of agents) append(agent, batch);
  for (let second = 0; second < awaySeconds; second++, await sleep(1_000))
    append(agents[second % 2] as RoleProcess, events(100_000 + second * 50, 50, 'away'));
  check(
    all.every(({ hasEnded }) => !hasEnded),
    `without a broker for ${awaySeconds} s agents and workers wait (${written.size} events)`,
  );
  for (const id of [1, 2, 3]) world.kafka.startBroker(id);
  await world.kafka.ready();
  need(
    await whileMoving(isWhole(workers), () => arrived(workers).length),
    'once the brokers are there, what was read meanwhile arrives',
  );
  // A worker knows what it has had; what another one had not committed yet when it joined may come to it too.
  const repeats = workers.map((worker) => arrived([worker])).map((ids) => ids.length - new Set(ids).size);
  check(
    repeats.every((count) => count === 0),
    `two agents with the same batch: each event once at a worker (repeats: ${repeats.join()}; ${arrived(workers).length} of ${written.size})`,
  );
}

async function leaderMoves([a, b]: readonly RoleProcess[], workers: readonly RoleProcess[]): Promise<void> {
  for (const id of [1, 2, 3]) {
    append(a as RoleProcess, events(1_000 * id, 200, 'a'));
    await world.kafka.endBroker(id, 'SIGKILL');
    append(b as RoleProcess, events(1_000 * id, 200, 'b'));
    await sleep(3_000);
    world.kafka.startBroker(id);
    await world.kafka.ready();
  }
  need(
    await whileMoving(isWhole(workers), () => arrived(workers).length),
    'each broker killed in turn, leaders moved: everything arrives',
  );
}

async function largeRecord([a]: readonly RoleProcess[], workers: readonly RoleProcess[]): Promise<void> {
  const [line = ''] = events(9_000, 1, 'large');
  const large = line.replace('"app.yaml":', `"big.txt":"${'word '.repeat(600_000)}","app.yaml":`);
  append(a as RoleProcess, [large, ...events(9_001, 20, 'after-large')]);
  need(await whileMoving(isWhole(workers), () => arrived(workers).length), 'a record of 3 MB passes a broker that takes 1 MB');
}

async function workerKilled([a]: readonly RoleProcess[], workers: readonly RoleProcess[]): Promise<void> {
  const [first, second] = workers as [RoleProcess, RoleProcess];
  // One of the two has windows from here on, and is ended below: the other must make them again.
  need(await within(60, () => episodes(workers).length > 0), 'a rule over several events finds what they add up to');
  for (let round = 0; round < 3; round++) {
    append(a as RoleProcess, events(20_000 + round * 1_000, 400, 'killed'));
    await sleep(300);
    await first.end('SIGKILL');
    append(a as RoleProcess, events(25_000 + round * 1_000, 400, 'killed'));
    await sleep(1_000);
    first.start();
  }
  need(
    await whileMoving(isWhole(workers), () => arrived(workers).length),
    'a worker killed with SIGKILL three times: everything arrives',
  );
  const ids = arrived(workers);
  say(`     ${ids.length - new Set(ids).size} repeats of ${written.size} events`);
  await second.end('SIGTERM');
  append(a as RoleProcess, events(40_000, 300, 'alone'));
  need(
    await whileMoving(isWhole(workers), () => arrived(workers).length),
    'a worker that stops leaves its partitions to the other',
  );
  const again = await within(60, () => rebuilt(workers) > 0);
  check(again, `windows of a worker that is gone are made again (${rebuilt(workers)} times)`);
  second.start();
}

/** All events so far are one episode of one rule, whoever kept its window when: it ends once time has moved on. */
async function episodeIsWhole([a]: readonly RoleProcess[], workers: readonly RoleProcess[]): Promise<void> {
  const count = written.size;
  need(await world.areMatched(written, 60), 'all of them are handed on to whoever keeps the windows');
  append(a as RoleProcess, events(20_000_000, 1, 'much-later'));
  const many = (): readonly Found[] => episodes(workers);
  const last = (): Found | undefined => [...many()].sort((x, y) => y.revision - x.revision)[0];
  const isClosed = await within(60, () => last()?.episode?.count === count);
  check(isClosed, `one episode counts every event once: ${last()?.episode?.count} of ${count}`);
  const ids = new Set(many().map(({ id }) => id));
  check(ids.size === 1, `and keeps its id over every worker that kept its window (${ids.size}, ${many().length} findings)`);
}

async function forged(workers: readonly RoleProcess[]): Promise<void> {
  const before = arrived(workers).length;
  const producer = world.kafka.client().producer();
  await producer.connect();
  const raw = numberedEvent(1, 'forged');
  await producer.send({
    topic: 'auditveil-events',
    messages: [{ value: raw }, { value: Buffer.concat([Buffer.from([1, 1, 1, 0]), Buffer.from(raw)]) }],
  });
  await producer.disconnect();
  const isRefused = (problem: string) => () =>
    findings(workers).some(
      ({ rule, evidence }) => rule.id === 'auditveil.transport-refused' && evidence['transport.problem']?.[0] === problem,
    );
  check(await within(30, isRefused('mac')), 'a message with a wrong MAC becomes a finding');
  check(await within(30, isRefused('version')), 'and so does a raw event');
  check(arrived(workers).length === before && !arrived(workers).includes('forged'), 'none of them gets into a log');
}

process.once('SIGTERM', () => void world.stop(all).then(() => process.exit(1)));
async function story(): Promise<void> {
  await world.kafka.start();
  await world.kafka.createTopic('auditveil-events', 6);
  await world.kafka.createTopic('auditveil-matches', 1);
  const agents = [world.agent('agent-a'), world.agent('agent-b')];
  const workers = [world.worker('worker-1'), world.worker('worker-2')];
  all.push(...agents, ...workers);
  await awayAtFirst(agents, workers);
  await leaderMoves(agents, workers);
  await largeRecord(agents, workers);
  await workerKilled(agents, workers);
  await episodeIsWhole(agents, workers);
  world.proxies.forEach(({ bytes }) => void check(bytes > 0, `${bytes} bytes passed a proxy`));
  check(world.leaked.length === 0, `no planted value on the wire (${world.leaked.join(', ')})`);
  await forged(workers);
  for (const one of all) check((await one.end('SIGTERM')) === 0, `${one.name} stops cleanly`);
}

await tell(story, () => world.end(all));
