import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditEvent, CliFolder, linesOf, listPodsRule } from '../run-cli.ts';

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

  it('says what to do where there is no log', async () => {
    const { code, stderr } = await folder.run(['tail', '--data-dir', 'nowhere', '--no-follow']);
    expect(code).to.equal(1);
    expect(stderr).to.match(/E_LOG_MISSING/);
  });
});
