import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Peer } from '../../bench/peers/peers.ts';
import { runPeer } from '../../bench/peers/run-peer.ts';

describe('bench/run-peer', () => {
  const planted = [{ kind: 'password' as const, where: 'x', value: 'correct-horse-battery' }];
  let directory = '';
  before(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'auditveil-run-peer-'));
    writeFileSync(path.join(directory, 'log'), '{"auditID":"a","x":"correct-horse-battery"}\n{"auditID":"b"}\n');
  });
  after(() => rmSync(directory, { recursive: true }));

  const run = (peer: Partial<Peer>): ReturnType<typeof runPeer> =>
    runPeer(
      { name: 'p', work: '', lacks: '', program: 'cat', versionArgs: [], prepare: () => ({ args: [] }), ...peer },
      { file: path.join(directory, 'log'), state: directory },
      planted,
    );

  it('finds what is left in the output of a program', async () => {
    expect((await run({})).left).to.equal(1);
    expect((await run({ program: 'sed', prepare: () => ({ args: ['s/correct[a-z-]*/x/'] }) })).left).to.equal(0);
  });

  it('ends a program that waits for more once the last event has come', async () => {
    const follow: Partial<Peer> = { program: 'tail', waits: true, prepare: (_, input) => ({ args: ['-n', '+1', '-f', input] }) };
    const { left, cpuSeconds } = await run(follow);
    expect(left).to.equal(1);
    expect(cpuSeconds).to.be.within(0, 5);
  });

  it('refuses a run that failed', async () => {
    const failure = await run({ program: 'sh', prepare: () => ({ args: ['-c', 'echo no >&2; exit 3'] }) }).catch(String);
    expect(failure).to.match(/p ended with 3: [\s\S]*no/);
  });
});
