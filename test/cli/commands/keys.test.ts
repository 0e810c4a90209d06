import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditEvent, CliFolder, linesOf } from '../run-cli.ts';

interface Listed {
  readonly id: string;
  readonly status: string;
  readonly fingerprint: string;
}
interface Row {
  readonly value: string;
  readonly epoch: string;
  readonly pseudonym: string;
}

describe('cli/commands/keys', () => {
  let folder: CliFolder;
  beforeEach(async () => {
    folder = new CliFolder();
    expect((await folder.run(['keys', 'init', '--key', 'k.json', '--group', 'prod'])).code).to.equal(0);
  });
  afterEach(() => folder.remove());
  const list = async (): Promise<Listed[]> =>
    linesOf((await folder.run(['keys', 'list', '--key', 'k.json', '--json'])).stdout).map((line) => JSON.parse(line) as Listed);
  const lookUp = async (...args: string[]): Promise<Row[]> =>
    linesOf((await folder.run(['pseudonym', 'bob', '--kind', 'user', '--key', 'k.json', '--json', ...args])).stdout).map(
      (line) => JSON.parse(line) as Row,
    );
  const notes = (): Record<string, unknown>[] =>
    readdirSync(folder.file('data/notes')).map(
      (name) => JSON.parse(readFileSync(folder.file(`data/notes/${name}`), 'utf8')) as Record<string, unknown>,
    );

  it('rotates: new pseudonyms at once, the old ones still found, each under its epoch', async () => {
    const event = auditEvent({ user: { username: 'bob' } });
    const before = await folder.run(['mask', '--key', 'k.json'], event);
    const { code, stdout } = await folder.run(['keys', 'rotate', '--key', 'k.json', '--overlap', '2d']);
    expect([code, /^epoch k2 from 2.*; k1 stays at least until 2/.test(stdout)]).to.deep.equal([0, true]);
    const after = await folder.run(['mask', '--key', 'k.json'], event);
    const rows = await lookUp();
    expect(rows.map((row) => row.epoch)).to.deep.equal(['k1', 'k2']);
    expect(before.stdout).to.include(rows[0]?.pseudonym).and.to.include(':k1:');
    expect(after.stdout).to.include(rows[1]?.pseudonym).and.to.include(':k2:');
    expect((await lookUp('--epoch', 'k1')).map((row) => row.pseudonym)).to.deep.equal([rows[0]?.pseudonym]);
    expect((await folder.run(['pseudonym', 'bob', '--key', 'k.json', '--epoch', 'k7'])).code).to.equal(2);
  });

  it('changes nothing that it cannot note', async () => {
    const wrong = ['--key', 'k.json', '--data-dir', 'dat'];
    for (const args of [['rotate'], ['hold', 'k1', 'case-9']]) {
      const refused = await folder.run(['keys', ...args, ...wrong]);
      expect([refused.code, refused.stderr.includes('there is no data folder dat')], refused.stderr).to.deep.equal([1, true]);
    }
    expect(await list()).to.have.length(1);
    expect(JSON.stringify(await list())).not.to.include('case-9');
  });

  it('rotates at a time to come, and refuses times that are past or make no sense', async () => {
    expect((await folder.run(['keys', 'rotate', '--key', 'k.json', '--at', '2h'])).code).to.equal(0);
    expect((await list()).map(({ id, status }) => `${id} ${status}`)).to.deep.equal(['k1 active', 'k2 pending']);
    const again = await folder.run(['keys', 'rotate', '--key', 'k.json']);
    expect([again.code, /E_KEY_PENDING/.test(again.stderr)]).to.deep.equal([3, true]);
    for (const at of ['2020-01-01T00:00:00Z', 'soon'])
      expect((await folder.run(['keys', 'rotate', '--at', at, '--key', 'k.json'])).code).to.equal(2);
  });

  it('destroys an epoch that nothing needs, with a certificate that can be checked, once and for all', async () => {
    const { key } = (JSON.parse(readFileSync(folder.file('k.json'), 'utf8')) as { keys: { key: string }[] }).keys[0] ?? {
      key: '-',
    };
    const inUse = await folder.run(['keys', 'destroy', 'k1', '--key', 'k.json']);
    expect([inUse.code, /E_KEY_IN_USE/.test(inUse.stderr)]).to.deep.equal([3, true]);
    await folder.run(['keys', 'rotate', '--key', 'k.json', '--overlap', '1s']);
    expect((await folder.run(['keys', 'hold', 'k1', 'case-17', '--key', 'k.json'])).code).to.equal(0);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const held = await folder.run(['keys', 'destroy', 'k1', '--key', 'k.json']);
    expect([held.code, /E_KEY_HELD/.test(held.stderr), /case-17/.test(held.stderr)]).to.deep.equal([3, true, true]);
    await folder.run(['keys', 'release', 'k1', 'case-17', '--key', 'k.json']);
    const done = await folder.run(['keys', 'destroy', 'k1', '--key', 'k.json']);
    expect([done.code, /can no longer be computed from a candidate value/.test(done.stdout)], done.stderr).to.deep.equal([
      0,
      true,
    ]);
    for (const name of readdirSync(folder.path))
      if (statSync(folder.file(name)).isFile()) expect(readFileSync(folder.file(name), 'utf8'), name).not.to.include(key);
    const verified = await folder.run(['keys', 'verify-certificate', 'k.json.destroyed-k1.json']);
    expect([verified.code, /valid: epoch k1 of group prod/.test(verified.stdout)]).to.deep.equal([0, true]);
    const certificate = readFileSync(folder.file('k.json.destroyed-k1.json'), 'utf8');
    writeFileSync(folder.file('forged.json'), certificate.replace('"epoch": "k1"', '"epoch": "k2"'));
    expect((await folder.run(['keys', 'verify-certificate', 'forged.json'])).code).to.equal(4);
    expect((await folder.run(['keys', 'verify-certificate', 'none.json'])).code).to.equal(3);
    expect((await folder.run(['pseudonym', 'bob', '--key', 'k.json', '--epoch', 'k1'])).stderr).to.include('E_KEY_DESTROYED');
    const again = await folder.run(['keys', 'destroy', 'k1', '--key', 'k.json']);
    expect([again.code, /was destroyed on/.test(again.stdout)]).to.deep.equal([0, true]);
    expect(readFileSync(folder.file('k.json.destroyed-k1.json'), 'utf8')).to.equal(certificate);
    expect((await list()).map(({ id, status }) => `${id} ${status}`)).to.deep.equal(['k1 destroyed', 'k2 active']);
  });

  it('refuses to destroy an epoch while a sink has records of it still to pass on', async () => {
    writeFileSync(folder.file('audit.log'), `${auditEvent()}\n`);
    expect(
      (await folder.run(['run', 'audit.log', '--once', '--data-dir', 'data', '--key', 'k.json', '-o', 'none'])).code,
    ).to.equal(0);
    await folder.run(['keys', 'rotate', '--key', 'k.json', '--overlap', '0s']);
    const { crc32 } = await import('node:zlib');
    const body = JSON.stringify({ format: 1, segment: 1, offset: 64, whenBehind: 'hold' });
    writeFileSync(folder.file('data/events/readers/sink.slow.position'), `${body}\n${crc32(body).toString(16)}\n`);
    const held = await folder.run(['keys', 'destroy', 'k1', '--key', 'k.json', '--data-dir', 'data']);
    expect([held.code, /sink\.slow/.test(held.stderr), /E_KEY_HELD/.test(held.stderr)], held.stderr).to.deep.equal([
      3,
      true,
      true,
    ]);
    expect((await list())[0]?.status).to.equal('retired');
    expect((await folder.run(['keys', 'destroy', 'k1', '--key', 'k.json', '--data-dir', 'nowhere'])).code).not.to.equal(0);
    writeFileSync(
      folder.file('data/events/readers/sink.slow.position'),
      `${body.replace('hold', 'skip')}\n${crc32(body.replace('hold', 'skip')).toString(16)}\n`,
    );
    expect((await folder.run(['keys', 'destroy', 'k1', '--key', 'k.json', '--data-dir', 'data'])).code).to.equal(0);
  });

  it('leaves a note of every change and look-up in the data folder named, without the value', async () => {
    mkdirSync(folder.file('data'));
    await folder.run(['keys', 'rotate', '--key', 'k.json', '--overlap', '0s', '--data-dir', 'data']);
    const [row] = await lookUp('--data-dir', 'data', '--epoch', 'k1');
    await folder.run(['keys', 'hold', 'k1', 'case-1', '--key', 'k.json', '--data-dir', 'data']);
    await folder.run(['keys', 'release', 'k1', 'case-1', '--key', 'k.json', '--data-dir', 'data']);
    const left = notes();
    expect(left.map((note) => note['note']).sort()).to.deep.equal([
      'key-held',
      'key-released',
      'key-rotated',
      'pseudonym-looked-up',
    ]);
    expect(left.find((note) => note['note'] === 'pseudonym-looked-up')).to.deep.include({
      kinds: ['user'],
      epochs: ['k1'],
      pseudonyms: [row?.pseudonym],
    });
    expect(JSON.stringify(left)).not.to.include('bob');
    const refused = await folder.run(['pseudonym', 'bob', '--key', 'k.json', '--data-dir', 'nowhere']);
    expect([refused.code, refused.stdout, existsSync(folder.file('nowhere'))]).to.deep.equal([1, '', false]);
  });

  it('refuses a key made by hand, and one that others can read', async () => {
    const file = readFileSync(folder.file('k.json'), 'utf8');
    const { key } = (JSON.parse(file) as { keys: { key: string }[] }).keys[0] ?? { key: '-' };
    writeFileSync(
      folder.file('weak.json'),
      file.replace(key, Buffer.from('correct horse battery staple 123').toString('base64')),
      { mode: 0o600 },
    );
    const weak = await folder.run(['mask', '--key', 'weak.json'], auditEvent());
    expect([weak.code, weak.stdout, /E_KEY_WEAK/.test(weak.stderr), /keys init/.test(weak.stderr)]).to.deep.equal([
      3,
      '',
      true,
      true,
    ]);
    writeFileSync(folder.file('open.json'), file, { mode: 0o644 });
    const open = await folder.run(['mask', '--key', 'open.json'], auditEvent());
    expect([open.code, open.stdout, /chmod 600/.test(open.stderr)]).to.deep.equal([3, '', true]);
  });
});
