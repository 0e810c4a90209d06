import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { createRandom } from '../../src/demo/random.ts';
import { until } from '../support/until.ts';
import { eachPlace, roundsOr } from './agent-place.ts';
import { KillAgent } from './kill-agent.ts';
import { numberedEvent } from './numbered-event.ts';
import { readEvents } from './read-log.ts';

/** How many files an agent may hold open; fewer than are open: nothing can be opened, no connection accepted. */
function allowFiles(agent: KillAgent, count: number): void {
  execFileSync('prlimit', ['--pid', String(agent.pid), `--nofile=${count}:4096`], { stdio: 'ignore' });
}

function canLimit(agent: KillAgent): boolean {
  try {
    allowFiles(agent, 1024);
    return true;
  } catch {
    process.stderr.write('SKIPPED faults/agent-limits, file descriptors: there is no prlimit here\n');
    return false;
  }
}

describe('faults/agent-limits', function () {
  this.timeout(60_000 + 30_000 * roundsOr(2));
  const newPlace = eachPlace();

  it('drains within its time on SIGTERM under load, starts again, and has every event of a 200 once', async () => {
    const place = newPlace();
    const random = createRandom(3);
    let agent = await place.start();
    const sender = place.send({ random, batches: 4, eventsPerSecond: 3_000 });
    for (let round = 0; round < roundsOr(2); round++) {
      const stored = sender.stored.size;
      await until('events are taken', () => sender.stored.size > stored);
      await sleep(random.between(0, 500));
      // Exit code 0, or this throws.
      await agent.stop();
      agent = await place.start();
    }
    await sender.stop();
    await agent.stop();
    await place.judge(sender);
  });

  it('lives through a time without file descriptors, and loses nothing', async function () {
    if (process.platform !== 'linux') this.skip();
    const place = newPlace();
    const agent = await place.start();
    if (!canLimit(agent)) this.skip();
    const sender = place.send({ random: createRandom(4), batches: 8, eventsPerSecond: 4_000 });
    for (let round = 0; round < roundsOr(2); round++) {
      const stored = sender.stored.size;
      await until('events are taken', () => sender.stored.size > stored);
      allowFiles(agent, 8);
      expect(await agent.endsWithin(1_500), agent.said).to.equal(false);
      allowFiles(agent, 1024);
    }
    await sender.stop();
    expect(await agent.endsWithin(0), agent.said).to.equal(false);
    await agent.stop();
    await place.judge(sender);
  });

  it('follows a file that is rotated and compressed in a time without file descriptors: nothing lost, nothing twice', async function () {
    if (process.platform !== 'linux') this.skip();
    const place = newPlace();
    const log = path.join(place.directory, 'audit.log');
    const rotated = (round: number): string => path.join(place.directory, `audit-${String(round).padStart(4, '0')}.log`);
    let written = 0;
    const append = (): void => {
      const events = Array.from({ length: 20 }, () => `${numberedEvent(written, `e-${written++}`)}\n`);
      appendFileSync(log, events.join(''));
    };
    const kept = async (): Promise<number> => (await readEvents(place.data).catch(() => ({ seen: new Map() }))).seen.size;
    append();
    const agent = new KillAgent(place, [log, '--data-dir', place.data, '-o', 'none']);
    try {
      await until('the first events are taken', async () => (await kept()) === written);
      if (!canLimit(agent)) this.skip();
      for (let round = 1; round <= roundsOr(2); round++) {
        allowFiles(agent, 8);
        renameSync(log, rotated(round));
        if (round > 1) {
          writeFileSync(`${rotated(round - 1)}.gz`, gzipSync(readFileSync(rotated(round - 1))));
          rmSync(rotated(round - 1));
        }
        append();
        expect(await agent.endsWithin(1_500), agent.said).to.equal(false);
        append();
        allowFiles(agent, 1024);
        await until(agent.said, async () => (await kept()) === written);
      }
      await agent.stop();
      const { seen } = await readEvents(place.data);
      expect([...seen.values()].filter((count) => count > 1)).to.deep.equal([]);
      expect(agent.said, 'nothing is called lost').to.not.match(/missing|truncated|damaged/);
    } finally {
      if (!(await agent.endsWithin(0))) await agent.kill();
    }
  });
});
