import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditEvent, CliFolder, listPodsRule } from './run-cli.ts';

describe('cli/init-policy', () => {
  let folder: CliFolder;
  before(() => {
    folder = new CliFolder();
    writeFileSync(folder.file('list.yml'), listPodsRule);
    const times = ['2026-05-04T09:00:00Z', '2026-05-04T21:00:00Z'].map((stageTimestamp) => ({ stageTimestamp }));
    const events = [...times.map((time) => auditEvent(time)), auditEvent({ verb: 'get' }), '{"torn":'];
    writeFileSync(folder.file('audit.log'), `${events.join('\n')}\n`);
  });
  after(() => folder.remove());

  it('writes a policy that leaves nothing of the chosen rules blind', async () => {
    const { code, stdout, stderr } = await folder.run(['init', 'policy', '--rules', 'list.yml']);
    expect(code).to.equal(0);
    expect(stderr).to.equal('');
    expect(stdout)
      .to.match(/^# Audit policy of kube-apiserver: what 1 rules/)
      .and.to.match(/verbs: \[list\]\n +resources:\n +- group: ""\n +resources: \[pods/);
    writeFileSync(folder.file('policy.yaml'), stdout);
    const check = await folder.run(['rules', 'coverage', '--rules', 'list.yml', '--policy', 'policy.yaml', '--fail-blind']);
    expect(check.code).to.equal(0);
    expect(check.stdout).to.include('of 1 rules 1 see all they ask about');
  });

  it('estimates what it takes a day from a sample, and shows nothing of the sample', async () => {
    const { stdout } = await folder.run(['init', 'policy', '--rules', 'list.yml', '--sample', 'audit.log']);
    expect(stdout).to.match(
      /# Of the sample \(3 events, .* it logs 2 events, .*\n# About .* and 4 events a day, from a sample of 720 minutes\./,
    );
    expect(stdout).not.to.match(/alice|203\.0\.113\.7/);
    const json = await folder.run(['init', 'policy', '--rules', 'list.yml', '--sample', 'audit.log', '-o', 'json']);
    const { rules, estimate } = JSON.parse(json.stdout) as { readonly rules: object; readonly estimate: object };
    expect(rules).to.deep.equal({ sees: 1, partly: 0, waits: 0, blind: [] });
    expect(estimate).to.include({ events: 3, loggedEvents: 2, eventsPerDay: 4 });
  });

  it('leaves the other kinds of init as they are, and refuses what it does not know', async () => {
    expect((await folder.run(['init', 'nonsense'])).code).to.equal(2);
    expect((await folder.run(['init', 'policy', '--sample', 'none.log', '--rules', 'list.yml'])).code).not.to.equal(0);
    expect((await folder.run(['init', 'policy', '--rules', 'none.yml'])).code).not.to.equal(0);
  });
});
