import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import type { Finding } from '../../src/core/finding.ts';
import { openLogReader } from '../../src/log/open-log-reader.ts';
import { auditEvent, CliFolder, linesOf, mainFile } from '../cli/run-cli.ts';

const base = (name: string, id: number, selection: string): string => `title: ${name}
name: ${name}
id: 7d0f6a3e-0b1c-4c55-9a53-0a1f7a3c9b0${id}
logsource: { product: kubernetes, service: audit }
detection: { sel: { ${selection} }, condition: sel }
`;
const correlation = (name: string, id: number, section: string): string => `title: ${name}
name: ${name}
id: 7d0f6a3e-0b1c-4c55-9a53-0a1f7a3c9b1${id}
correlation: { group-by: [user.username], ${section} }
level: medium
`;
const rules = [
  base('listed', 1, 'verb: list'),
  base('deleted', 2, 'verb: delete'),
  correlation('burst', 1, 'type: event_count, rules: [listed], timespan: 5m, condition: { gte: 5 }'),
  correlation('spray', 2, 'type: value_count, rules: [listed], timespan: 5m, condition: { field: sourceIPs, gte: 3 }'),
  correlation('chain', 3, 'type: temporal_ordered, rules: [burst, deleted], timespan: 1h, generate: true'),
  correlation('news', 4, 'type: x-first-seen, rules: [listed], timespan: 30d, condition: { field: sourceIPs, learn: 10m }'),
  correlation('silence', 5, 'type: x-absence, rules: [listed, deleted], timespan: 20m'),
].join('---\n');

/** Two hours of three users; what they do depends on nothing but the number. */
const lines = Array.from({ length: 240 }, (_, i) => {
  const at = new Date(Date.UTC(2026, 4, 4, 9) + i * 30_000).toISOString().replace('Z', '000Z');
  return auditEvent({
    auditID: `kill-${i}`,
    verb: i % 17 === 16 ? 'delete' : 'list',
    user: { username: `user-${(i * 7) % 11 < 6 ? 'a' : i % 3}`, groups: [] },
    sourceIPs: [`198.51.100.${(i * i) % 40}`],
    requestReceivedTimestamp: at,
    stageTimestamp: at,
  });
});

describe('faults/correlation-kill', function () {
  this.timeout(120_000);
  let folder: CliFolder;
  let expected: readonly string[];
  before(async () => {
    folder = new CliFolder();
    writeFileSync(folder.file('rules.yml'), rules);
    writeFileSync(folder.file('whole.log'), `${lines.join('\n')}\n`);
    expect((await runOnce('whole.log', 'whole')).code).to.equal(0);
    expected = await episodes('whole');
  });
  after(() => folder.remove());

  /** The last word on every episode, by its id. */
  const episodes = async (data: string): Promise<readonly string[]> => {
    const { stdout } = await folder.run(['tail', '--data-dir', data, '-o', 'json', '--no-follow']);
    const last = new Map<string, Finding>();
    for (const line of linesOf(stdout)) {
      const finding = JSON.parse(line) as Finding;
      const before = last.get(finding.id);
      if (finding.episode && (!before || before.revision < finding.revision)) last.set(finding.id, finding);
    }
    return [...last.values()]
      .map(({ id, rule, episode }) => `${rule.name} ${id} ${episode?.count} ${episode?.first} ${episode?.last}`)
      .sort();
  };

  const eventsIn = async (data: string): Promise<number> => {
    let count = 0;
    const reader = await openLogReader({ directory: folder.file(`${data}/events`) }).catch(() => undefined);
    for await (const batch of reader?.read(new AbortController().signal, { follow: false }) ?? []) count += batch.records.length;
    await reader?.close();
    return count;
  };

  /** Runs until this many events are in the log, and a while longer, then kills. */
  const runAndKill = async (file: string, data: string, events: number, longerMs: number): Promise<void> => {
    const args = [mainFile, 'run', file, '--data-dir', data, '--rules', 'rules.yml', '-o', 'none'];
    const child = spawn(process.execPath, args, { cwd: folder.path, env: folder.env(), stdio: 'ignore' });
    const ended = once(child, 'close');
    for (let i = 0; i < 300 && (await eventsIn(data)) < events; i++) await wait(50);
    await wait(longerMs);
    child.kill('SIGKILL');
    await ended;
  };

  const runOnce = (file: string, data: string) =>
    folder.run(['run', '--once', file, '--data-dir', data, '--rules', 'rules.yml', '-o', 'none']);

  /** Every revision that was written, each once: what people were told. */
  const told = async (data: string): Promise<readonly string[]> => {
    const { stdout } = await folder.run(['tail', '--data-dir', data, '-o', 'json', '--no-follow']);
    return linesOf(stdout).map((line) => {
      const { id, revision } = JSON.parse(line) as Finding;
      return `${id} ${revision}`;
    });
  };

  it('ends with the same episodes after kills in the middle of windows as without any', async () => {
    for (const name of ['burst', 'spray', 'chain', 'news', 'silence'])
      expect(
        expected.filter((line) => line.startsWith(name)),
        name,
      ).not.to.have.length(0);

    writeFileSync(folder.file('cut.log'), '');
    const cuts = [37, 81, 130, 190];
    for (const [i, cut] of cuts.entries()) {
      appendFileSync(folder.file('cut.log'), `${lines.slice(cuts[i - 1] ?? 0, cut).join('\n')}\n`);
      await runAndKill('cut.log', 'cut', cut, [20, 700, 150, 1500][i] ?? 0);
    }
    appendFileSync(folder.file('cut.log'), `${lines.slice(190).join('\n')}\n`);
    expect((await runOnce('cut.log', 'cut')).code).to.equal(0);
    expect(await episodes('cut')).to.deep.equal(expected);
  });

  it('and where the saved state is lost or garbled as well: the windows are rebuilt from the log, and nothing is told twice', async () => {
    writeFileSync(folder.file('lost.log'), '');
    const cuts = [50, 120, 200];
    const lose = [
      (file: string) => rmSync(file, { force: true }),
      (file: string) => writeFileSync(file, '{"position":{"segment":1'),
      (file: string) => writeFileSync(file, '{"snapshot":{"version":1}}'),
    ];
    for (const [i, cut] of cuts.entries()) {
      appendFileSync(folder.file('lost.log'), `${lines.slice(cuts[i - 1] ?? 0, cut).join('\n')}\n`);
      // Long enough for the position to be written: what was read before it is not told again by reading it again.
      await runAndKill('lost.log', 'lost', cut, 6500);
      lose[i]?.(folder.file('lost/correlation.json'));
    }
    appendFileSync(folder.file('lost.log'), `${lines.slice(200).join('\n')}\n`);
    const { code, stderr } = await runOnce('lost.log', 'lost');
    expect(code).to.equal(0);
    expect(stderr).to.match(/windows of correlations were lost and rebuilt from \d+ records/);
    expect(await episodes('lost')).to.deep.equal(expected);
    const revisions = await told('lost');
    expect(new Set(revisions).size).to.equal(revisions.length);
  });

  it('an input that has ended leaves empty windows, not lost ones', async () => {
    appendFileSync(folder.file('whole.log'), `${auditEvent({ auditID: 'later' })}\n`);
    const { code, stderr } = await runOnce('whole.log', 'whole');
    expect(code).to.equal(0);
    expect(stderr).not.to.include('rebuilt');
    expect(await episodes('whole')).to.deep.equal(expected);
  });
});
