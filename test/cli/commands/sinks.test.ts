import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { Fault } from '../../../src/core/faults.ts';
import { DeadLetters } from '../../../src/pipeline/dead-letters.ts';
import { storedRecords } from '../../support/stored-records.ts';
import { auditEvent, CliFolder, linesOf } from '../run-cli.ts';

const fault = new Fault('the server answers 400', { code: 'E_SINK_REFUSED' });

/** `sinks` and `replay`: both work on the sinks of a configuration, beside the agent. */
describe('cli/commands/sinks and replay', function () {
  this.timeout(30_000);
  const folder = new CliFolder();
  after(() => folder.remove());
  const config = ['--config', 'c.yaml'];

  before(async () => {
    writeFileSync(
      folder.file('c.yaml'),
      `version: 1
cluster: { name: lab }
sources: [{ type: file, path: audit.log, follow: false }]
masking: { keyFile: keys.json }
log: { directory: data }
sinks:
  - { type: file, name: chat, path: findings.jsonl, minSeverity: high }
  - { type: file, name: store, path: events.jsonl, content: events }
  - { type: file, name: broken, path: ., content: events }
`,
    );
    const letters = new DeadLetters({
      ...{ directory: folder.file('data'), clock: { nowMs: Date.now }, maxBytes: 1024 * 1024, deleted: () => undefined },
    });
    const records = await storedRecords(folder.file('other'), [{ id: 1 }, { id: 2 }]);
    await letters.keep(
      'store',
      records.map((record) => ({ record, fault })),
    );
    await letters.close();
  });

  it('lists what there is, how far it is and what waits for a replay', async () => {
    const { code, stdout } = await folder.run(['sinks', 'list', ...config, '-o', 'json']);
    expect(code).to.equal(0);
    const rows = linesOf(stdout).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map(({ name, type, content, whenBehind }) => [name, type, content, whenBehind])).to.deep.equal([
      ['chat', 'file', 'findings', 'hold'],
      ['store', 'file', 'events', 'hold'],
      ['broken', 'file', 'events', 'hold'],
    ]);
    expect(rows.map(({ deadLetterBytes }) => (deadLetterBytes as number) > 0)).to.deep.equal([false, true, false]);
    expect((await folder.run(['sinks', 'list', ...config])).stdout).to.match(/NAME +TYPE.*\nchat +file +findings +hold +new +0 /);
  });

  it('sends one test that says it is one, or says what is wrong', async () => {
    for (const [name, file] of [
      ['chat', 'findings.jsonl'],
      ['store', 'events.jsonl'],
    ] as const) {
      const { code, stdout } = await folder.run(['sinks', 'test', name, ...config]);
      expect([code, linesOf(stdout).length]).to.deep.equal([0, 3]);
      const id = /test-[0-9a-f]{16}/.exec(stdout)?.[0] ?? 'none';
      const lines = linesOf(readFileSync(folder.file(file), 'utf8'));
      expect(lines).to.have.length(1);
      expect(lines[0]).to.include(id).and.to.include('This is a test by');
    }
    const broken = await folder.run(['sinks', 'test', 'broken', ...config]);
    expect(broken.code).to.equal(1);
    expect(broken.stdout).to.match(/^failed {2}it cannot be opened: .*EISDIR.*\n {2}Let this user/);
    const unknown = await folder.run(['sinks', 'test', 'chatt', ...config]);
    expect([unknown.code, unknown.stderr]).to.deep.equal([2, unknown.stderr]);
    expect(unknown.stderr).to.include('Did you mean `chat`?');
  });

  it('shows, counts and sends again what a sink rejected', async () => {
    const list = await folder.run(['replay', '--sink', 'store', '--list', ...config]);
    expect(list.code).to.equal(0);
    expect(linesOf(list.stdout)).to.have.length(2);
    expect(list.stdout).to.include('E_SINK_REFUSED').and.to.include('the server answers 400');
    expect((await folder.run(['replay', '--sink', 'store', '--dry-run', ...config])).stdout).to.equal(
      'store: 2 dead letters would be sent\n',
    );
    writeFileSync(folder.file('events.jsonl'), '');
    const sent = await folder.run(['replay', '--sink', 'store', ...config]);
    expect([sent.code, sent.stdout]).to.deep.equal([0, 'store: 2 sent\n']);
    const ids = linesOf(readFileSync(folder.file('events.jsonl'), 'utf8')).map((line) => (JSON.parse(line) as { id: number }).id);
    expect(ids).to.deep.equal([1, 2]);
    expect((await folder.run(['replay', '--sink', 'store', ...config])).stdout).to.equal('store: 0 sent\n');
    expect((await folder.run(['replay', '--sink', 'chat', ...config])).stdout).to.equal('chat: 0 sent\n');
    const broken = await folder.run(['replay', '--sink', 'store', '--list', '-o', 'json', '--from-start', ...config]);
    expect(JSON.parse(linesOf(broken.stdout)[0] ?? '')).to.deep.nested.include({
      'rejected.code': 'E_SINK_REFUSED',
      'record.id': 1,
    });
  });

  it('writes to standard output what a sink of that type gets, and nothing else', async () => {
    await folder.run(['keys', 'init', '--key', 'keys.json']);
    writeFileSync(folder.file('audit.log'), `${auditEvent({ verb: 'list', auditID: 'a-1' })}\n`);
    writeFileSync(
      folder.file('out.yaml'),
      `version: 1
cluster: { name: lab }
sources: [{ type: file, path: audit.log, follow: false }]
masking: { keyFile: keys.json }
log: { directory: data-out }
sinks: [{ type: stdout, content: events }]
`,
    );
    const { code, stdout, stderr } = await folder.run(['run', '--config', 'out.yaml']);
    expect(code, stderr).to.equal(0);
    expect(linesOf(stdout).map((line) => (JSON.parse(line) as { auditID: string }).auditID)).to.deep.equal(['a-1']);
  });

  it('ends a start where the path of a file cannot be meant', async () => {
    const run = await folder.run(['run', ...config]);
    expect(run.code, run.stderr).to.equal(1);
    expect(run.stderr).to.include('EISDIR');
  });
});
