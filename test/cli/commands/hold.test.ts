import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditEvent, CliFolder } from '../run-cli.ts';

describe('cli/commands/hold', () => {
  let folder: CliFolder;
  before(async () => {
    folder = new CliFolder();
    writeFileSync(folder.file('audit.log'), `${auditEvent()}\n`);
    await folder.run(['run', '--once', 'audit.log', '-o', 'none']);
  });
  after(() => folder.remove());
  const hold = (...args: readonly string[]) => folder.run(['hold', ...args]);

  it('is made, listed and released, each of which is noted', async () => {
    const made = await hold('create', '--case', 'ACME-7', '--since', '2026-05-01T00:00:00Z');
    expect(made.code, made.stderr).to.equal(0);
    expect(made.stdout).to.include('hold ACME-7 is in force');
    expect((await hold('list')).stdout).to.match(/ACME-7 +2026-05-01T00:00:00.000Z +no end/);
    expect(JSON.parse((await hold('list', '-o', 'json')).stdout)).to.include({ case: 'ACME-7' });
    expect((await hold('create', '--case', 'ACME-7')).code).to.equal(2);
    expect((await hold('create', '--case', '../x')).code).to.equal(2);
    expect((await hold('create', '--case', 'x', '--since', '1h', '--until', '2h')).stderr).to.include('E_USAGE_TIME');
    expect((await hold('release', '--case', 'ACME-7')).code).to.equal(0);
    expect((await hold('list')).stdout).to.equal('no hold is in force\n');
    const notes = readdirSync(folder.file('auditveil-data/notes')).map((name) =>
      readFileSync(folder.file(`auditveil-data/notes/${name}`), 'utf8'),
    );
    expect(notes.filter((note) => /"note":"hold-(created|released)"/.test(note))).to.have.length(2);
  });

  it('finds the data folder by the configuration, and takes no other folder for one without holds', async () => {
    writeFileSync(
      folder.file('config.yaml'),
      'version: 1\ncluster: { name: c }\nsources: [{ type: stdin }]\nlog: { directory: auditveil-data }\n',
    );
    expect((await hold('create', '--case', 'C', '--config', 'config.yaml')).code).to.equal(0);
    expect((await hold('list')).stdout).to.include('C ');
    expect((await hold('release', '--case', 'C', '--config', 'config.yaml')).code).to.equal(0);
    for (const args of [['list'], ['create', '--case', 'D']]) {
      const wrong = await hold(...args, '--data-dir', 'auditveil-dat');
      expect([wrong.code, wrong.stdout, /E_LOG_MISSING/.test(wrong.stderr)]).to.deep.equal([1, '', true]);
    }
  });

  it('keeps the key of a time that is held from being destroyed', async () => {
    const keys = (...args: readonly string[]) => folder.run(['keys', ...args, '--key', 'k.json']);
    await keys('init');
    const rotated = await keys('rotate', '--overlap', '0s');
    expect(rotated.code, rotated.stderr).to.equal(0);
    await hold('create', '--case', 'B');
    const refused = await keys('destroy', 'k1', '--data-dir', 'auditveil-data');
    expect(refused.stderr).to.include('legal hold B').and.to.include('hold release');
    expect(refused.code).to.equal(3);
    await hold('release', '--case', 'B');
    const done = await keys('destroy', 'k1', '--data-dir', 'auditveil-data');
    expect(done.code, done.stderr).to.equal(0);
  });
});
