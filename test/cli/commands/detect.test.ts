import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditEvent, CliFolder, linesOf, listPodsRule } from '../run-cli.ts';

interface Found {
  readonly rule: { readonly name: string; readonly severity: string; readonly covers: readonly string[] };
  readonly event: { readonly index: number; readonly auditID: string; readonly user: string; readonly stage: string };
  readonly episode?: { readonly id: string; readonly count: number };
  readonly revision: number;
}

const burstRule = `${listPodsRule.replace('level: medium', 'name: listed\nlevel: informational')}---
title: Many lists
id: 7d0f6a3e-0b1c-4c55-9a53-0a1f7a3c9b02
status: test
author: Tests
correlation:
  type: event_count
  rules: [listed]
  group-by: [user.username]
  timespan: 5m
  condition: { gte: 3 }
level: high
`;

describe('cli/commands/detect', () => {
  let folder: CliFolder;
  before(() => {
    folder = new CliFolder();
    writeFileSync(folder.file('list.yml'), listPodsRule);
    writeFileSync(folder.file('burst.yml'), burstRule);
  });
  after(() => folder.remove());
  const found = (stdout: string) => linesOf(stdout).map((line) => JSON.parse(line) as Found);

  it('writes one finding per match with the number of the event in the input, masked', async () => {
    const item = (n: number) => auditEvent({ auditID: `id-${n}`, verb: n === 1 ? 'get' : 'list' });
    const input = `${item(0)}\n{"kind":"EventList","items":[${item(1)},${item(2)}]}\n${item(3)}\n`;
    const { code, stdout } = await folder.run(['detect', '--rules', 'list.yml', '-'], input);
    expect(code).to.equal(0);
    expect(found(stdout).map((f) => [f.event.index, f.event.auditID, f.rule.name])).to.deep.equal([
      [0, 'id-0', 'Pods listed'],
      [2, 'id-2', 'Pods listed'],
      [3, 'id-3', 'Pods listed'],
    ]);
    expect(found(stdout)[0]?.event.user).to.match(/^\[MASKED:user:/);
    expect(stdout).not.to.include('alice@example.com').and.not.to.include('203.0.113.7');
  });

  it('tells no findings from no events and from no audit log', async () => {
    const said = async (input: string): Promise<string> =>
      (await folder.run(['detect', '--rules', 'list.yml', '-'], input)).stderr;
    expect(await said(`${auditEvent()}\n`)).not.to.include('no findings');
    expect(await said(`${auditEvent({ verb: 'get' })}\n`)).to.include('no findings in 1 events (1 rules)');
    expect(await said('')).to.include('there are no events in the input');
    expect(await said('version: 1\nsources: []\n')).to.include('is it an audit log?');
    expect(await said(`${auditEvent()}\nnot json\n`))
      .to.include('not-json 1')
      .and.not.to.include('is it an audit log?');
  });

  it('reports the first rule of an event only where that is asked for, in the order of the files', async () => {
    writeFileSync(
      folder.file('other.yml'),
      listPodsRule.replace(/^title: .*$/m, 'title: Other').replace(/^id: .*$/m, 'id: 9d0f6a3e-0b1c-4c55-9a53-0a1f7a3c9b05'),
    );
    const files = ['--rules', 'other.yml', '--rules', 'list.yml'];
    const names = async (...more: string[]): Promise<readonly string[]> =>
      found((await folder.run(['detect', ...files, ...more, '-'], `${auditEvent()}\n`)).stdout).map(({ rule }) => rule.name);
    expect(await names()).to.deep.equal(['Other', 'Pods listed']);
    expect(await names('--all-matches')).to.deep.equal(['Other', 'Pods listed']);
    expect(await names('--first-match')).to.deep.equal(['Other']);
    expect((await folder.run(['detect', '--first-match', '--all-matches', '-'], '')).code).to.equal(2);
  });

  it('fills the lists that shipped rules wait for, and refuses a list nobody asks for', async () => {
    writeFileSync(folder.file('lists.yml'), 'placeholders:\n  known_users: [admin@example.com, "ci-*"]\n');
    writeFileSync(folder.file('typo.yml'), 'placeholders:\n  known_user: [admin@example.com]\n');
    const user = (username: string) => auditEvent({ user: { username } });
    const input = ['admin@example.com', 'ci-7', 'eve@example.com'].map(user).join('\n');
    const rows = async (...more: string[]): Promise<readonly string[]> =>
      found((await folder.run(['detect', ...more, '-'], input)).stdout).flatMap(({ rule, event }) =>
        rule.covers.includes('IA10') ? [String(event.index)] : [],
      );
    expect(await rows()).to.deep.equal([]);
    expect(await rows('--lists', 'lists.yml')).to.deep.equal(['2']);
    const { code, stderr } = await folder.run(['detect', '--lists', 'typo.yml', '-'], input);
    expect(code).to.equal(3);
    expect(stderr)
      .to.match(/typo\.yml:1:1: no rule asks for the list "known_user"/)
      .and.to.include('known_users');
  });

  it('writes findings in published formats, masked as well', async () => {
    const shapes: Readonly<Record<string, string>> = {
      ocsf: '"class_uid":2004',
      falco: '"priority":"Warning"',
      ecs: '"kind":"alert"',
    };
    for (const [format, sign] of Object.entries(shapes)) {
      const { code, stdout } = await folder.run(['detect', '--rules', 'list.yml', '-o', format, '-'], `${auditEvent()}\n`);
      expect(code).to.equal(0);
      expect(linesOf(stdout)).to.have.length(1);
      expect(stdout).to.include(sign).and.not.to.include('alice@example.com').and.not.to.include('203.0.113.7');
    }
  });

  it('leaves what other rules find in the same event as it is where an exception hides one of them', async () => {
    const second = listPodsRule.replace('Pods listed', 'Anything listed').replace(/9b01$/m, '9b02');
    writeFileSync(folder.file('two.yml'), `${listPodsRule}---\n${second}`);
    writeFileSync(
      folder.file('one.yml'),
      'exceptions: [{ rule: Pods listed, where: { verb: list }, owner: o, reason: r, expires: 2099-01-01 }]\n',
    );
    const event = `${auditEvent()}\n`;
    const [, without] = found((await folder.run(['detect', '--rules', 'two.yml', '-'], event)).stdout);
    const left = found((await folder.run(['detect', '--rules', 'two.yml', '--exceptions', 'one.yml', '-'], event)).stdout);
    expect(left).to.deep.equal([without]);
  });

  it('hides what an exception is about, counts it, and says when one has expired', async () => {
    const exception = (expires: string, user = 'alice@example.com') =>
      `exceptions:\n  - rule: Pods listed\n    where: { user.username: ${user} }\n    owner: team\n    reason: test\n    expires: ${expires}\n`;
    const detectWith = (text: string) => {
      writeFileSync(folder.file('exceptions.yml'), text);
      return folder.run(['detect', '--rules', 'list.yml', '--exceptions', 'exceptions.yml', '-'], `${auditEvent()}\n`);
    };
    const hidden = await detectWith(exception('2026-05-05'));
    expect(hidden.stdout).to.equal('');
    expect(hidden.stderr).to.include('exceptions hid 1 matches (Pods listed 1)');
    const expired = await detectWith(exception('2026-05-04'));
    expect(found(expired.stdout).map(({ rule }) => rule.name)).to.have.members([
      'Exception of a rule has expired and no longer applies',
      'Pods listed',
    ]);
    expect(expired.stderr).to.match(/exceptions\.yml:2: the exception of "Pods listed" \(team\) expired on 2026-05-04/);
    expect(found((await detectWith(exception('2026-05-05', 'bob@example.com'))).stdout)).to.have.length(1);
    expect((await detectWith(exception('2026-05-05').replace('Pods listed', 'Pods lisetd'))).stderr).to.match(
      /exceptions\.yml:2:5: .*E_EXCEPTION_RULE[\s\S]*Pods listed/,
    );
  });

  it('counts an event that comes twice once', async () => {
    const line = auditEvent();
    const { stdout } = await folder.run(['detect', '--rules', 'list.yml'], `${line}\n${line}\n`);
    expect(found(stdout)).to.have.length(1);
  });

  it('writes an episode again when it grows and for the last time at the end', async () => {
    const at = (n: number) => auditEvent({ stageTimestamp: `2026-05-04T09:00:0${n}.000000Z` });
    const { stdout } = await folder.run(
      ['detect', '--rules', 'burst.yml'],
      Array.from({ length: 7 }, (_, n) => `${at(n)}\n`).join(''),
    );
    const episodes = found(stdout).filter((f) => f.episode);
    expect(new Set(episodes.map((f) => f.episode?.id)).size).to.equal(1);
    expect(episodes.at(-1)?.episode?.count).to.equal(7);
    expect(episodes.map((f) => f.revision)).to.deep.equal([...episodes.keys()].map((i) => i + 1));
  });

  it('rolls repeats up with --suppress', async () => {
    const input = Array.from({ length: 5 }, () => `${auditEvent()}\n`).join('');
    const { stdout } = await folder.run(['detect', '--rules', 'list.yml', '--suppress'], input);
    expect(found(stdout)).to.have.length(1);
  });

  it('opens AKS records', async () => {
    const record = { category: 'kube-audit', properties: { log: auditEvent({ auditID: 'inside' }) } };
    const { stdout } = await folder.run(['detect', '--rules', 'list.yml'], `${JSON.stringify({ records: [record] })}\n`);
    expect(found(stdout).map((f) => f.event.auditID)).to.deep.equal(['inside']);
  });

  it('refuses a wrong rule file with exit code 3 and its place', async () => {
    writeFileSync(folder.file('wrong.yml'), listPodsRule.replace('verb: list', 'verb|startwith: list'));
    const { code, stdout, stderr } = await folder.run(['detect', '--rules', 'wrong.yml', '-'], auditEvent());
    expect([code, stdout]).to.deep.equal([3, '']);
    expect(stderr).to.match(/wrong\.yml:7:\d+: .*\(E_RULE_/);
  });

  it('reports a stub as a finding', async () => {
    const { stdout } = await folder.run(['detect', '--rules', 'list.yml'], '{"auditID":"broken","verb":"create"\n');
    expect(found(stdout)[0]?.rule.name).to.match(/stub/);
  });

  it('runs the shipped rules where none are named', async () => {
    const listed = auditEvent({ requestURI: '/api/v1/secrets', objectRef: { resource: 'secrets', apiVersion: 'v1' } });
    const { stdout } = await folder.run(['detect'], `${listed}\n`);
    expect(found(stdout).length).to.be.greaterThan(0);
  });

  it('names whoever is behind what a controller makes', async () => {
    const manager = (name: string) => ({ username: `system:serviceaccount:kube-system:${name}-controller` });
    const made = (resource: string, owner: object, more: object) =>
      auditEvent({
        verb: 'create',
        level: 'Request',
        objectRef: { resource, namespace: 'shop', ...(resource === 'pods' ? {} : { name: 'web-7d4b9c8f6d', apiGroup: 'apps' }) },
        responseStatus: { code: 201 },
        requestObject: { metadata: { generateName: 'web-7d4b9c8f6d-', ownerReferences: [owner] }, ...more },
        user: manager(resource === 'pods' ? 'replicaset' : 'deployment'),
      });
    const input = [
      auditEvent({ verb: 'patch', objectRef: { resource: 'deployments', apiGroup: 'apps', namespace: 'shop', name: 'web' } }),
      made('replicasets', { kind: 'Deployment', name: 'web' }, {}),
      made('pods', { kind: 'ReplicaSet', name: 'web-7d4b9c8f6d' }, { spec: { hostPID: true, containers: [] } }),
    ].join('\n');
    interface Behind {
      readonly rule: { readonly name: string };
      readonly origin?: { readonly user: string; readonly verb: string; readonly resource: string; readonly name: string };
    }
    const { stdout } = await folder.run(['detect', '--profile', 'hunting', '-'], input);
    expect(stdout).not.to.include('alice@example.com');
    const behind = linesOf(stdout).map((line) => JSON.parse(line) as Behind);
    const { rule, origin } = behind.find((finding) => finding.origin !== undefined) ?? {};
    expect(rule?.name, stdout).not.to.equal(undefined);
    expect(origin).to.include({ verb: 'patch', resource: 'deployments', name: 'web' });
    expect(origin?.user).to.match(/^\[MASKED:user:/);
  });
});
