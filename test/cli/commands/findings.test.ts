import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditEvent, CliFolder, linesOf, listPodsRule } from '../run-cli.ts';

const secret = 'AKIAZ7QW3ERT5YUI8OPA';

describe('cli/commands/findings and silence', () => {
  let folder: CliFolder;
  before(async () => {
    folder = new CliFolder();
    writeFileSync(folder.file('rules.yml'), listPodsRule);
    writeFileSync(folder.file('audit.log'), `${auditEvent()}\n`);
    await folder.run(['run', '--once', '--rules', 'rules.yml', 'audit.log', '-o', 'none']);
  });
  after(() => folder.remove());

  it('says what became of a finding, masked, and shows it before and after an agent took it up', async () => {
    const { stdout } = await folder.run(['findings', 'list', '--json']);
    const [first] = linesOf(stdout).map((line) => JSON.parse(line) as { state: string; finding: { id: string } });
    const id = first?.finding.id ?? '';
    expect(first?.state).to.equal('open');
    const acked = await folder.run(['findings', 'ack', id.slice(0, 8), '--note', `mine, used ${secret}`]);
    expect([acked.code, acked.stdout]).to.deep.equal([0, acked.stdout]);
    expect(acked.stdout).to.match(/^acknowledged: [0-9a-f]+ {2}Pods listed {2}\[MASKED:user:/);
    const shown = await folder.run(['findings', 'show', id]);
    expect(shown.stdout)
      .to.match(/state {4}acknowledged/)
      .and.to.match(/review .*mine, used \[MASKED:aws/);
    await folder.run(['run', '--once', '--rules', 'rules.yml', 'audit.log', '-o', 'none']);
    expect(readdirSync(folder.file('auditveil-data/notes'))).to.deep.equal([]);
    // In a pipe nothing is cut, however long the line gets.
    expect((await folder.run(['findings', 'list', '--state', 'acknowledged'])).stdout).to.match(
      /Pods listed {2}\[MASKED:user:k1:[0-9a-f]{16}\] {2}\S+ \S+.*[^…]$/m,
    );
    const log = readdirSync(folder.file('auditveil-data/findings')).filter((name) => /^\d+/.test(name));
    for (const name of log) expect(readFileSync(folder.file(`auditveil-data/findings/${name}`), 'latin1')).not.to.include(secret);
  });

  it('takes a key that its group may read where the configuration says so, as Kubernetes mounts it', async () => {
    await folder.run(['keys', 'init', '--key', 'group.json']);
    chmodSync(folder.file('group.json'), 0o640);
    const config = (more: string): string =>
      `version: 1\ncluster: { name: c }\nsources: [{ type: stdin }]\nmasking: { keyFile: group.json${more} }\nlog: { directory: auditveil-data }\n`;
    writeFileSync(folder.file('strict.yaml'), config(''));
    writeFileSync(folder.file('mounted.yaml'), config(', keyFileGroupReadable: true'));
    const [first] = linesOf((await folder.run(['findings', 'list', '--json'])).stdout);
    const { id } = (JSON.parse(first ?? '{}') as { finding: { id: string } }).finding;
    const close = (file: string) => folder.run(['findings', 'close', id, '--note', 'over', '--config', file]);
    expect((await close('strict.yaml')).stderr).to.include('E_KEY_MODE');
    const closed = await close('mounted.yaml');
    expect(closed.code, closed.stderr).to.equal(0);
  });

  it('silences for a while, says what falls under it, and ends it', async () => {
    const { code, stdout, stderr } = await folder.run([
      'silence',
      'create',
      '--rule',
      'Pods listed',
      '--until',
      '2h',
      '--note',
      'test',
    ]);
    expect(code).to.equal(0);
    expect(stderr).to.match(/1 findings that are kept/);
    const id = stdout.trim();
    expect((await folder.run(['silence', 'list'])).stdout)
      .to.include(id)
      .and.to.include('rule Pods listed');
    expect((await folder.run(['findings', 'list'])).stdout).to.include('silenced');
    expect((await folder.run(['silence', 'end', id])).code).to.equal(0);
    expect((await folder.run(['silence', 'list'])).stdout).to.equal('');
  });

  it('says what is wrong', async () => {
    for (const args of [
      ['findings', 'ack', 'nothing'],
      ['silence', 'create', '--until', '2h'],
      ['silence', 'create', '--rule', 'auditveil.log-gap', '--until', '2h'],
      ['silence', 'create', '--user', 'x', '--until', '400d'],
      ['silence', 'end', 'x'],
    ]) {
      const { code, stderr } = await folder.run(args);
      expect([args.join(' '), code === 0]).to.deep.equal([args.join(' '), false]);
      expect(stderr).to.match(/\(E_[A-Z_]+\)\n {2}\S/);
    }
    expect((await folder.run(['findings', 'list', '--data-dir', 'nowhere'])).stderr).to.include('E_LOG_MISSING');
  });
});
