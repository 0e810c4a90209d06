import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditEvent, CliFolder, linesOf, listPodsRule } from '../run-cli.ts';

describe('cli/commands', () => {
  let folder: CliFolder;
  before(() => {
    folder = new CliFolder();
  });
  after(() => folder.remove());

  it('keys: makes a file once, never over another, and lists it without the key', async () => {
    expect((await folder.run(['keys', 'init', '--key', 'k.json', '--group', 'production'])).code).to.equal(0);
    const again = await folder.run(['keys', 'init', '--key', 'k.json']);
    expect([again.code, /E_KEY_EXISTS/.test(again.stderr)]).to.deep.equal([3, true]);
    const { stdout } = await folder.run(['keys', 'list', '--key', 'k.json', '--json']);
    expect(JSON.parse(stdout)).to.include({ id: 'k1', status: 'active', clusterGroup: 'production' });
    const { key } = (JSON.parse(readFileSync(folder.file('k.json'), 'utf8')) as { keys: { key: string }[] }).keys[0] ?? {
      key: '',
    };
    expect(key).to.have.length(44);
    expect(stdout).not.to.include(key);
  });

  it('pseudonym: gives what mask writes for the same value', async () => {
    const masked = await folder.run(['mask'], auditEvent({ user: { username: 'bob' }, sourceIPs: ['203.0.113.9'] }));
    const { stdout, code } = await folder.run(['pseudonym', '203.0.113.9', 'bob', '--json']);
    expect(code).to.equal(0);
    const rows = linesOf(stdout).map((line) => JSON.parse(line) as { value: string; kind: string; pseudonym: string });
    const of = (value: string, kind: string) => rows.find((row) => row.value === value && row.kind === kind)?.pseudonym ?? '-';
    expect(masked.stdout).to.include(of('203.0.113.9', 'ip')).and.to.include(of('bob', 'user'));
    expect(rows.some((row) => row.value === 'bob' && row.kind === 'ip')).to.equal(false);
    const wrong = await folder.run(['pseudonym', 'bob', '--kind', 'usr']);
    expect([wrong.code, /Did you mean `user`/.test(wrong.stderr)]).to.deep.equal([2, true]);
  });

  it('rules: lists, shows, tests and lints the shipped rules', async function () {
    // Ten seconds of a processor, and more on a slow machine.
    this.timeout(300_000);
    const list = await folder.run(['rules', 'list', '--json']);
    const rules = linesOf(list.stdout).map((line) => JSON.parse(line) as { id: string; name: string });
    expect(rules.length).to.be.greaterThan(0);
    const show = await folder.run(['rules', 'show', rules[0]?.name ?? '']);
    expect(show.stdout).to.include(`id: ${rules[0]?.id}`);
    const test = await folder.run(['rules', 'test']);
    expect([test.code, test.stdout.trim().split('\n').at(-1)]).to.deep.equal([0, test.stdout.trim().split('\n').at(-1)]);
    expect(test.stdout).to.match(/\d+ examples passed, 0 failed/);
    expect((await folder.run(['rules', 'lint'])).code).to.equal(0);
  });

  it('rules: fails where an example does not do what it says', async () => {
    writeFileSync(folder.file('own.yml'), `${listPodsRule}tests:\n  - { name: lists, match: true, event: { verb: get } }\n`);
    const { code, stdout } = await folder.run(['rules', 'test', '--rules', 'own.yml']);
    expect(code).to.equal(1);
    expect(stdout).to.match(/own\.yml: Pods listed: lists: should match and does not/);
  });

  it('masks: lists, shows, tests and lints the shipped packs', async function () {
    // Some fifteen seconds of a processor: a plan for each set of kinds that an example enables.
    this.timeout(300_000);
    const list = await folder.run(['masks', 'list', '--json']);
    const kinds = linesOf(list.stdout).map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds).to.include.members(['email', 'ip', 'user']);
    expect((await folder.run(['masks', 'show', 'email'])).stdout).to.include('"kind": "email"');
    expect((await folder.run(['masks', 'show', 'emial'])).code).to.equal(2);
    const test = await folder.run(['masks', 'test']);
    expect([test.code, /\d+ examples passed, 0 failed/.test(test.stdout)], test.stdout).to.deep.equal([0, true]);
    expect((await folder.run(['masks', 'lint'])).stdout).to.match(/ 0 without a trigger/);
  });

  it('masks: says what of a gitleaks file has no effect, and where one is wrong', async () => {
    const file = folder.file('team.toml');
    writeFileSync(file, "[[rules]]\nid = 'acme'\nregex = '''acme_([a-z0-9]{16})'''\nkeyword = ['acme_']\n");
    const { code, stdout } = await folder.run(['masks', 'lint', file]);
    expect(code).to.equal(0);
    expect(stdout).to.include('team.toml:4:1: `keyword` is unknown').and.include('`keywords`');
    const masked = await folder.run(
      ['mask', '--pack', file],
      `${auditEvent({ requestObject: { a: 'acme_0123456789abcdef' } })}\n`,
    );
    expect(masked.stdout).to.include('acme_[MASKED:acme]');
    writeFileSync(file, "[[rules]]\nid = 'acme'\nregex = '''(?=a)'''\n");
    const wrong = await folder.run(['masks', 'lint', file]);
    expect([wrong.code, wrong.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 3 && /team\.toml:3:1: /.test(text),
    );
  });

  it('masks: shows policies, built in and own, and their schema', async () => {
    const file = folder.file('mine.yml');
    writeFileSync(file, 'id: mine\nversion: 7\nbase: standard\nactions: { email: keep-last-4 }\n');
    expect((await folder.run(['masks', 'policy', file])).stdout).to.match(
      /^mine version 7, digest [0-9a-f]{32}\n[\s\S]*email +keep-last-4/,
    );
    const standard = JSON.parse((await folder.run(['masks', 'policy', 'standard', '--json'])).stdout) as {
      id: string;
      rules: unknown[];
    };
    expect(standard.id).to.equal('standard');
    expect(standard.rules.length).to.be.greaterThan(20);
    expect(JSON.parse((await folder.run(['masks', 'policy-schema'])).stdout)).to.have.nested.property('properties.paths');
    expect((await folder.run(['masks', 'policy', 'standart'])).code).to.equal(2);
    const masked = await folder.run(
      ['mask', '--policy', file],
      `${auditEvent({ user: { username: 'system:x' }, note: 'jane@example.com' })}\n`,
    );
    expect(masked.stdout).to.include('[MASKED:email]').and.not.include('jane');
  });

  it('config: validates, prints with defaults and gives the schema', async () => {
    await folder.run(['keys', 'init', '--key', 'config-key.json']);
    const ok = 'version: 1\ncluster: { name: prod }\nsources: [{ type: file, path: a.log }]\n';
    writeFileSync(folder.file('ok.yaml'), `${ok}masking: { keyFile: config-key.json }\n`);
    writeFileSync(folder.file('bad.yaml'), 'version: 1\ncluster: { nam: prod }\nsources: [{ type: file, path: a.log }]\n');
    expect((await folder.run(['config', 'validate', 'ok.yaml'])).stdout).to.equal('ok.yaml: ok\n');
    const bad = await folder.run(['config', 'validate', 'bad.yaml']);
    expect(bad.code).to.equal(3);
    expect(bad.stderr)
      .to.match(/bad\.yaml:2:12: unknown option `cluster\.nam`/)
      .and.to.match(/Did you mean `name`/);
    expect((await folder.run(['config', 'print', 'ok.yaml'])).stdout).to.match(/policy: standard/);
    expect(JSON.parse((await folder.run(['config', 'schema'])).stdout)).to.have.property('properties');
  });

  it('config: validates the key file too, and without it where it is told to', async () => {
    const ok = 'version: 1\ncluster: { name: prod }\nsources: [{ type: file, path: a.log }]\n';
    writeFileSync(folder.file('no-key.yaml'), ok);
    writeFileSync(folder.file('missing.yaml'), `${ok}masking: { keyFile: missing.json }\n`);
    writeFileSync(folder.file('open.json'), '{}', { mode: 0o644 });
    writeFileSync(folder.file('open.yaml'), `${ok}masking: { keyFile: open.json }\n`);
    for (const [name, code] of [
      ['no-key', 'E_KEY_MISSING'],
      ['missing', 'E_KEY_MISSING'],
      ['open', 'E_KEY_MODE'],
    ] as const) {
      const checked = await folder.run(['config', 'validate', `${name}.yaml`]);
      expect([checked.code, checked.stderr.includes(code)], checked.stderr).to.deep.equal([3, true]);
      expect((await folder.run(['config', 'validate', '--no-key', `${name}.yaml`])).stdout).to.equal(`${name}.yaml: ok\n`);
    }
  });

  it('version: says what runs, also as JSON', async () => {
    expect((await folder.run(['version'])).stdout).to.match(/^auditveil \d+\.\d+\.\d+ \(Node\.js/);
    expect(JSON.parse((await folder.run(['version', '--json'])).stdout)).to.have.keys(
      'version',
      'node',
      'expressions',
      'platform',
    );
  });

  it('answers a misspelt command or option with what was meant, and exit code 2', async () => {
    const command = await folder.run(['msk']);
    expect([command.code, /Did you mean mask/.test(command.stderr)]).to.deep.equal([2, true]);
    expect((await folder.run(['mask', '--polcy', 'strict'])).stderr).to.match(/Did you mean --policy/);
    expect((await folder.run(['run'])).code).to.equal(2);
    expect((await folder.run(['--help'])).code).to.equal(0);
  });

  it('does not open the inspector on SIGUSR1', async () => {
    const { spawn } = await import('node:child_process');
    const { mainFile } = await import('../run-cli.ts');
    const child = spawn(process.execPath, [mainFile, 'mask'], { cwd: folder.path, env: folder.env() });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdin.write(`${auditEvent()}\n`);
    await new Promise((resolve) => {
      child.stdout.once('data', resolve);
    });
    child.kill('SIGUSR1');
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.stdin.end();
    expect(
      await new Promise((resolve) => {
        child.on('close', resolve);
      }),
    ).to.equal(0);
    expect(stderr).not.to.match(/Debugger/);
  });
});
