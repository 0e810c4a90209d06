import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditEvent, CliFolder, linesOf, listPodsRule } from '../run-cli.ts';

interface Explained {
  readonly index: number;
  readonly auditID?: string;
  readonly stub?: string;
  readonly policy: { readonly id: string };
  readonly masks: readonly { readonly path: string; readonly kind: string; readonly rule: string; readonly shown: string }[];
  readonly rules: readonly { readonly ruleName: string; readonly matched: boolean }[];
}

const secret = 'quiet-river-hunter-9';

describe('cli/commands/explain', function () {
  this.timeout(120_000);
  let folder: CliFolder;
  before(() => {
    folder = new CliFolder();
    writeFileSync(folder.file('own.yml'), listPodsRule);
    const bound = auditEvent({
      auditID: '11111111-0000-4000-8000-000000000001',
      verb: 'create',
      requestObject: { kind: 'Pod', spec: { containers: [{ env: [{ name: 'DB_PASSWORD', value: secret }] }] } },
    });
    writeFileSync(folder.file('audit.log'), `${auditEvent()}\n${bound}\nnot json ${secret}\n`);
  });
  after(() => folder.remove());
  const json = async (...args: string[]): Promise<Explained[]> =>
    linesOf((await folder.run(['explain', 'audit.log', '-o', 'json', ...args])).stdout).map(
      (line) => JSON.parse(line) as Explained,
    );

  it('explains every event: what masks it, which rules match; a stub says why', async () => {
    const all = await json('--rules', 'own.yml');
    expect(all.map(({ index, stub }) => [index, stub])).to.deep.equal([
      [0, undefined],
      [1, undefined],
      [2, 'not-json'],
    ]);
    expect(all[0]?.rules.map(({ ruleName }) => ruleName)).to.deep.equal(['Pods listed']);
    expect(all[0]?.masks.map(({ path }) => path)).to.deep.equal(['user.username', 'sourceIPs[0]']);
    expect(all[1]?.masks.find(({ kind }) => kind === 'env-secret')?.path).to.equal(
      'requestObject.spec.containers[0].env[0].value',
    );
    expect(all[1]?.rules).to.deep.equal([]);
  });

  it('explains one event by its number or its auditID, under another policy, for people too', async () => {
    expect((await json('--index', '1')).map(({ index }) => index)).to.deep.equal([1]);
    const [one] = await json('--audit-id', '11111111-0000-4000-8000-000000000001', '--policy', 'secrets-only');
    expect([one?.index, one?.policy.id, one?.masks.map(({ kind }) => kind)]).to.deep.equal([1, 'secrets-only', ['env-secret']]);
    const { stdout } = await folder.run(['explain', 'audit.log', '--rules', 'own.yml', '--rule', 'Pods listed']);
    expect(stdout).to.include('requestObject.spec.containers[0].env[0].value\n      value → [MASKED:env-secret]');
    expect(stdout)
      .to.match(/yes Pods listed \(medium/)
      .and.to.match(/no {2}Pods listed/);
    expect(stdout).to.match(/no {2}verb .*"create"/);
    expect(stdout).not.to.include(secret);
  });

  it('shows what mask writes, and never what was masked', async () => {
    const all = await folder.run(['explain', 'audit.log', '-o', 'json']);
    const masked = await folder.run(['mask', 'audit.log']);
    for (const { masks } of linesOf(all.stdout).map((line) => JSON.parse(line) as Explained))
      for (const { shown } of masks) expect(masked.stdout).to.include(shown);
    for (const text of [all.stdout, all.stderr]) expect(text).not.to.include(secret).and.not.to.include('alice@example.com');
  });

  it('says what a keep rule keeps, and from which kind, where it is asked to', async () => {
    writeFileSync(
      folder.file('keep.yml'),
      `id: own
summary: Contacts stay.
rules:
  - { id: contact, kind: contact, category: personal, about: Contacts., keep: { in: '**', members: [contact] } }
examples:
  - { name: a contact, rule: contact, event: { requestObject: { contact: help@example.com } }, stays: help@example.com, unchanged: true }
  - { name: another, rule: contact, event: { requestObject: { note: help@example.com } }, gone: help@example.com }
`,
    );
    const event = auditEvent({ user: { username: 'system:x' }, requestObject: { kind: 'Widget', contact: 'help@example.com' } });
    const { stdout, stderr } = await folder.run(['explain', '--kept', '--pack', 'keep.yml', '-o', 'json', '-'], `${event}\n`);
    expect((JSON.parse(stdout || '{}') as { kept?: unknown }).kept, stderr).to.deep.equal([
      { path: 'requestObject.contact', kind: 'email', rule: 'email', keptBy: 'contact' },
    ]);
    expect(stdout).not.to.include('help@');
    expect((await json('--index', '0'))[0]).not.to.have.property('kept');
  });

  it('explains a rule by any of its names, of a correlation the rules it is made of, and says what a rule waits for', async () => {
    const correlation = `title: Many lists\nid: 7d0f6a3e-0b1c-4c55-9a53-0a1f7a3c9b02\nlevel: high\ncorrelation: { type: event_count, rules: [listed], group-by: [user.username], timespan: 5m, condition: { gte: 3 } }\n`;
    writeFileSync(
      folder.file('many.yml'),
      `${listPodsRule.replace('level: medium', 'name: listed\nlevel: low')}---\n${correlation}`,
    );
    for (const name of ['listed', 'pods listed', 'Many lists', '7d0f6a3e-0b1c-4c55-9a53-0a1f7a3c9b02']) {
      const [first] = await json('--index', '0', '--rules', 'many.yml', '--rule', name);
      expect(
        first?.rules.map(({ ruleName, matched }) => [ruleName, matched]),
        name,
      ).to.deep.equal([['Pods listed', true]]);
    }
    const { stdout } = await folder.run(['explain', 'audit.log', '--index', '0', '--rule', 'User who is not on the list']);
    expect(stdout).to.include('silent until its list is filled with --lists: known_users');
  });

  it('refuses what is not there', async () => {
    for (const args of [
      ['--index', '9'],
      ['--audit-id', 'x'],
      ['--index', 'x'],
      ['--rule', 'none'],
    ])
      expect((await folder.run(['explain', 'audit.log', ...args])).code, args.join(' ')).to.equal(2);
    expect((await folder.run(['explain', 'none.log'])).code).not.to.equal(0);
  });

  it('mask --policy-diff: says what a change exposes, as a table and as JSON lines, with an exit code where asked for', async () => {
    const { stdout, code } = await folder.run(['mask', '--policy-diff', 'standard', 'secrets-only', 'audit.log']);
    expect(code).to.equal(0);
    expect(stdout).to.match(/exposed +2 +2 +user \(pseudonymise\) +user\.username/);
    expect(stdout).to.match(/4 values in 2 fields would be exposed/);
    const lines = await folder.run([
      'mask',
      '--policy-diff',
      'standard',
      'secrets-only',
      'audit.log',
      '--json',
      '--fail-on-exposed',
    ]);
    expect(lines.code).to.equal(5);
    expect(linesOf(lines.stdout).map((line) => (JSON.parse(line) as { change: string }).change)).to.deep.equal([
      'exposed',
      'exposed',
    ]);
    expect(lines.stderr).to.match(/3 events, from standard \(.*; 1 become stubs/);
    expect(
      (await folder.run(['mask', 'audit.log', '--policy-diff', 'secrets-only', 'standard', '--fail-on-exposed'])).code,
    ).to.equal(0);
    expect((await folder.run(['mask', '--policy-diff', 'standard'])).code).to.equal(2);
    expect((await folder.run(['mask', '--policy-diff', 'standard', 'nonsense', 'audit.log'])).code).to.equal(2);
    for (const text of [stdout, lines.stdout, lines.stderr]) expect(text).not.to.include(secret).and.not.to.include('alice');
  });
});
