import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { Secret } from '../../src/core/secret.ts';
import { FileSource, type FileSourceOptions } from '../../src/sources/file/file-source.ts';
import { collect, count, lines, numbers, until } from '../sources/file/numbered-lines.ts';

/** What clumsy hands and bad disks do to a followed file, beside rotation. */
describe('faults/file-troubles', () => {
  let folder = '';
  let log = '';
  let notices: string[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-tail-'));
    log = join(folder, 'audit.log');
    notices = [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  function source(options: Partial<FileSourceOptions> = {}): FileSource {
    return new FileSource({
      cluster: 'c',
      name: 'audit',
      path: log,
      startAt: 'checkpoint',
      follow: true,
      pollIntervalMs: 10,
      key: new Secret(new Uint8Array(32)),
      checkpointFile: join(folder, 'state', 'audit.json'),
      clock: { nowMs: () => Date.now() },
      notice: (notice) => notices.push(notice),
      ...options,
    });
  }

  for (const [kind, put] of [
    ['a folder', (path: string) => mkdir(path)],
    ['a pipe', (path: string) => Promise.resolve(execFileSync('mkfifo', [path]))],
    ['a file whose reading fails', (path: string) => symlink('/proc/self/mem', path)],
  ] as const) {
    it(`says once that ${kind} in place of the file cannot be read, and reads on when the file is there`, async function () {
      if (platform() !== 'linux') return this.skip();
      await writeFile(log, lines(0, 3));
      const told: string[] = [];
      let looks = 0;
      const clock = { nowMs: () => looks++ && Date.now() };
      const notice = (what: string, where: string): void => void told.push(`${what} ${where}`);
      const seen = await collect(source({ clock, notice }), count(6), undefined, async () => {
        await until(() => looks > 0);
        await rename(log, join(folder, 'audit-2026-05-04T09-00-00.000.log'));
        await put(log);
        const is = (): boolean => told.some((text) => text.startsWith(`unreadable ${log}: it `));
        await until(is);
        const before = looks;
        await until(() => looks > before + 5);
        await rm(log, { recursive: true });
        await writeFile(log, lines(3, 6));
      });
      expect(seen).to.deep.equal(numbers(0, 6));
      expect(told.filter((text) => text.startsWith('unreadable'))).to.have.length(1);
    });
  }

  it('waits where the name is a link to itself at the start', async () => {
    await symlink(log, log);
    const seen = await collect(source(), count(3), undefined, async () => {
      await until(() => notices.includes('unreadable'));
      await rm(log);
      await writeFile(log, lines(0, 3));
    });
    expect(seen).to.deep.equal(numbers(0, 3));
  });

  it('refuses a folder and a pipe at the start, whether it follows or not', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    for (const follow of [true, false])
      for (const name of ['', 'pipe']) {
        const error: unknown = await source({ follow, path: join(folder, name) })
          .open()
          .catch((fault: unknown) => fault);
        expect(error).to.include({ code: 'E_SOURCE_UNREADABLE' });
      }
  });

  it('forgets nothing while the whole folder is away, and reads nothing twice when it is back', async () => {
    const logs = join(folder, 'logs');
    await mkdir(logs);
    const path = join(logs, 'audit.log');
    await writeFile(join(logs, 'audit-2026-05-04T09-00-00.000.log'), lines(100, 103));
    await writeFile(path, lines(0, 3));
    let looks = 0;
    const clock = { nowMs: () => looks++ && Date.now() };
    const gaps: unknown[] = [];
    const options = { path, clock, gap: (gap: unknown) => gaps.push(gap) };
    const looked = async (): Promise<void> => {
      const before = looks;
      await until(() => looks > before + 8);
    };
    const seen = await collect(source(options), count(5), undefined, async () => {
      await looked();
      await rename(logs, `${logs}-away`);
      await looked();
      await rename(`${logs}-away`, logs);
      await looked();
      await appendFile(path, lines(3, 5));
    });
    expect(seen).to.deep.equal(numbers(0, 5));
    expect(gaps).to.deep.equal([]);
    // The same where it is away over a start: what was not read is called missing, and read on when it is back.
    await appendFile(path, lines(5, 7));
    await rename(logs, `${logs}-away`);
    const later = await collect(source(options), count(2), undefined, async () => {
      await looked();
      await rename(`${logs}-away`, logs);
    });
    expect(later).to.deep.equal([5, 6]);
    expect(gaps).to.have.length(1);
  });

  it('reads the rest of a file of a pattern that was rotated while nothing ran and has no successor, and nothing else of it', async () => {
    const path = join(folder, '*.log');
    await writeFile(log, lines(0, 3));
    await writeFile(join(folder, 'other.log'), lines(50, 51));
    await collect(source({ path }), count(4));
    await appendFile(log, lines(3, 5));
    await rename(log, join(folder, 'audit-2026-05-04T09-00-00.000.log'));
    await appendFile(join(folder, 'other.log'), lines(51, 52));
    const seen = await collect(source({ path }), count(5), undefined, async () => {
      await wait(50);
      await writeFile(log, lines(5, 7));
    });
    expect([...seen].sort()).to.deep.equal([3, 4, 5, 51, 6]);
    // And where it is gone altogether that is said, without its name being there.
    await appendFile(log, lines(7, 8));
    await rm(log);
    const gaps: string[] = [];
    await appendFile(join(folder, 'other.log'), lines(52, 53));
    const gap = ({ kind }: { readonly kind: string }): void => void gaps.push(kind);
    expect(await collect(source({ path, gap }), (ids) => ids.length > 0 && gaps.length > 0)).to.deep.equal([52]);
    expect(gaps).to.deep.equal(['missing']);
  });

  it('makes no events of a compressed file, whether a pattern finds it or it is named', async () => {
    await writeFile(join(folder, 'old.log.gz'), gzipSync(lines(0, 3)));
    await writeFile(join(folder, 'packed'), gzipSync(lines(0, 3)));
    await writeFile(log, lines(3, 5));
    expect(await collect(source({ path: join(folder, '*') }), count(2))).to.deep.equal([3, 4]);
    const told: string[] = [];
    const packed = source({
      path: join(folder, 'packed'),
      checkpointFile: undefined,
      notice: (_, where) => void told.push(where),
    });
    const seen = await collect(packed, count(1), undefined, async () => {
      await until(() => told.length > 0);
      await rm(join(folder, 'packed'));
      await writeFile(join(folder, 'packed'), lines(7, 8));
    });
    expect(seen).to.deep.equal([7]);
    expect(told.join()).to.match(/it is compressed/);
  });

  it('ends without an error where positions cannot be kept', async () => {
    await writeFile(log, lines(0, 3));
    await writeFile(join(folder, 'state'), 'no folder');
    expect(await collect(source(), count(3))).to.deep.equal([0, 1, 2]);
    expect(notices).to.include('checkpoint-failed');
  });
});
