import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditEvent, CliFolder, linesOf, listPodsRule } from './run-cli.ts';

const tests = `tests:
  - name: Somebody lists pods in kube-system
    match: true
    event: { verb: list, user: { username: dev@example.com }, objectRef: { resource: pods, namespace: kube-system }, userAgent: curl/8 }
  - { name: get, match: false, event: { verb: get, objectRef: { resource: pods } } }
`;

describe('cli/rules-suggest', () => {
  let folder: CliFolder;
  before(async () => {
    folder = new CliFolder();
    writeFileSync(folder.file('list.yml'), `${listPodsRule}${tests}`);
    const inSystem = { objectRef: { resource: 'pods', namespace: 'kube-system' }, userAgent: 'curl/8' };
    const events = [auditEvent(), auditEvent(), auditEvent({ user: { username: 'bob@example.com' }, ...inSystem })];
    writeFileSync(folder.file('audit.log'), `${events.join('\n')}\n`);
    writeFileSync(folder.file('attack.log'), `${auditEvent({ user: { username: 'eve@example.com' }, ...inSystem })}\n`);
    await folder.run(['run', '--once', '--rules', 'list.yml', 'audit.log', '-o', 'none']);
  });
  after(() => folder.remove());

  const suggest = (log: string, ...args: readonly string[]) =>
    folder.run(['rules', 'suggest-exception', log, '--rules', 'list.yml', '--rule', 'Pods listed', ...args]);

  it('writes an exception for one user that hides what it says and nothing else', async () => {
    const { code, stdout } = await suggest(
      'audit.log',
      '--principal',
      'alice@example.com',
      '--owner',
      'team',
      '--reason',
      'known',
    );
    expect(code).to.equal(0);
    expect(stdout).to.match(
      /# Pods listed \(medium\): hides 2 of its 3 matches in this log\.\n# Of its 1 examples of attacks it hides none\./,
    );
    expect(stdout)
      .to.match(/user\.username: alice@example\.com\n/)
      .and.not.to.match(/bob|MASKED|203\.0\.113\.7/);
    writeFileSync(folder.file('exceptions.yml'), stdout);
    const after = await folder.run(['detect', '--rules', 'list.yml', '--exceptions', 'exceptions.yml', 'audit.log']);
    expect(linesOf(after.stdout)).to.have.length(1);
    expect(after.stderr).to.include('exceptions hid 2 matches (Pods listed 2)');
  });

  it('finds the same in the log of an agent, where the user stands under a pseudonym', async () => {
    const { stdout } = await suggest('auditveil-data', '--principal', 'alice@example.com');
    expect(stdout).to.include('hides 2 of its 3 matches').and.to.include('user.username: alice@example.com');
    const [pseudonym = ''] = /\[MASKED:user:[^\]]+\]/.exec((await folder.run(['tail', '--no-follow'])).stdout) ?? [];
    const other = await suggest('auditveil-data', '--principal', pseudonym, '-o', 'json');
    const found = JSON.parse(other.stdout) as {
      readonly where: object;
      readonly isForAnybody: boolean;
      readonly silences: number;
    };
    expect(found).to.include({ isForAnybody: true });
    expect(other.stdout).not.to.include('MASKED');
  });

  it('refuses where every exception would hide an attack, and says which', async () => {
    const { code, stdout, stderr } = await suggest('attack.log');
    expect(code).to.equal(1);
    expect(stdout).to.equal('');
    expect(stderr).to.match(/also hide attacks .*Somebody lists pods in kube-system \(E_SUGGEST_BREAKS\)\n +Name one user/);
    expect((await suggest('attack.log', '--principal', 'eve@example.com')).code).to.equal(0);
  });

  it('says so where there is nothing to except, no such rule, no such user', async () => {
    expect((await suggest('attack.log', '--principal', 'nobody@example.com')).stderr).to.include('E_SUGGEST_NOTHING');
    const wrong = await folder.run(['rules', 'suggest-exception', 'audit.log', '--rules', 'list.yml', '--rule', 'Pods lisetd']);
    expect(wrong.stderr).to.match(/E_USAGE_RULE[\s\S]*Pods listed/);
    expect((await suggest('audit.log', '--expires', 'soon')).code).to.equal(2);
  });
});
