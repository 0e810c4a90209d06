import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { CliFolder, listPodsRule } from '../run-cli.ts';

const tests = `tests:
  - name: list
    match: true
    event: { verb: list, objectRef: { resource: pods }, stage: ResponseComplete }
  - name: get
    match: false
    event: { verb: get, objectRef: { resource: pods }, stage: ResponseComplete }
`;

describe('cli/commands/rules', () => {
  let folder: CliFolder;
  before(() => {
    folder = new CliFolder();
    writeFileSync(folder.file('list.yml'), `${listPodsRule}${tests}`);
    writeFileSync(
      folder.file('policy.yaml'),
      'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n  - { level: None, verbs: [list] }\n  - level: Metadata\n',
    );
    writeFileSync(folder.file('wrong.yaml'), 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n  - level: Metdata\n');
  });
  after(() => folder.remove());

  it('says which requests a rule is about an audit policy does not log, and where the policy says so', async () => {
    const { code, stdout } = await folder.run(['rules', 'lint', '--rules', 'list.yml', '--policy', 'policy.yaml']);
    expect(code).to.equal(0);
    expect(stdout).to.match(
      /list\.yml:1:1: the audit policy policy\.yaml logs no event that could match: list pods.*line 4.*\(not-logged\)/,
    );
    expect((await folder.run(['rules', 'lint', '--rules', 'list.yml'])).stdout).not.to.include('not-logged');
  });

  it('refuses a policy it cannot read, with its place', async () => {
    const { code, stderr } = await folder.run(['rules', 'lint', '--rules', 'list.yml', '--policy', 'wrong.yaml']);
    expect(code).to.equal(3);
    expect(stderr).to.match(/wrong\.yaml:4:12: .*E_POLICY_VALUE/);
    expect((await folder.run(['rules', 'lint', '--rules', 'list.yml', '--policy', 'none.yaml'])).code).not.to.equal(0);
  });

  it('says which rules are blind under an audit policy, for people, for machines and for the Navigator', async () => {
    const ask = ['rules', 'coverage', '--rules', 'list.yml', '--policy', 'policy.yaml'];
    const people = await folder.run(ask);
    expect(people.code).to.equal(0);
    expect(people.stdout)
      .to.match(/of 1 rules 0 see all .* 1 nothing/)
      .and.to.match(/MED {2}Pods listed\n +line 4 does not log: pods \(list\)/);
    const [row] = (await folder.run([...ask, '-o', 'json'])).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(row).to.deep.include({ state: 'blind', requests: 1, hidden: 1 });
    const layer = JSON.parse((await folder.run([...ask, '-o', 'navigator'])).stdout) as { readonly domain: string };
    expect(layer.domain).to.equal('enterprise-attack');
    expect((await folder.run([...ask, '--fail-blind'])).code).to.equal(5);
    expect((await folder.run(['rules', 'coverage', '--rules', 'list.yml'])).code).to.equal(2);
  });

  it('names changes of a rule that no example notices, and fails then', async () => {
    const { code, stdout } = await folder.run(['rules', 'test', '--rules', 'list.yml', '--mutants']);
    expect(stdout)
      .to.include('2 examples passed, 0 failed')
      .and.to.match(/Pods listed: no example notices: \w+: without objectRef\.resource/);
    expect(code).to.equal(1);
    expect((await folder.run(['rules', 'test', '--rules', 'list.yml'])).code).to.equal(0);
  });
});
