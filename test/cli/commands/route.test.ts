import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditEvent, CliFolder, linesOf, listPodsRule } from '../run-cli.ts';

const config = `version: 1
cluster: { name: prod }
sources: [{ type: file, path: audit.log }]
log: { directory: auditveil-data }
sinks:
  - { type: file, name: chat, path: chat.jsonl }
  - { type: file, name: pager, path: pager.jsonl }
routing:
  sinks: [chat]
  routes:
    - { name: grave, match: { minSeverity: critical }, sinks: [pager] }
    - name: pods
      match: { rule: ['Pods *'] }
      routes:
        - { match: { namespace: ['kube-*'] }, sinks: [pager] }
`;

describe('cli/commands/route', () => {
  let folder: CliFolder;
  before(async () => {
    folder = new CliFolder();
    writeFileSync(folder.file('rules.yml'), listPodsRule);
    writeFileSync(folder.file('config.yaml'), config);
    const elsewhere = auditEvent({ auditID: 'b', objectRef: { resource: 'pods', namespace: 'kube-system' } });
    writeFileSync(folder.file('audit.log'), `${auditEvent({})}\n${elsewhere}\n`);
    await folder.run(['run', '--once', '--rules', 'rules.yml', 'audit.log', '-o', 'none']);
  });
  after(() => folder.remove());

  it('shows the way of one finding and what did not hold', async () => {
    const findings = linesOf((await folder.run(['tail', '--no-follow', '-o', 'json'])).stdout).map(
      (line) => JSON.parse(line) as { id: string; event: { namespace?: string }; rule: { name: string } },
    );
    const found = findings.find(({ rule, event }) => rule.name === 'Pods listed' && event.namespace === 'kube-system');
    const { code, stdout } = await folder.run(['route', 'explain', found?.id.slice(0, 12) ?? '', '--config', 'config.yaml']);
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/routes\[0\] +grave +no: minSeverity/)
      .and.to.match(/routes\[1\]\.routes\[0\] +yes: pager/)
      .and.to.match(/Goes to: pager/);
  });

  it('counts the ways of all findings', async () => {
    const { stdout } = await folder.run(['route', 'explain', '--config', 'config.yaml']);
    expect(stdout).to.match(/pager +1 +0/);
    expect(stdout).to.match(/routes\[1\] +pods +chat +1/);
    const lines = linesOf((await folder.run(['route', 'explain', '--config', 'config.yaml', '-o', 'json'])).stdout);
    expect(JSON.parse(lines[0] ?? '')).to.include.keys('finding', 'sinks', 'muted', 'steps');
  });

  it('says that there is no such finding, and what is wrong in a routing', async () => {
    const missing = await folder.run(['route', 'explain', 'zzz', '--config', 'config.yaml']);
    expect([missing.code, missing.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 1 && /E_ROUTE_FINDING/.test(text),
    );
    writeFileSync(folder.file('wrong.yaml'), config.replace('sinks: [pager]', 'sinks: [pagre]'));
    const wrong = await folder.run(['config', 'validate', '--no-key', 'wrong.yaml']);
    expect(wrong.code).to.equal(3);
    expect(wrong.stderr)
      .to.match(/wrong\.yaml:11:.*E_CONFIG_ROUTE/)
      .and.to.match(/Did you mean `pager`/);
  });
});
