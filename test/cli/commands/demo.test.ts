import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const main = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));

describe('cli/commands/demo', function () {
  this.timeout(30_000);
  const temporary = mkdtempSync(path.join(tmpdir(), 'auditveil-demo-test-'));
  const demo = (...args: string[]) => {
    const env = { ...process.env, TMPDIR: temporary, XDG_STATE_HOME: path.join(temporary, 'state'), NO_COLOR: '1' };
    return spawnSync(process.execPath, [main, 'demo', ...args], { env, encoding: 'utf8' });
  };
  after(() => rmSync(temporary, { recursive: true, force: true }));

  it('replays the intrusion, shows findings, and ends by itself with the proof', () => {
    const { status, stdout, stderr } = demo('--speed', 'max');
    expect(status, stderr).to.equal(0);
    expect(stdout).to.match(/CRITICAL|HIGH/);
    expect(stdout).to.match(/^events +\d+ read, \d+ logged, 0 stubs$/m);
    expect(stdout).to.match(/planted secrets searched in every output: \d\d+ planted, 0 found$/m);
  });

  it('leaves nothing behind: no logs, and no key in the state folder', () => {
    expect(readdirSync(temporary)).to.deep.equal([]);
    expect(existsSync(path.join(temporary, 'state'))).to.equal(false);
  });

  it('refuses a speed that is none, with exit code 2', () => {
    const { status, stderr } = demo('--speed', 'fast');
    expect(status).to.equal(2);
    expect(stderr).to.include('--speed');
  });
});
