import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { writePage } from '../../bench/peers/page.ts';
import { peers, versionOf } from '../../bench/peers/peers.ts';

describe('bench/peers', () => {
  it('gives the tools of the system expressions that mask, and leave the rest', function () {
    const sed = peers.find(({ name }) => name === 'sed');
    if (!sed || versionOf(sed) === undefined) return this.skip();
    const directory = mkdtempSync(join(tmpdir(), 'auditveil-peers-'));
    const { args } = sed.prepare(directory, '');
    const input = '{"user":"bob@example.com","a":"AKIAABCDEFGHIJKLMNOP","u":"https://u:p4ss@h/x","note":"nothing"}\n';
    const { stdout, stderr } = spawnSync('sed', args, { input, encoding: 'utf8' });
    rmSync(directory, { recursive: true });
    expect(stderr).to.equal('');
    expect(stdout).to.equal(
      '{"user":"[MASKED:email]","a":"[MASKED:aws-key]","u":"https://u:[MASKED:uri-credentials]h/x","note":"nothing"}\n',
    );
  });

  it('says what was not run, and what each does not do', () => {
    const machine = { cpu: 'c', cpus: 2, memoryGiB: 8, kernel: 'k', node: 'n', commit: 'x' };
    const spread = { median: 9.25, low: 9, high: 10 };
    const results = [{ peer: { name: 'p', work: 'w', lacks: 'structure' }, version: '1', speed: spread, left: 3 }];
    const page = writePage({ results, absent: ['q'], secrets: 10, megabytes: 20, rounds: 2, machine });
    expect(page).to.include('| p | w | 9.3 (9.0–10.0) | 3 of 10 | structure |').and.include('left out): q.');
  });
});
