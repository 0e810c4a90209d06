import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditEvent, CliFolder, linesOf, listPodsRule, mainFile } from '../run-cli.ts';

describe('cli/commands/tail', () => {
  let folder: CliFolder;
  before(async () => {
    folder = new CliFolder();
    writeFileSync(
      folder.file('rules.yml'),
      `${listPodsRule}---\n${listPodsRule.replace('b01', 'b03').replace('Pods listed', 'Pods read').replace('verb: list', 'verb: get').replace('level: medium', 'level: low')}`,
    );
    const nasty = auditEvent({
      userAgent: '\u001b[31mred\u202etxt',
      objectRef: { resource: 'pods', namespace: 'a\u001b[2J\u202eb', name: 'line\nbreak' },
    });
    writeFileSync(folder.file('audit.log'), `${nasty}\n${auditEvent({ verb: 'get' })}\n{"torn":`);
    await folder.run(['run', '--once', '--rules', 'rules.yml', 'audit.log', '-o', 'none']);
  });
  after(() => folder.remove());

  it('shows findings with severity as a word and without control or bidirectional characters', async () => {
    const { code, stdout } = await folder.run(['tail', '--no-follow']);
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/MED {2}Pods listed/)
      .and.to.match(/low {2}Pods read/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
    expect(stdout).not.to.match(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
    expect(stdout).to.match(/2026-05-04 09:00:00/);
  });

  it('leaves out what is below the severity asked for', async () => {
    const { stdout } = await folder.run(['tail', '--no-follow', '--severity', 'medium', '-o', 'json']);
    const names = linesOf(stdout).map((line) => (JSON.parse(line) as { rule: { name: string } }).rule.name);
    expect(names).to.include('Pods listed').and.not.to.include('Pods read');
  });

  it('writes findings in published formats, and says that events have none', async () => {
    const { stdout } = await folder.run(['tail', '--no-follow', '-o', 'ocsf', '--severity', 'medium']);
    const first = JSON.parse(linesOf(stdout)[0] ?? '') as { metadata: { version: string } };
    expect(first).to.include({ class_uid: 2004 });
    expect(first.metadata.version).to.equal('1.8.0');
    expect(linesOf((await folder.run(['tail', '--no-follow', '-o', 'ecs'])).stdout)[0]).to.include('"kind":"alert"');
    expect((await folder.run(['tail', '--no-follow', '-o', 'falco', '--events'])).code).to.equal(2);
  });

  it('shows masked events, one line each, stubs too', async () => {
    const { stdout } = await folder.run(['tail', '--events', '--no-follow']);
    const lines = linesOf(stdout);
    expect(lines).to.have.length(3);
    expect(lines[1]).to.match(/200 \[MASKED:user:.*~\d+\.\d+\.\d+\.\d+ {2}get pods default/);
    expect(lines[2]).to.match(/stub: torn/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
    expect(stdout).not.to.match(/[\u001b\u202e]/);
  });

  it('begins at the time asked for', async () => {
    expect(linesOf((await folder.run(['tail', '--no-follow', '--since', '1h', '-o', 'json'])).stdout).length).to.be.greaterThan(
      1,
    );
    expect((await folder.run(['tail', '--no-follow', '--since', '2999-01-01T00:00:00Z'])).stdout).to.equal('');
    expect((await folder.run(['tail', '--since', 'yesterday'])).code).to.equal(2);
  });

  it('colours only when asked to or on a terminal', async () => {
    expect((await folder.run(['tail', '--no-follow'], '', { FORCE_COLOR: '1' })).stdout).to.include('\u001b[33mMED ');
    expect((await folder.run(['tail', '--no-follow'], '', { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.to.include('\u001b');
  });

  it('shows the last ones, ends after so many, and fails where it was asked to', async () => {
    const last = await folder.run(['tail', '--no-follow', '--tail', '1', '--fail-on', 'critical']);
    expect([linesOf(last.stdout).length, last.code]).to.deep.equal([1, 0]);
    const first = await folder.run(['tail', '--limit', '1', '--severity', 'medium', '--fail-on', 'medium']);
    expect([linesOf(first.stdout).length, first.code]).to.deep.equal([1, 5]);
  });

  it('looks a user up by the real name, and notes that first', async () => {
    const found = await folder.run(['tail', '--no-follow', '--user', 'alice@example.com', '-o', 'template={event.user}']);
    expect(found.stderr).to.equal('');
    expect(new Set(linesOf(found.stdout))).to.have.length(1);
    const [pseudonym = ''] = linesOf(found.stdout);
    expect(pseudonym).to.match(/^\[MASKED:user:/);
    const notes = readdirSync(folder.file('auditveil-data/notes'));
    const [note = ''] = notes.map((name) => readFileSync(folder.file(`auditveil-data/notes/${name}`), 'utf8'));
    expect(note)
      .to.include('"pseudonym-looked-up"')
      .and.to.include(pseudonym)
      .and.to.include('"tail"')
      .and.not.to.include('alice');
    expect((await folder.run(['tail', '--no-follow', '--user', 'bob'])).stdout).to.equal('');
    expect((await folder.run(['tail', '--no-follow', '--user', 'bob', '--key', 'nowhere.json'])).stderr).to.include(
      'E_KEY_MISSING',
    );
    const pasted = await folder.run(['tail', '--no-follow', '--user', pseudonym, '--key', 'nowhere.json', '-o', 'json']);
    expect(pasted.stdout).to.include(pseudonym);
  });

  it('says which expression or template it cannot use', async () => {
    const wrong = await folder.run(['tail', '--no-follow', '-e', '(?=x)']);
    expect([wrong.code, wrong.stderr]).to.satisfy(([code, text]: [number, string]) => code === 2 && text.includes('--exclude'));
    expect((await folder.run(['tail', '--no-follow', '-o', 'template={event.usr}'])).stderr).to.include(
      'Did you mean `event.user`',
    );
    expect((await folder.run(['tail', '--no-follow', '--events', '--humans'])).code).to.equal(2);
  });

  it('ends quietly when its reader goes away', async () => {
    const child = spawn(process.execPath, [mainFile, 'tail', '--severity', 'low'], { cwd: folder.path, env: folder.env() });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
    // It notices with the next line: another run in the same folder writes some.
    await folder.run(['run', '--once', '--rules', 'rules.yml', '-o', 'none', '-'], auditEvent());
    expect([await closed, said]).to.deep.equal([0, '']);
  });

  it('says what to do where there is no log', async () => {
    const { code, stderr } = await folder.run(['tail', '--data-dir', 'nowhere', '--no-follow']);
    expect(code).to.equal(1);
    expect(stderr).to.match(/E_LOG_MISSING/);
  });
});
