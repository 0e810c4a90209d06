import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { createRandom } from '../../src/demo/random.ts';
import { AgentPlace, roundsOr, until } from './agent-place.ts';

const diskMegabytes = 96;

/** A small file system of its own; undefined where this process may not mount one. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

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
  let disk: string | undefined;
  let place: AgentPlace | undefined;
  before(function () {
    disk = smallDisk();
    if (disk !== undefined) return;
    process.stderr.write('SKIPPED faults/agent-disk-full: a file system of its own takes the right to mount one (root)\n');
    this.skip();
  });
  after(async () => {
    await place?.remove();
    if (disk === undefined) return;
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });

  it('answers 503 with Retry-After while the disk is full, goes on by itself, and has every event of a 200 once', async () => {
    place = new AgentPlace(path.join(disk ?? '', 'data'));
    const ballast = path.join(disk ?? '', 'ballast');
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
