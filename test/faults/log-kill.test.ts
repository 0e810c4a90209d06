import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { LossReport } from '../../src/log/loss-report.ts';
import { openLog } from '../../src/log/open-log.ts';
import { idOf } from '../support/log-fixture.ts';

const child = fileURLToPath(new URL('../support/log-writer-child.js', import.meta.url));

/** Runs the writer until it has acknowledged something, then kills it at a random moment. Returns acknowledged ids. */
function runAndKill(directory: string, firstId: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const process = spawn(globalThis.process.execPath, [child, directory, String(firstId)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    process.stderr.on('data', (data: Buffer) => {
      errors += data.toString();
    });
    process.stdout.on('data', (data: Buffer) => {
      if (output === '') setTimeout(() => process.kill('SIGKILL'), Math.random() * 60);
      output += data.toString();
    });
    process.on('close', () => {
      // A cut last line is a number that was not printed whole.
      const ids = output.split('\n').slice(0, -1).map(Number);
      if (ids.length === 0) reject(new Error(`the writer acknowledged nothing: ${errors}`));
      else resolve(ids);
    });
  });
}

describe('faults/log-kill', function () {
  this.timeout(120_000);

  it('has every acknowledged record once after each of 20 kills, and starts over the lock of the dead', async () => {
    const directory = join(await mkdtemp(join(tmpdir(), 'auditveil-kill-')), 'events');
    const acknowledged: number[] = [];
    const losses: LossReport[] = [];
    try {
      for (let round = 0; round < 20; round++) {
        acknowledged.push(...(await runAndKill(directory, round * 1_000_000)));
        const onLoss = (report: LossReport): number => losses.push(report);
        const clock = { nowMs: () => Date.now() };
        const log = await openLog({ directory, name: 'events', clock, reserveBytes: 4096, onLoss });
        const ids = new Set<number>();
        let read = 0;
        const reader = await log.reader('judge');
        for await (const batch of reader.read(new AbortController().signal, { follow: false })) {
          read += batch.records.length;
          for (const record of batch.records) ids.add(idOf(record));
        }
        await log.close();
        expect(acknowledged.filter((id) => !ids.has(id))).to.deep.equal([]);
        expect(ids.size).to.equal(read);
      }
      expect(acknowledged.length).to.be.greaterThan(400);
      expect(losses.filter((loss) => loss.kind !== 'torn-tail' && loss.kind !== 'zero-tail')).to.deep.equal([]);
    } finally {
      await rm(join(directory, '..'), { recursive: true, force: true });
    }
  });
});
