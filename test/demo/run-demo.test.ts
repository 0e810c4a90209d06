import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Finding } from '../../src/core/finding.ts';
import { formatKeyFile, parseKeyFile } from '../../src/crypto/key-ring.ts';
import { makeRecording } from '../../src/demo/recording.ts';
import { type DemoResult, runDemo } from '../../src/demo/run-demo.ts';

const keyRing = parseKeyFile(formatKeyFile(new Uint8Array(32).fill(3), '2026-01-01T00:00:00Z', 'test'), 'test');
const recording = makeRecording(Date.parse('2026-03-02T09:00:00Z'));

async function play(
  print: (findings: readonly Finding[]) => string,
): Promise<{ readonly result: DemoResult; readonly shown: readonly Finding[] }> {
  const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-demo-'));
  const shown: Finding[] = [];
  try {
    const result = await runDemo({
      recording,
      speed: Infinity,
      directory,
      keyRing,
      clock: { nowMs: () => Date.parse('2026-03-02T09:01:00Z') },
      wait: async () => undefined,
      stop: new AbortController().signal,
      show: async (findings) => {
        shown.push(...findings);
        return print(findings);
      },
    });
    return { result, shown };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

describe('demo/run-demo', function () {
  this.timeout(30_000);

  it('logs every event of the recording, masks it, and lets no planted secret out', async () => {
    const { result } = await play((findings) => JSON.stringify(findings));
    expect(result.events).to.equal(recording.events.length);
    expect(result.stubs).to.equal(0);
    expect(result.masks.map(({ kind }) => kind)).to.include.members(['secret-data', 'ip', 'private-key', 'email']);
    expect(result.planted).to.be.at.least(50);
    expect(result.leaked).to.deep.equal([]);
  });

  it('finds each step of the intrusion, with masked values', async () => {
    const { shown } = await play(() => '');
    const covers = new Set(shown.flatMap(({ rule }) => rule.covers));
    // Failed logins, anonymous probing, secrets read, exec, privileged pod, host path, cluster-admin, impersonation, events deleted.
    for (const row of ['IA05', 'IA03', 'CA06', 'EX01', 'PE01', 'PE02', 'PE08', 'PE19', 'DE01'])
      expect([...covers]).to.include(row);
    expect(JSON.stringify(shown)).not.to.include('203.0.113.66');
  });

  it('would say so if a secret got out', async () => {
    const secret = recording.planted[0];
    const { result } = await play(() => `${secret?.value}\n`);
    expect(result.leaked).to.deep.equal([secret]);
  });
});
