import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { patternEngine } from '../../../src/scan/pattern.ts';
import { until as waitUntil } from '../../support/until.ts';
import { auditEvent, CliFolder, linesOf, listPodsRule, mainFile } from '../run-cli.ts';

const events = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `${auditEvent({ auditID: `n-${from + i}` })}\n`).join('');

describe('cli/commands/run', () => {
  let folder: CliFolder;
  beforeEach(() => {
    folder = new CliFolder();
    writeFileSync(folder.file('list.yml'), listPodsRule);
  });
  afterEach(() => folder.remove());

  const ids = async (): Promise<string[]> => {
    const { stdout } = await folder.run(['tail', '--events', '-o', 'json', '--no-follow']);
    return linesOf(stdout).map((line) => (JSON.parse(line) as { auditID: string }).auditID);
  };
  const range = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `n-${from + i}`);

  it('reads files to their end, keeps masked records and shows findings', async () => {
    writeFileSync(folder.file('audit.log'), events(0, 20));
    const { code, stdout, stderr } = await folder.run(['run', '--once', '--rules', 'list.yml', 'audit.log']);
    expect(code).to.equal(0);
    expect(stderr).to.match(/done: 20 events read, 20 records appended, 0 repeats, 0 stubs, \d+ values masked, 20 findings/);
    expect(stdout).to.match(/MED {2}Pods listed/);
    expect(await ids()).to.deep.equal(range(0, 20));
    expect(stdout).not.to.include('alice@example.com');
  });

  it('says when expressions run on the slower engine', async () => {
    writeFileSync(folder.file('audit.log'), events(0, 1));
    const run = ['run', '--once', 'audit.log', '-o', 'none'];
    const slower = await folder.run(run, '', { AUDITVEIL_REGEX: 'js' });
    expect(slower.stderr).to.include('expressions run on the slower engine').and.to.include('npm rebuild re2');
    if (patternEngine === 're2') expect((await folder.run(run)).stderr).not.to.include('slower engine');
  });

  it('goes on where it stopped, and knows repeats by their content', async () => {
    writeFileSync(folder.file('audit.log'), events(0, 5));
    await folder.run(['run', '--once', 'audit.log', '-o', 'none']);
    appendFileSync(folder.file('audit.log'), events(5, 8));
    const again = await folder.run(['run', '--once', 'audit.log', '-o', 'none']);
    expect(again.stderr).to.match(/done: 3 events read, 3 records appended/);
    expect(await ids()).to.deep.equal(range(0, 8));
  });

  it('makes the torn last line of a finished file a stub, and the whole line an event once it is there', async () => {
    writeFileSync(folder.file('audit.log'), `${events(0, 2)}{"kind":"Event","auditID":"n-2"`);
    const torn = await folder.run(['run', '--once', 'audit.log', '-o', 'none']);
    expect(torn.stderr).to.match(/1 stubs \(torn 1\)/);
    appendFileSync(folder.file('audit.log'), '}\n');
    expect((await folder.run(['run', '--once', 'audit.log', '-o', 'none'])).stderr).to.match(
      /done: 1 events read, 1 records appended, 0 repeats, 0 stubs/,
    );
  });

  it('follows a growing file, stops on SIGTERM with nothing lost, and shows its metrics', async () => {
    writeFileSync(folder.file('audit.log'), events(0, 5));
    const child = spawn(
      process.execPath,
      [mainFile, 'run', 'audit.log', '--rules', 'list.yml', '-o', 'json', '--listen', '127.0.0.1:0'],
      { cwd: folder.path, env: folder.env() },
    );
    let stderr = '';
    let stdout = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    const until = (done: () => boolean): Promise<void> => waitUntil(() => stderr, done, 10_000, 25);
    await until(() => linesOf(stdout).length >= 5);
    appendFileSync(folder.file('audit.log'), events(5, 9));
    await until(() => linesOf(stdout).length >= 9);
    const address = /http:\/\/(\S+)\/metrics/.exec(stderr)?.[1] ?? '';
    expect(await fetchText(`http://${address}/metrics`)).to.match(/auditveil_events_received_total\{source="audit.log"\} 9/);
    expect(await fetchText(`http://${address}/readyz`)).to.equal('ok\n');
    const closed = new Promise((resolve) => {
      child.on('close', resolve);
    });
    child.kill('SIGTERM');
    expect(await closed).to.equal(0);
    expect(stderr).to.match(/stopped: 9 events read, 9 records appended/);
    expect(await ids()).to.deep.equal(range(0, 9));
  });

  it('loses nothing and repeats nothing when it is killed while it reads', async () => {
    writeFileSync(folder.file('audit.log'), '');
    let written = 0;
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, [mainFile, 'run', 'audit.log', '-o', 'none'], {
        cwd: folder.path,
        env: folder.env(),
      });
      const closed = new Promise((resolve) => {
        child.on('close', resolve);
      });
      for (let i = 0; i < 400 && !existsSync(folder.file('auditveil-data/events')); i++) await wait(10);
      for (let i = 0; i < 10; i++) {
        appendFileSync(folder.file('audit.log'), events(written, written + 40));
        written += 40;
        await wait(10 + 7 * round);
      }
      child.kill('SIGKILL');
      await closed;
    }
    const last = await folder.run(['run', '--once', 'audit.log', '-o', 'none']);
    expect(last.code, last.stderr).to.equal(0);
    expect(await ids()).to.deep.equal(range(0, written));
  }).timeout(60_000);

  it('reads standard input', async () => {
    const { stderr } = await folder.run(['run', '-', '-o', 'none'], events(0, 3));
    expect(stderr).to.match(/done: 3 events read, 3 records appended/);
  });

  it('feeds a file sink from a configuration with a key', async () => {
    writeFileSync(folder.file('audit.log'), events(0, 3));
    await folder.run(['keys', 'init', '--key', 'keys.json']);
    writeFileSync(
      folder.file('config.yaml'),
      `version: 1
cluster: { name: prod }
sources: [{ type: file, path: audit.log, follow: false }]
masking: { keyFile: keys.json }
detect: { builtIn: false, rules: [list.yml] }
log: { directory: data }
sinks:
  - { type: file, name: found, path: out/findings.jsonl }
  - { type: file, name: kept, path: out/events.jsonl, content: events }
`,
    );
    const { code, stderr } = await folder.run(['run', '--config', 'config.yaml', '-o', 'none']);
    expect(code, stderr).to.equal(0);
    const { readFileSync } = await import('node:fs');
    const found = linesOf(readFileSync(folder.file('out/findings.jsonl'), 'utf8')).map(
      (line) => JSON.parse(line) as { cluster: string },
    );
    expect(found.map((finding) => finding.cluster)).to.deep.equal(['prod', 'prod', 'prod']);
    expect(linesOf(readFileSync(folder.file('out/events.jsonl'), 'utf8'))).to.have.length(3);
  });

  it('refuses a configuration without a key, with exit code 3 and the remedy', async () => {
    writeFileSync(
      folder.file('config.yaml'),
      'version: 1\ncluster: { name: prod }\nsources: [{ type: file, path: audit.log }]\n',
    );
    const { code, stderr } = await folder.run(['run', '--config', 'config.yaml']);
    expect(code).to.equal(3);
    expect(stderr)
      .to.match(/E_KEY_MISSING/)
      .and.to.match(/auditveil keys init/);
  });

  it('refuses to run twice on one data folder', async () => {
    writeFileSync(folder.file('audit.log'), events(0, 1));
    const child = spawn(process.execPath, [mainFile, 'run', 'audit.log', '-o', 'none'], { cwd: folder.path, env: folder.env() });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    for (let i = 0; i < 400 && !stderr.includes('rules'); i++) await wait(25);
    const second = await folder.run(['run', '--once', 'audit.log', '-o', 'none']);
    expect(second.code).to.equal(1);
    expect(second.stderr).to.match(/E_LOG_LOCKED/);
    const closed = new Promise((resolve) => {
      child.on('close', resolve);
    });
    child.kill('SIGTERM');
    await closed;
  });
});

function fetchText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}
