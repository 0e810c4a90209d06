import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditEvent, CliFolder, linesOf, listPodsRule } from '../cli/run-cli.ts';

/** Texts that have broken programs: terminals, parsers, paths, spreadsheets, templates, shells. */
const own: readonly string[] = [
  '',
  'undefined',
  '\u0000\u0001\u0007\b\t\n\u000b\f\r\u001b\u007f\u0085\u009b',
  '\u001b[2J\u001b]0;title\u0007\u001b]8;;http://example.com\u001b\\link\u001b]8;;\u001b\\',
  '\u202e\u2066\u2069\u200f\u2028\u2029\ufeff\ufff9',
  'A\u0300\u0301\u0302\u0303\u0304\u0305'.repeat(20),
  '\u{1f469}\u200d\u{1f469}\u200d\u{1f467}\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}',
  '\ud800',
  'x\udfff\ud800y',
  '"\'`\\\\"}]},{"auditID":"forged"}',
  '\n{"kind":"Event","auditID":"forged"}\n',
  "=cmd|'/c calc'!A0",
  '@SUM(1+1)',
  '-2+3',
  '../../../../x',
  '..\\..\\x',
  '/etc/passwd\u0000.log',
  'con.json',
  `${'long-'.repeat(2_000)}`,
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '#{7*7} {{7*7}} $(touch x) `touch x` ; touch x',
  '%s%n%d %00 %2e%2e%2f',
  '[MASKED:email] [MASKED:password:k1:0123456789abcdef]',
  '__proto__',
];
/** A public list of such texts, where the shared test data is there. */
const shared = '../shared/data/json-torture/blns/blns.json';
const strings = [...own, ...(existsSync(shared) ? (JSON.parse(readFileSync(shared, 'utf8')) as string[]) : [])];

/** One event with the text in every place that holds one. */
function eventWith(text: string): string {
  return auditEvent({
    requestURI: `/api/v1/namespaces/default/pods?labelSelector=${text}`,
    user: { username: text, uid: text, groups: [text], extra: { [text]: [text] } },
    userAgent: text,
    objectRef: { resource: 'pods', namespace: text, name: text, apiVersion: 'v1', subresource: text },
    responseStatus: { metadata: {}, code: 200, message: text, reason: text },
    requestObject: { [text]: text, list: [text, { data: { [text]: text } }] },
    annotations: { [text]: text },
  });
}

const fieldsOf = (line: string): string => JSON.stringify(JSON.parse(line));
/** What a terminal acts on, but for the line end. */
const acts = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const formats = ['native', 'ocsf', 'ecs', 'falco'] as const;

describe('faults/awkward-strings', function () {
  this.timeout(240_000);
  const folder = new CliFolder();
  const input = `${strings.map(eventWith).join('\n')}\n`;
  before(() => {
    writeFileSync(folder.file('in.log'), input);
    writeFileSync(folder.file('rules.yml'), listPodsRule);
  });
  after(() => folder.remove());

  it('masks every event to one line of valid JSON', async () => {
    const { code, stdout, stderr } = await folder.run(['mask', 'in.log']);
    expect(code, stderr).to.equal(0);
    expect(linesOf(stdout)).to.have.length(strings.length);
    for (const line of linesOf(stdout)) expect(fieldsOf(line)).to.not.equal('');
  });

  for (const format of formats) {
    it(`writes findings as ${format}: one line of valid JSON each`, async () => {
      const { stdout, stderr } = await folder.run(['detect', '--rules', 'rules.yml', '-o', format, 'in.log']);
      expect(linesOf(stdout).length, stderr).to.be.at.least(strings.length);
      for (const line of linesOf(stdout)) expect(fieldsOf(line)).to.not.equal('');
    });
  }

  it('shows people nothing that a terminal would act on', async () => {
    const args = ['run', '--once', 'in.log', '--rules', 'rules.yml', '--data-dir', 'shown', '-o', 'pretty'];
    const { stdout, stderr } = await folder.run(args);
    expect(linesOf(stdout).length, stderr).to.be.greaterThan(strings.length);
    for (const line of linesOf(stdout)) expect(acts.test(line), JSON.stringify(line)).to.equal(false);
  });

  it('keeps and forwards them whole, in files that nobody but the configuration names', async () => {
    const sink = (content: string) =>
      `{ type: file, name: ${content}, path: ${content}.jsonl, content: ${content}, whenBehind: hold }`;
    writeFileSync(
      folder.file('agent.yml'),
      `version: 1\ncluster: { name: lab }\nmasking: { keyFile: keys.json }\nsources: [{ type: file, name: a, path: in.log, follow: false }]\nsinks: [${sink('events')}, ${sink('findings')}]\nlog: { directory: data }\n`,
    );
    await folder.run(['keys', 'init', '--key', 'keys.json']);
    const before = new Set(readdirSync(folder.path));
    const { code, stderr } = await folder.run(['run', '--config', 'agent.yml', '-o', 'none']);
    expect(code, stderr).to.equal(0);
    expect(
      readdirSync(folder.path)
        .filter((name) => !before.has(name))
        .sort(),
    ).to.deep.equal(['data', 'events.jsonl', 'findings.jsonl']);
    for (const name of ['events', 'findings']) {
      const lines = linesOf(readFileSync(folder.file(`${name}.jsonl`), 'utf8'));
      expect(lines.length, name).to.be.at.least(name === 'events' ? strings.length : 1);
      for (const line of lines) expect(fieldsOf(line)).to.not.equal('');
    }
    const kept = readdirSync(folder.file('data'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(folder.file(`data/${name}`)).isFile(),
    );
    expect(kept.filter((name) => !/^[\w./-]{1,60}$/.test(name) || name.includes('..'))).to.deep.equal([]);
    for (const args of [
      ['tail', '--data-dir', 'data', '--no-follow'],
      ['tail', '--data-dir', 'data', '--no-follow', '--events'],
    ]) {
      const shown = await folder.run(args);
      expect(linesOf(shown.stdout).length, shown.stderr).to.be.greaterThan(0);
      for (const line of linesOf(shown.stdout)) expect(acts.test(line), JSON.stringify(line)).to.equal(false);
    }
  });
});
