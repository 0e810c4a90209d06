import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { Secret } from '../../../src/core/secret.ts';
import { sha256Hex } from '../../../src/crypto/sha256.ts';
import { FileSource } from '../../../src/sources/file/file-source.ts';
import { eventsOf } from '../frames/framing.ts';

const line = (n: number): string => `{"auditID":"${n}"}\n`;

describe('sources/file/followed-path', () => {
  let folder = '';
  let log = '';
  let notices: string[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'auditveil-followed-'));
    log = join(folder, 'audit.log');
    notices = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** One run of a follower under a key, until it has handed over so many lines. */
  async function follow(count: number, keyByte = 0): Promise<string[]> {
    const stop = new AbortController();
    const source = new FileSource({
      ...{ cluster: 'c', name: 'audit', path: log, startAt: 'checkpoint', follow: true, pollIntervalMs: 10 },
      key: new Secret(new Uint8Array(32).fill(keyByte)),
      checkpointFile: join(folder, 'state', 'audit.json'),
      clock: { nowMs: () => Date.now() },
      notice: (notice) => notices.push(notice),
    });
    await source.open();
    const seen: string[] = [];
    const late = setTimeout(() => stop.abort(), 5_000);
    for await (const { tile, settle } of source.deliveries(stop.signal)) {
      seen.push(...eventsOf([tile]).map(({ text }) => `${text}\n`));
      settle({ status: 'delivered' });
      if (seen.length >= count) stop.abort();
    }
    clearTimeout(late);
    await source.close();
    return seen;
  }

  const stateText = (): string => readFileSync(join(folder, 'state', 'audit.json'), 'utf8');

  it('goes on from a ledger that held hashes without a key, also where files were compressed since', async () => {
    writeFileSync(log, [4, 5, 6, 7].map(line).join(''));
    writeFileSync(join(folder, 'audit-2026-05-04T09-00-00.000.log.gz'), gzipSync([0, 1, 2, 3].map(line).join('')));
    const { ino, dev } = statSync(log);
    const entry = (first: number, inode: number, offset: number) => ({
      file: { device: dev, inode, fingerprint: sha256Hex(line(first).trimEnd()) },
      offset,
      path: 'x',
    });
    const files = { [log]: [entry(0, 1, 2 * line(0).length), entry(4, ino, line(4).length)] };
    mkdirSync(join(folder, 'state'));
    writeFileSync(join(folder, 'state', 'audit.json'), JSON.stringify({ version: 2, files }));
    expect(await follow(5)).to.deep.equal([2, 3, 5, 6, 7].map(line));
    for (const first of [0, 4]) expect(stateText()).to.not.include(sha256Hex(line(first).trimEnd()));
    appendFileSync(log, line(8));
    expect(await follow(1)).to.deep.equal([line(8)]);
    expect(notices).to.deep.equal(['rotated-while-away']);
  });

  it('goes on by inode under another key, says so once, and then knows files by their first line again', async () => {
    writeFileSync(log, line(0) + line(1));
    expect(await follow(2)).to.have.length(2);
    appendFileSync(log, line(2));
    expect(await follow(1, 1)).to.deep.equal([line(2)]);
    expect(notices).to.deep.equal(['checkpoint-key']);
    appendFileSync(log, line(3));
    expect(await follow(1, 1)).to.deep.equal([line(3)]);
    writeFileSync(log, [5, 6, 7, 8, 9].map(line).join(''));
    expect(await follow(5, 1)).to.deep.equal([5, 6, 7, 8, 9].map(line));
    expect(notices.filter((notice) => notice === 'checkpoint-key')).to.have.length(1);
  });
});
