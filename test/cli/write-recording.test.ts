import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

describe('cli/write-recording', function () {
  this.timeout(30_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-recording-'));
  const demo = (...args: string[]) => spawnSync(process.execPath, [main, 'demo', ...args], { cwd: folder, encoding: 'utf8' });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('writes audit events that have just happened, and says what to do with them', () => {
    const { status, stdout, stderr } = demo('--write', 'audit.log');
    expect(status, stderr).to.equal(0);
    expect(stdout)
      .to.match(/^audit\.log: 301 audit events/)
      .and.to.include('auditveil run --once audit.log');
    const lines = readFileSync(path.join(folder, 'audit.log'), 'utf8').trimEnd().split('\n');
    const last = JSON.parse(lines.at(-1) ?? '') as { readonly kind: string; readonly stageTimestamp: string };
    expect(last.kind).to.equal('Event');
    expect(Math.abs(Date.now() - Date.parse(last.stageTimestamp))).to.be.lessThan(120_000);
  });

  it('writes over nothing', () => {
    const { status, stderr } = demo('--write', 'audit.log');
    expect(status).to.equal(1);
    expect(stderr).to.include('exists already');
  });
});
