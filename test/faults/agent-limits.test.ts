import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { createRandom } from '../../src/demo/random.ts';
import { until } from '../support/until.ts';
import { eachPlace, roundsOr } from './agent-place.ts';

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
    const limit = (files: string): unknown =>
      execFileSync('prlimit', ['--pid', String(agent.pid), `--nofile=${files}`], { stdio: 'ignore' });
    try {
      limit('1024:4096');
    } catch {
      process.stderr.write('SKIPPED faults/agent-limits, file descriptors: there is no prlimit here\n');
      this.skip();
    }
    const sender = place.send({ random: createRandom(4), batches: 8, eventsPerSecond: 4_000 });
    for (let round = 0; round < roundsOr(2); round++) {
      const stored = sender.stored.size;
      await until('events are taken', () => sender.stored.size > stored);
      // Fewer than are open: nothing can be opened, no connection accepted.
      limit('8:4096');
      expect(await agent.endsWithin(1_500), agent.said).to.equal(false);
      limit('1024:4096');
    }
    await sender.stop();
    expect(await agent.endsWithin(0), agent.said).to.equal(false);
    await agent.stop();
    await place.judge(sender);
  });
});
