import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { auditEvent, CliFolder, linesOf, listPodsRule } from './run-cli.ts';

interface Line {
  readonly type: 'summary' | 'rule';
  readonly rule: { readonly name: string };
  readonly findings: number;
  readonly rolledUp: number;
  readonly events: number;
  readonly pairs: number;
  readonly askedOfMasked: boolean;
  readonly hiddenByExceptions: number;
  readonly byHour: Readonly<Record<string, number>>;
  readonly topPrincipals: readonly { readonly principal: string }[];
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
  readonly cost: { readonly shareOfTests: number; readonly events: number };
}

const at = (hour: number) => ({ stageTimestamp: `2026-05-04T${String(hour).padStart(2, '0')}:30:00.000000Z` });
/** Asks something that is not settled by looking a value up: that alone is counted as a test. */
const testing = (rule: string): string => rule.replace('verb: ', 'requestURI|contains: /pods, verb: ');
const getRule = listPodsRule.replace('b01', 'b02').replace('Pods listed', 'Pods read').replace('verb: list', 'verb: get');

describe('cli/rules-backtest', () => {
  let folder: CliFolder;
  before(async () => {
    folder = new CliFolder();
    writeFileSync(folder.file('list.yml'), listPodsRule);
    writeFileSync(folder.file('both.yml'), `${testing(listPodsRule)}---\n${testing(getRule)}`);
    const bob = { user: { username: 'bob@example.com' } };
    const events = [
      auditEvent(at(9)),
      auditEvent(at(9)),
      auditEvent({ ...at(11), ...bob }),
      auditEvent({ ...at(11), verb: 'get' }),
    ];
    writeFileSync(folder.file('audit.log'), `${events.join('\n')}\n{"torn":\n`);
    writeFileSync(folder.file('audit.log.gz'), gzipSync(`${events.join('\n')}\n`));
    writeFileSync(
      folder.file('exceptions.yml'),
      'exceptions: [{ rule: Pods listed, where: { user.username: bob@example.com }, owner: o, reason: r, expires: 2099-01-01 }]\n',
    );
    await folder.run(['run', '--once', '--rules', 'list.yml', 'audit.log', '-o', 'none']);
  });
  after(() => folder.remove());

  const backtest = async (...args: readonly string[]): Promise<readonly Line[]> => {
    const { code, stdout } = await folder.run(['rules', 'backtest', ...args, '-o', 'json']);
    expect(code).to.equal(0);
    expect(stdout).not.to.match(/alice|bob|203\.0\.113\.7/);
    return linesOf(stdout).map((line) => JSON.parse(line) as Line);
  };

  it('counts findings by rule, hour and principal, raw and rolled up, and what rules cost', async () => {
    const [summary, stub, listed, ...others] = await backtest('audit.log', '--rules', 'both.yml');
    expect(stub?.rule.name).to.match(/stub/);
    expect(summary).to.deep.include({ type: 'summary', events: 5, stubs: 1, findings: 5 });
    expect(listed?.rule.name).to.equal('Pods listed');
    expect(listed).to.deep.include({ findings: 3, rolledUp: 2, pairs: 2, byHour: { '2026-05-04T09': 2, '2026-05-04T11': 1 } });
    expect(listed?.topPrincipals[0]?.principal).to.match(/^\[MASKED:user:/);
    expect(listed?.cost.events).to.be.greaterThan(0);
    const shares = [listed, ...others].map((line) => line?.cost?.shareOfTests ?? 0);
    expect(shares.reduce((sum, share) => sum + share, 0)).to.be.closeTo(1, 0.001);
  });

  it('says with --all what rules are for that found nothing', async () => {
    writeFileSync(
      folder.file('tagged.yml'),
      getRule.replace('level: medium', 'tags: [attack.discovery, attack.t1552.007]\nlevel: medium'),
    );
    const { stdout } = await folder.run(
      ['rules', 'backtest', '--rules', 'tagged.yml', '--all', '-o', 'json'],
      `${auditEvent()}\n`,
    );
    const nothing = JSON.parse(linesOf(stdout)[1] ?? '') as Line;
    expect(nothing).to.deep.include({ findings: 0, tactics: ['discovery'], techniques: ['T1552.007'] });
  });

  it('reads gzip and standard input, and leaves out what exceptions hide', async () => {
    const [, listed] = await backtest('audit.log.gz', '--rules', 'list.yml', '--exceptions', 'exceptions.yml');
    expect(listed).to.deep.include({ findings: 2, hiddenByExceptions: 1 });
    const { stdout } = await folder.run(['rules', 'backtest', '--rules', 'list.yml', '-o', 'json'], `${auditEvent()}\n`);
    expect(JSON.parse(linesOf(stdout)[0] ?? '')).to.include({ events: 1, findings: 1 });
  });

  it('reads the log of an agent: kept matches count, rules that are newer are asked of masked events and marked', async () => {
    const lines = await backtest('auditveil-data', '--rules', 'both.yml');
    const of = (name: string) => lines.find(({ type, rule }) => type === 'rule' && rule.name === name);
    expect(lines[0]).to.deep.include({ events: 5, stubs: 1 });
    expect(lines[0]).not.to.have.property('testsPerEvent');
    expect(of('Pods listed')).not.to.have.property('cost');
    expect(of('Pods listed')).to.deep.include({ findings: 3, rolledUp: 2, askedOfMasked: false });
    expect(of('Pods read')).to.deep.include({ findings: 1, askedOfMasked: true });
    expect((await folder.run(['rules', 'backtest', 'auditveil-data', '--rules', 'both.yml'])).stdout).to.match(
      /Pods read \*\n[\s\S]*\* was not in force/,
    );
  });

  it('takes the events log itself, and does not call a folder without one a log in which nothing was found', async () => {
    const [summary] = await backtest('auditveil-data/events', '--rules', 'list.yml');
    expect(summary).to.deep.include({ events: 5, findings: 4 });
    const { code, stdout, stderr } = await folder.run(['rules', 'backtest', '.', '--rules', 'list.yml']);
    expect([code, stdout]).to.deep.equal([1, '']);
    expect(stderr).to.contain('E_LOG_MISSING');
  });

  it('shows people totals, a row for each rule and who is in it', async () => {
    const { stdout } = await folder.run(['rules', 'backtest', 'audit.log', '--rules', 'both.yml', '--all']);
    expect(stdout)
      .to.match(/^5 events, 2026-05-04 09:30 to 2026-05-04 11:30 UTC; 2 rules\.$/m)
      .and.to.match(/MED {3}3 +2 +2 +2 +\d+\.\d% .*Pods listed/)
      .and.to.match(/2 +\[MASKED:user:\w+:\w+\] +Pods listed/);
    expect(stdout).not.to.match(/alice|bob/);
    expect((await folder.run(['rules', 'backtest', 'no-such-file'])).code).not.to.equal(0);
    expect((await folder.run(['rules', 'backtest', 'audit.log', '--top', 'x'])).code).to.equal(2);
  });
});
