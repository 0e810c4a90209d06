import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { auditEvent, CliFolder } from '../run-cli.ts';

const secretName = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';
const asked = (verb: string, name: string, username = 'alice@example.com'): string =>
  auditEvent({ verb, user: { username }, objectRef: { resource: 'configmaps', apiVersion: 'v1', namespace: 'shop', name } });

describe('cli/commands/rbac', () => {
  let folder: CliFolder;
  before(async () => {
    folder = new CliFolder();
    const events = [
      asked('get', 'settings'),
      asked('update', secretName),
      asked('delete', 'x', 'bob'),
      asked('list', '', 'system:serviceaccount:shop:robot'),
    ];
    writeFileSync(folder.file('audit.log'), events.join('\n'));
    writeFileSync(folder.file('masked.log'), (await folder.run(['mask', 'audit.log'])).stdout);
  });
  after(() => folder.remove());

  const objects = (yaml: string) => parseAllDocuments(yaml).map((document) => document.toJS() as Record<string, unknown>);

  for (const log of ['audit.log', 'masked.log']) {
    it(`writes YAML for a real name from ${log}, without what was masked`, async () => {
      const { code, stdout, stderr } = await folder.run(['rbac', 'suggest', '--user', 'alice@example.com', log]);
      expect(code, stderr).to.equal(0);
      expect(stdout).not.to.contain(secretName).and.not.to.contain('bob');
      const [role, binding] = objects(stdout);
      expect(role).to.deep.include({
        kind: 'Role',
        metadata: { name: 'alice-example-com-used', namespace: 'shop' },
        rules: [
          { apiGroups: [''], resources: ['configmaps'], resourceNames: ['settings'], verbs: ['get'] },
          { apiGroups: [''], resources: ['configmaps'], verbs: ['update'] },
        ],
      });
      expect(binding).to.deep.include({
        subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'alice@example.com' }],
      });
    });
  }

  it('takes service accounts, names of objects and JSON', async () => {
    const args = ['rbac', 'suggest', '--serviceaccount', 'shop:robot', '--name', 'lists', '-o', 'json', 'audit.log'];
    const made = JSON.parse((await folder.run(args)).stdout) as { principal: string; objects: { metadata: object }[] };
    expect([made.principal, made.objects[0]?.metadata]).to.deep.equal([
      'ServiceAccount shop/robot',
      { name: 'lists', namespace: 'shop' },
    ]);
  });

  it('says what is missing', async () => {
    const fails = async (...args: readonly string[]) => {
      const { code, stderr } = await folder.run(['rbac', 'suggest', 'audit.log', ...args]);
      return `${code} ${stderr}`;
    };
    expect(await fails()).to.match(/^2 .*E_USAGE_PRINCIPAL/s);
    expect(await fails('--user', 'nobody')).to.match(/^1 .*no request of theirs is in this log.*--key/s);
    expect(await fails('--serviceaccount', 'robot')).to.match(/^2 .*namespace:name/s);
    expect(await fails('--user', 'a', '--group', 'b')).to.match(/^2 /);
    expect(await fails('--user', 'a', '--name', 'A b')).to.match(/^2 /);
  });
});
