import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { plantedValue } from '../../faults/numbered-event.ts';
import { check, failedChecks, say, tell } from '../check.ts';
import { LineFollower } from '../kafka/line-follower.ts';
import { whileMoving } from '../while-moving.ts';
import { httpReceivers } from './http-receivers.ts';
import { emailReceiver, kafkaReceiver, postgresqlReceiver, s3Receiver, syslogReceiver } from './other-receivers.ts';
import { OutageAgent } from './outage-agent.ts';
import type { Receiver } from './receiver.ts';
import { SeenEvents } from './seen-events.ts';

/**
 * Every sink that sends over a network, in one agent under a steady load: its other side goes away for a while, each in turn or all
 * together. Meanwhile the others get everything, memory stays as it is, and once it is back it has every event, in order.
 * Real servers: Kafka, PostgreSQL and S3 where they can be had; the others are receivers that check the form of what they get.
 *
 *   outage-run.js [--seconds N] [--rate N] [--together] [--only NAME,…]
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rate: { type: 'string', default: '2000' },
    together: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});
const [seconds, rate] = [Number(values.seconds), Number(values.rate)];
/** What three quarters of an outage may cost in memory: the collector of garbage has its ups and downs. */
const mostGrowthMb = 60;

const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-outage-'));
let receivers: readonly Receiver[] = [];
let agent: OutageAgent | undefined;
let leaks = 0;

const search = (text: string): void => {
  if (text.includes(plantedValue)) leaks++;
};

async function open(): Promise<readonly Receiver[]> {
  const { POSTGRESQL_BIN: postgresql, VERSITYGW: s3, KAFKA_LIBS: kafka } = process.env;
  const all = [
    ...(await httpReceivers(search)),
    await syslogReceiver(),
    await emailReceiver(),
    ...(kafka ? [await kafkaReceiver(folder)] : []),
    ...(postgresql ? [await postgresqlReceiver(postgresql)] : []),
    ...(s3 ? [await s3Receiver(s3)] : []),
  ];
  const only = values.only.split(',').filter((name) => name !== '');
  return all.filter(({ name }) => only.length === 0 || only.includes(name));
}

const progress = (): number => receivers.reduce((sum, { events, taken }) => sum + (events?.distinct ?? 0) + taken(), 0);

/** Waits until these have the first so many events. @returns whether they came to have them */
function have(these: readonly Receiver[], count: number): Promise<boolean> {
  const withEvents = these.filter(({ events }) => events !== undefined);
  return whileMoving(async () => {
    for (const one of withEvents) await one.look?.();
    return withEvents.every(({ events }) => (events?.distinct ?? 0) >= count);
  }, progress);
}

/** Shuts the gates of these under load, and opens them again. */
async function outage(running: OutageAgent, these: readonly Receiver[], kept: () => number): Promise<void> {
  const name = these.length === 1 ? (these[0]?.name ?? '') : `${these.length} sinks together`;
  const others = receivers.filter((one) => !these.includes(one));
  const before = these.map(({ taken }) => taken());
  running.write();
  await sleep(1_000);
  for (const { gate } of these) await gate.shut();
  const missing = running.written;
  // Once it has been under this load for a while: what an agent needs for its work it needs without an outage too.
  await sleep(seconds * 250);
  const { memoryMb } = running;
  await sleep(seconds * 750);
  running.pause();
  const { written } = running;
  const areOthers = (await have(others, written)) && (await whileMoving(() => kept() >= written, kept));
  const grownMb = Math.round(running.memoryMb - memoryMb);
  const without = these.every(({ events }) => events === undefined || events.distinct < written - (seconds * rate) / 4);
  check(areOthers, `${name} away for ${seconds} s (${written - missing} events): all others get everything meanwhile`);
  check(without, '  and it gets nothing');
  check(grownMb < mostGrowthMb, `  memory grew by ${grownMb} MB, to ${Math.round(running.memoryMb)} MB`);
  const backMs = Date.now();
  for (const { gate } of these) await gate.open();
  check(await have(these, written), `  it has everything ${Math.round((Date.now() - backMs) / 1000)} s after it is back`);
  for (const [i, { name: one, events, taken }] of these.entries()) {
    if (events)
      check(
        events.disordered === 0 && events.distinct === written,
        `  ${one}: ${events.distinct} in order, ${events.repeats} repeats`,
      );
    else check(await whileMoving(() => taken() > (before[i] ?? 0), progress), `  ${one}: ${taken()} messages`);
  }
}

async function story(): Promise<void> {
  receivers = await open();
  say(`${receivers.length} sinks: ${receivers.map(({ name }) => name).join(', ')}`);
  const running = await OutageAgent.start(folder, receivers, rate);
  agent = running;
  const events = new SeenEvents();
  const follower = new LineFollower(running.kept, (line) => {
    search(line);
    events.addFrom(line);
  });
  const kept = (): number => {
    follower.read();
    return events.distinct;
  };
  running.write();
  await sleep(4_000);
  running.pause();
  const areAll = await have(receivers, running.written);
  const lacking = receivers.filter(({ events: one }) => one && one.distinct < running.written).map(({ name }) => name);
  check(areAll, `all have the first ${running.written} events ${lacking.join()}`);
  if (values.together) await outage(running, receivers, kept);
  else for (const one of receivers) await outage(running, [one], kept);
  const found = await running.metric('auditveil_findings_total', '');
  for (const { name } of receivers.filter((one) => !one.events)) {
    let delivered = 0;
    const isDone = async (): Promise<boolean> => {
      delivered = await running.metric('auditveil_sink_records_total', `sink="${name}"`);
      return (await running.metric('auditveil_sink_records_total', `sink="${name}",result="delivered"`)) >= found;
    };
    check(await whileMoving(isDone, () => delivered + progress()), `${name}: all ${found} findings are delivered`);
  }
  check(leaks === 0, 'no planted value arrived anywhere');
  await running.stop();
}

async function end(): Promise<void> {
  if (failedChecks() > 0 && agent) say(`--- agent\n${agent.said}`);
  await agent?.kill().catch(() => undefined);
  for (const { gate, close } of receivers) {
    await gate.shut();
    await close();
  }
  rmSync(folder, { recursive: true, force: true });
}

process.once('SIGTERM', () => void end().then(() => process.exit(1)));
await tell(story, end);
process.exit();
