import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { auditEvent, CliFolder, linesOf, mainFile } from '../run-cli.ts';

describe('cli/commands/mask', () => {
  let folder: CliFolder;
  before(() => {
    folder = new CliFolder();
  });
  after(() => folder.remove());
  const parse = (line: string | undefined) => JSON.parse(line ?? 'null') as Record<string, unknown>;

  it('writes one line for each line that is not blank, in order, with secrets and names masked', async () => {
    const secret = auditEvent({
      auditID: 'b',
      requestObject: { kind: 'Secret', apiVersion: 'v1', stringData: { key: 'plantedSecret1' } },
    });
    const { code, stdout } = await folder.run(['mask'], `${auditEvent({ auditID: 'a' })}\r\n\n${secret}\n`);
    expect(code).to.equal(0);
    expect(linesOf(stdout).map((line) => parse(line)['auditID'])).to.deep.equal(['a', 'b']);
    expect(stdout).not.to.include('plantedSecret1').and.not.to.include('alice@example.com').and.not.to.include('203.0.113.7');
  });

  it('makes its key once, for this user only, and says so once', async () => {
    const own = new CliFolder();
    const first = await own.run(['mask', '-'], `${auditEvent({ auditID: 'x' })}\n`);
    const second = await own.run(['mask', '-'], `${auditEvent({ auditID: 'x' })}\n`);
    expect(first.stderr).to.match(/made a key .*keys\.json/);
    expect(second.stderr).to.equal('');
    expect(second.stdout).to.equal(first.stdout);
    expect(statSync(own.file('state/auditveil/keys.json')).mode & 0o777).to.equal(0o600);
    own.remove();
  });

  it('keeps a list in its line and masks inside it', async () => {
    const item = auditEvent();
    const list = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${item},${item}]}`;
    const { stdout } = await folder.run(['mask'], `${list}\n`);
    const [line, ...rest] = linesOf(stdout);
    expect(rest).to.deep.equal([]);
    expect(line).to.match(/^\{"kind":"EventList".*"items":\[\{.*\},\{.*\}\]\}$/);
    expect(stdout).not.to.include('alice@example.com');
  });

  it('gives a document over several lines back as that document', async () => {
    const text = JSON.stringify({ items: [JSON.parse(auditEvent()) as unknown], kind: 'EventList' }, undefined, 2);
    const { stdout } = await folder.run(['mask'], `\uFEFF${text}\n`);
    const lines = stdout.trimEnd().split('\n');
    const wanted = text.split('\n');
    expect(lines).to.have.length(wanted.length);
    const changed = lines.filter((line, i) => line !== wanted[i]);
    expect(
      changed.every((line) => /username|MASKED|\d+\.\d+\.\d+\.\d+/.test(line)),
      changed.join(),
    ).to.equal(true);
    expect(stdout).not.to.include('alice@example.com');
  });

  it('turns what it cannot mask into a stub without content, counts it and exits with 0', async () => {
    const { code, stdout, stderr } = await folder.run(
      ['mask'],
      `${auditEvent()}\n{"auditID":"x","secret":"plantedSecret2"\nplantedSecret3\n{"a":"\xff`,
    );
    expect(code).to.equal(0);
    const stubs = linesOf(stdout).slice(1).map(parse);
    expect(stubs.map((stub) => stub['stub'])).to.deep.equal([true, true, true]);
    expect(stubs.every((stub) => typeof stub['reason'] === 'string')).to.equal(true);
    expect(stdout).not.to.match(/plantedSecret/);
    expect(stderr).to.match(/3 of 4 events could not be masked safely/);
  });

  it('reads several files, gzip among them, and standard input in between', async () => {
    writeFileSync(folder.file('a.log'), `${auditEvent({ auditID: '1' })}\n`);
    writeFileSync(folder.file('c.log.gz'), gzipSync(`${auditEvent({ auditID: '3' })}\n`));
    const { stdout } = await folder.run(['mask', 'a.log', '-', 'c.log.gz'], auditEvent({ auditID: '2' }));
    expect(linesOf(stdout).map((line) => parse(line)['auditID'])).to.deep.equal(['1', '2', '3']);
  });

  it('masks less or more as the policy says', async () => {
    const event = auditEvent({ requestObject: { kind: 'ConfigMap', data: { note: 'some text of mine' } } });
    const outputs = await Promise.all(
      ['secrets-only', 'standard', 'strict'].map(
        async (policy) => (await folder.run(['mask', '--policy', policy], event)).stdout,
      ),
    );
    expect(outputs.map((text) => [text.includes('alice@example.com'), text.includes('some text of mine')])).to.deep.equal([
      [true, true],
      [false, true],
      [false, false],
    ]);
  });

  it('refuses an unknown policy or kind with exit code 2, and a missing file with 1', async () => {
    const policy = await folder.run(['mask', '--policy', 'strictt']);
    expect([policy.code, policy.stdout]).to.deep.equal([2, '']);
    expect(policy.stderr).to.match(/strict/);
    const kind = await folder.run(['mask', '--enable', 'emial'], auditEvent());
    expect(kind.code).to.equal(2);
    expect(kind.stderr).to.match(/Did you mean `email`/);
    const file = await folder.run(['mask', 'missing.log']);
    expect(file.code).to.equal(1);
    expect(file.stderr).to.match(/missing\.log: there is no such file/);
  });

  it('ends quietly when nobody reads its output any more', async () => {
    writeFileSync(folder.file('long.log'), `${auditEvent()}\n`.repeat(20_000));
    const child = spawn(process.execPath, [mainFile, 'mask', 'long.log'], { cwd: folder.path, env: folder.env() });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => {
      child.on('close', resolve);
    });
    expect([code, stderr]).to.deep.equal([0, '']);
  });

  it('gives a line before its input ends', async () => {
    const child = spawn(process.execPath, [mainFile, 'mask'], { cwd: folder.path, env: folder.env() });
    child.stdin.write(`${auditEvent({ auditID: 'early' })}\n{"kind"`);
    const first = await new Promise<string>((resolve) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    });
    expect(first).to.match(/"auditID":"early".*\n$/);
    child.stdin.end(':"Event"}\n');
    expect(
      await new Promise((resolve) => {
        child.on('close', resolve);
      }),
    ).to.equal(0);
  });

  it('ends at once when it is told to stop, also while it waits for input', async () => {
    const child = spawn(process.execPath, [mainFile, 'mask'], { cwd: folder.path, env: folder.env() });
    child.stdin.write(`${auditEvent()}\n`);
    await new Promise((resolve) => {
      child.stdout.once('data', resolve);
    });
    child.kill('SIGTERM');
    expect(
      await new Promise((resolve) => {
        child.on('close', resolve);
      }),
    ).to.equal(143);
  });

  it('masks the real audit log line by line without a stub', async function () {
    const file = '../shared/data/audit-logs/kube-apiserver-1.20.2-local/audit.log';
    let input: Buffer;
    try {
      input = readFileSync(file);
    } catch {
      if (process.env['CI'] === 'true') throw new Error(`${file} is missing`);
      return this.skip();
    }
    const { code, stdout, stderr } = await folder.run(['mask', '-'], input);
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(linesOf(stdout)).to.have.length(linesOf(input.toString()).length);
  });

  it('writes the same with workers, and as soon as there is something to write', async () => {
    const input = Array.from({ length: 3_000 }, (_, i) => auditEvent({ auditID: `a-${i}`, sourceIPs: [`203.0.113.${i % 250}`] }));
    const one = await folder.run(['mask'], `${input.join('\n')}\n`);
    const two = await folder.run(['mask', '--workers', '2'], `${input.join('\n')}\n`);
    expect([two.code, two.stderr, two.stdout === one.stdout]).to.deep.equal([0, '', true]);
    const child = spawn(process.execPath, [mainFile, 'mask', '--workers', '2'], { cwd: folder.path, env: folder.env() });
    child.stdin.write(`${auditEvent({ auditID: 'early' })}\n`);
    const [first] = (await once(child.stdout, 'data')) as [Buffer];
    expect(first.toString()).to.include('"early"');
    child.stdin.end();
    await once(child, 'close');
    expect((await folder.run(['mask', '--workers', '0'], '')).code).to.equal(2);
  }).timeout(60_000);
});
