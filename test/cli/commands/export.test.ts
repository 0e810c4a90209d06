import { cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditEvent, CliFolder, linesOf, listPodsRule } from '../run-cli.ts';

describe('cli/commands/export', () => {
  let folder: CliFolder;
  let text: (file: string) => string;
  before(async () => {
    folder = new CliFolder();
    text = (file) => readFileSync(folder.file(file), 'utf8');
    writeFileSync(folder.file('rules.yml'), listPodsRule);
    const secret = { kind: 'Secret', data: { password: 'cGxhbnRlZC1zZWNyZXQtNDI=' } };
    const events = Array.from({ length: 250 }, (_, i) =>
      auditEvent({ auditID: `id-${i}`, userAgent: i === 7 ? '=cmd|calc' : 'kubectl', requestObject: secret }),
    );
    writeFileSync(folder.file('audit.log'), `${events.join('\n')}\n{"torn":\n`);
    await folder.run(['run', '--once', '--rules', 'rules.yml', 'audit.log', '-o', 'none']);
    const { code, stdout, stderr } = await folder.run(['export', '--framework', 'pci', '--out', 'out']);
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/^out: 251 events, \d+ findings, \d+ notes/);
  });
  after(() => folder.remove());

  const verify = (directory: string) => folder.run(['verify', directory, '--pubkey', 'auditveil-data/signing.pub.pem']);

  it('writes what was asked for, masked, readable by its owner only', () => {
    expect(linesOf(text('out/events.jsonl'))).to.have.length(251);
    const stored = linesOf(text('out/events.csv'));
    expect(stored[0]).to.match(/^event_time,received_at,cluster,/);
    expect(stored).to.have.length(252);
    expect(text('out/events.csv')).to.include("'=cmd|calc");
    expect(linesOf(text('out/findings.csv')).length).to.equal(linesOf(text('out/findings.jsonl')).length + 1);
    for (const file of ['events.jsonl', 'events.csv', 'findings.jsonl', 'report.html', 'manifest.json']) {
      expect(text(`out/${file}`)).not.to.match(/planted-secret|cGxhbnRlZC1z/);
      expect(statSync(folder.file(`out/${file}`)).mode & 0o077).to.equal(0);
    }
  });

  it('takes data folder and key from the configuration, and says when nothing fell into the time', async () => {
    writeFileSync(
      folder.file('config.yaml'),
      'version: 1\ncluster: { name: c }\nsources: [{ type: stdin }]\nlog: { directory: auditveil-data }\n',
    );
    const ask = ['export', '--config', 'config.yaml', '--until', '2020-01-01T00:00:00Z', '--out', 'none'];
    const { code, stdout, stderr } = await folder.run(ask);
    expect([code, stdout.slice(0, 14)], stderr).to.deep.equal([0, 'none: 0 events']);
    expect(stderr).to.include('nothing that was received in that time');
    const wrong = await folder.run(['export', '--data-dir', 'nowhere', '--out', 'never']);
    expect([wrong.code, existsSync(folder.file('never'))]).to.deep.equal([1, false]);
  });

  it('signs a manifest whose counts add up', () => {
    const { counts, rules, policies, files, chains } = JSON.parse(text('out/manifest.json')) as Record<
      string,
      Record<string, number>
    >;
    expect(counts).to.include({ eventsExported: 251, stubs: 1 });
    expect(counts?.['recordsRead']).to.equal(251 + (counts?.['findingsExported'] ?? 0) + (counts?.['notesExported'] ?? 0));
    expect(rules).to.have.length.greaterThan(0);
    expect(policies).to.have.length(1);
    const names = (files as unknown as readonly { name: string }[]).map(({ name }) => name);
    expect(names).to.include.members(['events.csv', 'reviews.jsonl', 'access.csv', 'columns.json', 'report.html']);
    expect(chains).to.have.keys('events', 'findings');
  });

  it('is verified, also with a key of the wrong one', async () => {
    const { code, stdout } = await verify('out');
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/^export: as it was signed/)
      .and.to.match(/251 events/);
    await folder.run(['run', '--once', '--rules', 'rules.yml', 'audit.log', '-o', 'none', '--data-dir', 'other']);
    expect((await folder.run(['verify', 'out', '--pubkey', 'other/signing.pub.pem'])).code).to.equal(4);
  });

  it('notes in the findings log that somebody exported', async () => {
    await folder.run(['run', '--once', '--rules', 'rules.yml', 'audit.log', '-o', 'none']);
    await folder.run(['export', '--out', 'second']);
    expect(text('second/notes.jsonl')).to.match(/"note":"exported"/);
  });

  it('takes only what was received in the time asked for, and no folder that exists', async () => {
    const later = await folder.run(['export', '--since', '2099-01-01T00:00:00Z', '--out', 'later']);
    expect(later.stdout).to.match(/^later: 0 events, 0 findings/);
    expect((await verify('later')).code).to.equal(0);
    expect((await folder.run(['export', '--out', 'out'])).stderr).to.match(/E_EXPORT_OUT/);
    expect((await folder.run(['export', '--since', '1h', '--until', '2h', '--out', 'x'])).code).to.equal(2);
  });

  const lines = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n');
  const put = (file: string, kept: readonly string[]): void => writeFileSync(file, `${kept.join('\n')}\n`);
  const tamperings: readonly [what: string, place: RegExp, tamper: (directory: string) => void][] = [
    [
      'a changed byte',
      /events\.jsonl, lines 101 to 200/,
      (d) =>
        put(
          `${d}/events.jsonl`,
          lines(`${d}/events.jsonl`).map((l, i) => (i === 150 ? l.replace('kubectl', 'kubectk') : l)),
        ),
    ],
    [
      'a dropped line',
      /events\.jsonl, lines 1 to 100/,
      (d) =>
        put(
          `${d}/events.jsonl`,
          lines(`${d}/events.jsonl`).filter((_, i) => i !== 5),
        ),
    ],
    [
      'swapped lines',
      /events\.csv, lines 1 to 100/,
      (d) =>
        put(
          `${d}/events.csv`,
          lines(`${d}/events.csv`).map((l, i, all) => (i === 3 ? (all[4] ?? '') : i === 4 ? (all[3] ?? '') : l)),
        ),
    ],
    [
      'lines that were added',
      /findings\.jsonl, lines \d+ to \d+/,
      (d) => put(`${d}/findings.jsonl`, [...lines(`${d}/findings.jsonl`), '{}']),
    ],
    ['a missing file', /findings\.csv: it is missing/, (d) => rmSync(`${d}/findings.csv`)],
    [
      'a forged manifest',
      /manifest\.json: none of the keys/,
      (d) =>
        writeFileSync(
          `${d}/manifest.json`,
          readFileSync(`${d}/manifest.json`, 'utf8').replace('"eventsExported":251', '"eventsExported":250'),
        ),
    ],
    ['a missing manifest', /manifest\.json: it is missing/, (d) => rmSync(`${d}/manifest.json`)],
    ['a missing signature', /manifest\.sig: it is missing/, (d) => rmSync(`${d}/manifest.sig`)],
    [
      'a changed report',
      /report\.html/,
      (d) => writeFileSync(`${d}/report.html`, readFileSync(`${d}/report.html`, 'utf8').replace('251', '250')),
    ],
  ];
  for (const [index, [what, place, tamper]] of tamperings.entries()) {
    it(`names the place of ${what}`, async () => {
      const copy = `copy${index}`;
      cpSync(folder.file('out'), folder.file(copy), { recursive: true });
      tamper(folder.file(copy));
      const { code, stdout } = await verify(copy);
      expect(code).to.equal(4);
      expect(stdout).to.match(new RegExp(`✗ .*${place.source}`));
    });
  }
});
