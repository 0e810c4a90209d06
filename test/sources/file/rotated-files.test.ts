import { mkdtempSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { Secret } from '../../../src/core/secret.ts';
import { rotatedSiblings } from '../../../src/sources/file/find-files.ts';
import { FingerprintKey } from '../../../src/sources/file/fingerprint-key.ts';
import type { Gap } from '../../../src/sources/file/gap.ts';
import { gapRemedies } from '../../../src/sources/file/gap.ts';
import { PathLedger } from '../../../src/sources/file/path-ledger.ts';
import { RotatedFiles } from '../../../src/sources/file/rotated-files.ts';
import { eventsOf, framing } from '../frames/framing.ts';

const line = (n: number): string => `{"auditID":"${n}"}\n`;

describe('sources/file/rotated-files', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'auditveil-rotated-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  it('orders files by the time or the number in their names, not by when they were compressed', async () => {
    const names = [
      'audit-2026-05-04T09-00-00.000.log.gz',
      'audit-2026-05-04T09-00-00.500.log',
      'audit-2026-05-05T00-00-00.000.log.gz',
    ];
    for (const name of names.toReversed()) write(name, '');
    write('other.log', '');
    const order = async (path: string) =>
      (await rotatedSiblings(join(folder, path))).map((found) => found.path.slice(folder.length + 1));
    expect(await order('audit.log')).to.deep.equal(names);
    for (const name of ['a.log.1', 'a.log.2.gz', 'a.log.10.gz']) write(name, '');
    utimesSync(join(folder, 'a.log.10.gz'), 2_000_000_000, 2_000_000_000);
    expect(await order('a.log')).to.deep.equal(['a.log.10.gz', 'a.log.2.gz', 'a.log.1']);
  });

  function reader(ledger: PathLedger) {
    const gaps: Gap[] = [];
    const passed: string[] = [];
    let nowMs = 0;
    const rotated = new RotatedFiles({
      path: join(folder, 'audit.log'),
      framing: framing('split'),
      key: new FingerprintKey(new Secret(new Uint8Array(32))),
      ledger,
      nowMs: () => nowMs,
      changed: () => undefined,
      notice: (_, path) => passed.push(basename(path)),
      gap: (gap) => gaps.push(gap),
    });
    const read = async (): Promise<string[]> => {
      const texts: string[] = [];
      for await (const { tile, file, offset } of rotated.read(await rotated.list(), () => false)) {
        texts.push(...eventsOf([tile]).map((e) => `${e.text}\n`));
        if (offset !== undefined) ledger.advance(file, offset, '');
      }
      return texts;
    };
    const later = (ms: number): void => {
      nowMs += ms;
    };
    return { gaps, passed, read, rotated, later };
  }

  it('reads new files once, whatever becomes of them, and a file that grew from where it was', async () => {
    const ledger = new PathLedger();
    const { read, gaps } = reader(ledger);
    const path = write('audit-1.log', line(1));
    expect(await read()).to.deep.equal([line(1)]);
    write('audit-1.log', line(1) + line(2));
    expect(await read()).to.deep.equal([line(2)]);
    write('audit-1.log.gz', gzipSync(line(1) + line(2)));
    expect(await read()).to.deep.equal([]);
    rmSync(path);
    expect(await read()).to.deep.equal([]);
    expect(gaps).to.deep.equal([]);
  });

  it('waits for the end of a compressed file, then calls what is missing a gap', async () => {
    const whole = gzipSync(Array.from({ length: 3_000 }, (_, i) => line(i)).join(''));
    const path = write('audit-1.log.gz', whole);
    truncateSync(path, whole.length - 200);
    const { read, gaps, later } = reader(new PathLedger());
    const first = await read();
    expect(first.length).to.be.within(1, 2_999);
    later(10_000);
    expect(await read()).to.deep.equal([]);
    writeFileSync(path, whole);
    expect((await read()).length).to.equal(3_000 - first.length);
    expect(gaps).to.deep.equal([]);
    const cut = write('audit-2.log.gz', gzipSync(line(9_001) + line(9_002)).subarray(0, 30));
    for (let i = 0; i < 4; i++, later(20_000)) await read();
    expect(gaps.map(({ kind, path: where }) => [kind, where])).to.deep.equal([['damaged', cut]]);
  });

  it('calls a damaged file a gap from where it is damaged, and reads the others', async () => {
    const bytes = gzipSync(Array.from({ length: 30_000 }, (_, i) => line(i)).join(''));
    bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 40);
    write('audit-1.log.gz', bytes);
    write('audit-2.log.gz', gzipSync(line(99_999)));
    const { read, gaps } = reader(new PathLedger());
    const texts = await read();
    expect(texts.at(-1)).to.equal(line(99_999));
    expect(gaps.map(({ kind }) => kind)).to.deep.equal(['damaged']);
    expect(gaps[0]?.from).to.equal(texts.slice(0, -1).join('').length);
    expect(await read()).to.deep.equal([]);
    expect(Object.values(gapRemedies).every((text) => text.length > 20)).to.equal(true);
  });

  it('says once of a file that cannot be read that it is unreadable, reads the others, and reads it when it can', async function () {
    if (platform() !== 'linux') return this.skip();
    const ledger = new PathLedger();
    const { read, gaps } = reader(ledger);
    // Looks like a file, and every read of it fails with EIO.
    symlinkSync('/proc/self/mem', join(folder, 'audit-1.log'));
    symlinkSync('/proc/self/mem', join(folder, 'audit-2.log.gz'));
    write('audit-3.log', line(3));
    expect(await read()).to.deep.equal([line(3)]);
    expect(await read()).to.deep.equal([]);
    expect(gaps.map(({ kind, path }) => [kind, basename(path)])).to.deep.equal([
      ['unreadable', 'audit-1.log'],
      ['unreadable', 'audit-2.log.gz'],
    ]);
    for (const name of ['audit-1.log', 'audit-2.log.gz']) rmSync(join(folder, name));
    write('audit-1.log', line(1));
    write('audit-2.log.gz', gzipSync(line(2)));
    expect(await read()).to.deep.equal([line(1), line(2)]);
  });

  it('passes over what another program than gzip compressed, says so once, and makes no event of it', async () => {
    const beginnings = { xz: 'fd377a585a00', zst: '28b52ffd', bz2: '425a68' };
    const names = Object.keys(beginnings).map((extension) => `audit.log.1.${extension}`);
    for (const [extension, bytes] of Object.entries(beginnings))
      write(`audit.log.1.${extension}`, Buffer.from(`${bytes}0a410a420a`, 'hex'));
    const ledger = new PathLedger();
    const { read, passed, gaps } = reader(ledger);
    expect(await read()).to.deep.equal([]);
    expect(await read()).to.deep.equal([]);
    expect(await reader(new PathLedger(ledger.entries)).read()).to.deep.equal([]);
    expect(passed).to.have.members(names);
    expect(gaps).to.deep.equal([]);
  });

  it('looks again when the clock was set back', async () => {
    const { rotated, later } = reader(new PathLedger());
    await rotated.mayHaveChanged();
    await rotated.list();
    expect(await rotated.mayHaveChanged()).to.equal(false);
    later(-3_600_000);
    expect(await rotated.mayHaveChanged()).to.equal(true);
  });

  it('finds the copy of a file that was cut', async () => {
    const { rotated } = reader(new PathLedger());
    write('audit.log.1', line(1) + line(2));
    const [copy] = await rotated.list();
    const seen = { file: { device: 0, inode: 1, fingerprint: copy?.file.fingerprint }, bytes: 0 };
    const texts: string[] = [];
    for await (const { tile } of rotated.copyOf(seen, line(1).length)) texts.push(...eventsOf([tile]).map((e) => e.text));
    expect(texts).to.deep.equal([line(2).trimEnd()]);
    const none = rotated.copyOf({ ...seen, file: { ...seen.file, fingerprint: 'other' } }, 0);
    expect(await none.next()).to.deep.equal({ done: true, value: false });
  });
});
