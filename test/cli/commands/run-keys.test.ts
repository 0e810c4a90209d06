import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { recordTypes } from '../../../src/core/record.ts';
import { openLogReader } from '../../../src/log/open-log-reader.ts';
import { until as waitUntil } from '../../support/until.ts';
import { auditEvent, CliFolder, mainFile } from '../run-cli.ts';

describe('cli/commands/run, keys and canaries', function () {
  this.timeout(60_000);
  let folder: CliFolder;
  let child: ChildProcess | undefined;
  beforeEach(async () => {
    folder = new CliFolder();
    await folder.run(['keys', 'init', '--key', 'k.json', '--group', 'prod']);
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    child = undefined;
    folder.remove();
  });

  interface Kept {
    readonly text: string;
    readonly key: string | undefined;
    readonly type: number;
  }
  async function kept(log: 'events' | 'findings'): Promise<Kept[]> {
    const reader = await openLogReader({ directory: folder.file(`data/${log}`) });
    const all: Kept[] = [];
    for await (const batch of reader.read(new AbortController().signal, { follow: false }))
      for (const { payload, context, type } of batch.records)
        all.push({ text: Buffer.from(payload).toString(), key: context?.key, type });
    await reader.close();
    return all;
  }
  const until = (holds: () => Promise<boolean>): Promise<void> =>
    waitUntil('a note in the log', () => holds().catch(() => false), 20_000);

  it('takes up a new epoch while it runs, and the notes people leave, into the logs', async () => {
    writeFileSync(folder.file('audit.log'), `${auditEvent({ user: { username: 'bob' } })}\n`);
    child = spawn(process.execPath, [mainFile, 'run', 'audit.log', '--data-dir', 'data', '--key', 'k.json', '-o', 'none'], {
      cwd: folder.path,
      env: folder.env(),
    });
    await until(async () => (await kept('events')).length === 1);
    const rotated = await folder.run(['keys', 'rotate', '--key', 'k.json', '--data-dir', 'data']);
    expect(rotated.code, rotated.stderr).to.equal(0);
    await until(async () => (await kept('findings')).filter(({ type }) => type === recordTypes.note).length === 2);
    appendFileSync(folder.file('audit.log'), `${auditEvent({ user: { username: 'bob' } })}\n`);
    await until(async () => (await kept('events')).length === 2);
    expect((await kept('events')).map(({ text, key }) => [/\[MASKED:user:(k\d):/.exec(text)?.[1], key])).to.deep.equal([
      ['k1', 'k1'],
      ['k2', 'k2'],
    ]);
    const notes = (await kept('findings')).filter(({ type }) => type === recordTypes.note).map(({ text }) => text);
    expect(notes.some((text) => text.includes('key-rotated'))).to.equal(true);
    expect(notes.some((text) => text.includes('key-epoch-begun'))).to.equal(true);
    expect(readdirSync(folder.file('data/notes'))).to.deep.equal([]);
    const gone = new Promise((resolve) => child?.once('close', resolve));
    child.kill('SIGTERM');
    expect(await gone).to.equal(0);
  });

  it('reads nothing and fails where a pack does not do what its examples say', async () => {
    // The example's value is masked only under `standard`, by a rule of another kind: the pack is wrong about itself.
    writeFileSync(
      folder.file('own.yml'),
      `id: own
summary: Wrong about itself.
rules:
  - { id: badge, kind: badge, category: secret, about: Badges., pattern: { expression: 'B-([0-9]{6})X', group: 1 } }
examples:
  - { name: a badge, rule: badge, text: 'seen B-123456 at the gate', gone: 'B-123456 at' }
  - { name: none, rule: badge, text: B-1, unchanged: true }
`,
    );
    writeFileSync(folder.file('audit.log'), `${auditEvent()}\n`);
    writeFileSync(
      folder.file('config.yaml'),
      `version: 1
cluster: { name: c }
sources: [{ type: file, path: audit.log, follow: false }]
masking: { keyFile: k.json, packs: [own.yml] }
log: { directory: data }
sinks: [{ type: file, path: out.jsonl, content: events }]
`,
    );
    const { code, stdout, stderr } = await folder.run(['run', '--config', 'config.yaml', '-o', 'json']);
    expect([code, /E_MASKING_LEAK/.test(stderr), /own\.yml:6: a badge/.test(stderr)], stderr).to.deep.equal([1, true, true]);
    expect(stderr).not.to.include('B-123456');
    expect(JSON.parse(stdout)).to.have.nested.include({ 'rule.id': 'auditveil.masking-leak', 'rule.severity': 'critical' });
    expect(await kept('events')).to.deep.equal([]);
    expect((await kept('findings')).filter(({ type }) => type === recordTypes.finding)).to.have.length(1);
    expect(readFileSync(folder.file('out.jsonl'), 'utf8')).to.equal('');
  });
});
