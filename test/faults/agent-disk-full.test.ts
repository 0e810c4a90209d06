import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { createRandom } from '../../src/demo/random.ts';
import { until } from '../support/until.ts';
import { AgentPlace, roundsOr } from './agent-place.ts';
import { SmallDisk } from './small-disk.ts';

const diskMegabytes = 96;

/** Writes a file until nothing more fits. */
function fillDisk(file: string): void {
  const handle = openSync(file, 'w');
  try {
    for (let block = Buffer.alloc(1024 * 1024); block.length > 0; ) {
      try {
        writeSync(handle, block);
      } catch {
        block = block.subarray(0, block.length >> 1);
      }
    }
  } finally {
    closeSync(handle);
  }
}

describe('faults/agent-disk-full', function () {
  this.timeout(90_000 + 20_000 * roundsOr(2));
  let disk: SmallDisk | undefined;
  let place: AgentPlace | undefined;
  before(function () {
    disk = new SmallDisk(this, 'faults/agent-disk-full', diskMegabytes);
  });
  after(async () => {
    await place?.remove();
    disk?.remove();
  });

  it('answers 503 with Retry-After while the disk is full, goes on by itself, and has every event of a 200 once', async () => {
    place = new AgentPlace(path.join(disk?.folder ?? '', 'data'));
    const ballast = path.join(disk?.folder ?? '', 'ballast');
    const agent = await place.start();
    const random = createRandom(5);
    const sender = place.send({ random, batches: 4, eventsPerSecond: 1_000 });
    const { answers } = sender;
    for (let round = 0; round < roundsOr(2); round++) {
      const [stored, refused] = [answers.get(200) ?? 0, answers.get(503) ?? 0];
      await until('events are taken', () => (answers.get(200) ?? 0) > stored + 3);
      fillDisk(ballast);
      await until('events are refused', () => (answers.get(503) ?? 0) > refused + 3);
      await sleep(random.between(0, 1500));
      rmSync(ballast);
    }
    await sender.stop();
    expect(await agent.endsWithin(0), agent.said).to.equal(false);
    expect(sender.withoutRetryAfter, '503 without Retry-After').to.equal(0);
    await agent.stop();
    await place.judge(sender);
  });
});
