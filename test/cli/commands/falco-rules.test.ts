import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditEvent, CliFolder, linesOf } from '../run-cli.ts';

const rules = `# SPDX-License-Identifier: Apache-2.0
# Copyright (C) 2026 The Example Authors
- list: reads
  items: [get, list]

- macro: reading
  condition: ka.verb in (reads)

# what people do
- rule: Pods read
  desc: Somebody reads pods
  condition: reading and ka.target.resource=pods
  output: Pods read (user=%ka.user.name from=%ka.sourceips agent=%ka.useragent)
  priority: NOTICE
  source: k8s_audit
  tags: [k8s, T1613]

- rule: Everything
  desc: All of it
  condition: jevt.rawtime exists
  output: "%jevt.obj %ka.req.configmap.obj"
  priority: CRITICAL
  source: k8s_audit

- rule: A system call
  desc: Of another source
  condition: evt.type=open
  output: none
  priority: INFO
`;

interface Found {
  readonly rule: { readonly id: string; readonly name: string; readonly severity: string; readonly author: string };
  readonly output: { readonly text: string; readonly fields: Readonly<Record<string, string>> };
}

describe('cli/commands with Falco rules', () => {
  let folder: CliFolder;
  before(() => {
    folder = new CliFolder();
    writeFileSync(folder.file('falco.yaml'), rules);
  });
  after(() => folder.remove());
  const found = (stdout: string) => linesOf(stdout).map((line) => JSON.parse(line) as Found);

  it('detect writes what the rule says, with masked values only', async () => {
    const secret = 'correct-horse-battery-staple';
    const event = JSON.parse(auditEvent({ verb: 'list' })) as Record<string, unknown>;
    const input = `${JSON.stringify({ ...event, requestObject: { kind: 'Secret', data: { password: secret } } })}\n`;
    const { code, stdout, stderr } = await folder.run(['detect', '--rules', 'falco.yaml', '-'], input);
    expect(code).to.equal(0);
    const [first, second] = found(stdout);
    expect(first?.rule).to.include({ id: 'falco:Pods read', severity: 'low', author: 'The Example Authors' });
    expect(first?.output.text).to.match(/^Pods read \(user=\[MASKED:user:\w+:[0-9a-f]{16}\] from=\(\d+\.\d+\.\d+\.\d+\) agent=/);
    expect(second?.output.text).to.match(/\[MASKED:/);
    for (const raw of [secret, 'alice@example.com', '203.0.113.7', Buffer.from(secret).toString('base64')])
      expect(stdout).not.to.include(raw);
    expect(stderr).to.include('falco.yaml:25: "A system call" is for the source "syscall" and left out');
  });

  it('detect reports only the first rule when asked to', async () => {
    const { stdout } = await folder.run(
      ['detect', '--first-match', '--rules', 'falco.yaml', '-'],
      `${auditEvent({ verb: 'get' })}\n`,
    );
    expect(found(stdout).map(({ rule }) => rule.name)).to.deep.equal(['Pods read']);
  });

  it('detect writes the shape of Falco with the priority and the fields of the rule', async () => {
    const { stdout } = await folder.run(
      ['detect', '--output', 'falco', '--rules', 'falco.yaml', '-'],
      `${auditEvent({ verb: 'get' })}\n`,
    );
    const [line] = linesOf(stdout).map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(line).to.include({ rule: 'Pods read', priority: 'Notice', source: 'k8s_audit' });
    expect(line?.['output']).to.match(/: Notice Pods read \(user=/);
    expect(line?.['output_fields']).to.have.property('ka.useragent');
  });

  it('detect reads fields as Falco does with --falco-compat', async () => {
    const text = '- rule: A\n  desc: d\n  condition: ka.sourceips exists\n  output: o\n  priority: INFO\n  source: k8s_audit\n';
    writeFileSync(folder.file('ips.yaml'), text);
    const run = (more: readonly string[]) => folder.run(['detect', '--rules', 'ips.yaml', ...more, '-'], `${auditEvent({})}\n`);
    expect(found((await run([])).stdout)).to.have.length(1);
    expect(found((await run(['--falco-compat'])).stdout)).to.have.length(0);
  });

  it('detect refuses a wrong file with its place and code 3', async () => {
    writeFileSync(folder.file('wrong.yaml'), rules.replace('ka.target.resource', 'ka.target.ressource'));
    const { code, stderr } = await folder.run(['detect', '--rules', 'wrong.yaml', '-'], '');
    expect(code).to.equal(3);
    expect(stderr)
      .to.include('wrong.yaml:12:26: unknown field "ka.target.ressource"')
      .and.include('Did you mean `ka.target.resource`?');
  });

  it('rules list, show, lint and test take them', async () => {
    const run = (...args: readonly string[]) => folder.run(['rules', ...args, '--rules', 'falco.yaml'], '');
    expect((await run('list')).stdout).to.match(/low +falco:Pods read +Pods read/);
    const shown = (await run('show', 'pods read')).stdout;
    expect(shown)
      .to.match(/^# falco\.yaml:10\n- rule: Pods read\n/)
      .and.not.include('Everything')
      .and.not.include('what people do');
    const lint = (await run('lint')).stdout;
    expect(lint).to.include('falco.yaml:25: "A system call"').and.include('2 rules');
    expect((await run('test')).stdout).to.include('0 examples passed, 0 failed');
  });
});
