import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Delivery, Outcome } from '../../../src/core/delivery.ts';
import { Fault } from '../../../src/core/faults.ts';
import { Secret } from '../../../src/core/secret.ts';
import { FileSource, type FileSourceOptions } from '../../../src/sources/file/file-source.ts';
import { collect, count, delivered, line, lines, numbers, until } from './numbered-lines.ts';

describe('sources/file/file-source', () => {
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

  it('reads what is there and what is added, and goes on from its checkpoint after a restart', async () => {
    await writeFile(log, lines(0, 100));
    expect(
      await collect(source(), count(150), undefined, async () => {
        await wait(50);
        await appendFile(log, lines(100, 150));
      }),
    ).to.deep.equal(numbers(0, 150));
    await appendFile(log, lines(150, 200));
    expect(await collect(source(), count(50))).to.deep.equal(numbers(150, 200));
  });

  it('holds a line back until its end is written, across a restart', async () => {
    await writeFile(log, line(0) + line(1).slice(0, 9));
    expect(await collect(source(), count(1))).to.deep.equal([0]);
    await appendFile(log, line(1).slice(9));
    expect(await collect(source(), count(1))).to.deep.equal([1]);
  });

  it('does not move its checkpoint past what was not delivered', async () => {
    await writeFile(log, lines(0, 20));
    const errored: Outcome = { status: 'errored', fault: new Fault('no', { code: 'E_TEST', retryable: true }) };
    await collect(source(), count(20), (d) => d.settle(errored));
    expect(await collect(source(), count(20))).to.deep.equal(numbers(0, 20));
    expect(await collect(source({ follow: false }), count(1))).to.deep.equal([]);
  });

  it('hands over a bounded number of unsettled tiles', async () => {
    await writeFile(log, lines(0, 400_000));
    const open: Delivery[] = [];
    const from = source();
    const abort = new AbortController();
    await from.open();
    const run = (async () => {
      for await (const delivery of from.deliveries(abort.signal)) open.push(delivery);
    })();
    for (const most of [4, 5]) {
      await until(() => open.length >= most);
      await wait(50);
      expect(open).to.have.length(most);
      open[most - 4]?.settle(delivered);
    }
    abort.abort();
    await run;
    await from.close();
  });

  it('finishes a renamed file to its end before it reads the new one', async () => {
    await writeFile(log, lines(0, 10));
    const seen = await collect(source(), count(40), undefined, async () => {
      await wait(40);
      await appendFile(log, lines(10, 20));
      await rename(log, join(folder, 'audit-2026-05-04T09-00-00.000.log'));
      await appendFile(join(folder, 'audit-2026-05-04T09-00-00.000.log'), lines(20, 30));
      await writeFile(log, lines(30, 40));
    });
    expect(seen).to.deep.equal(numbers(0, 40));
    expect(notices).to.deep.equal(['rotated']);
  });

  it('reads files that were rotated and rotated again between two looks', async () => {
    await writeFile(log, lines(0, 10));
    const seen = await collect(source({ pollIntervalMs: 10_000 }), count(30), undefined, async () => {
      await wait(60);
      await rename(log, join(folder, 'audit-2026-05-04T09-00-00.000.log'));
      await writeFile(join(folder, 'audit-2026-05-04T09-00-01.000.log'), lines(10, 20));
      await wait(20);
      await writeFile(join(folder, 'new'), lines(20, 30));
      await rename(join(folder, 'new'), log);
    });
    expect(seen).to.deep.equal(numbers(0, 30));
  });

  it('finds the rest of a file that was rotated while it did not run, plain or compressed', async () => {
    for (const packed of [false, true]) {
      await rm(join(folder, 'state'), { recursive: true, force: true });
      await writeFile(log, lines(0, 10));
      await collect(source(), count(10));
      await appendFile(log, lines(10, 20));
      const first = join(folder, `audit-2026-05-04T09-00-00.000.log${packed ? '.gz' : ''}`);
      if (packed) {
        await writeFile(first, gzipSync(lines(0, 20)));
        await rm(log);
      } else await rename(log, first);
      await wait(15);
      const second = join(folder, 'audit-2026-05-04T10-00-00.000.log');
      await writeFile(second, lines(20, 30));
      await wait(15);
      await writeFile(log, lines(30, 40));
      expect(await collect(source(), count(30)), packed ? 'gzip' : 'plain').to.deep.equal(numbers(10, 40));
      expect(await collect(source({ follow: false }), count(1))).to.deep.equal([]);
      await rm(first);
      await rm(second);
    }
  });

  it('keeps a position before it hands anything over, so that a file rotated right after a crash is found', async () => {
    const positions: boolean[] = [];
    const look = (): void => void positions.push(existsSync(join(folder, 'state', 'audit.json')));
    await writeFile(log, lines(0, 10));
    await collect(source(), count(10), look);
    expect(positions).to.deep.equal([true]);
    await rename(log, join(folder, 'audit-2026-05-04T09-00-00.000.log'));
    await writeFile(log, lines(10, 12));
    expect(await collect(source(), count(12))).to.deep.equal(numbers(0, 12));
  });

  it('told to start at the end, goes on from the end it saw first', async () => {
    await writeFile(log, lines(0, 10));
    const append = async (): Promise<void> => {
      await wait(60);
      await appendFile(log, line(10));
    };
    await collect(source({ startAt: 'end' }), count(1), () => undefined, append);
    expect(await collect(source({ startAt: 'end' }), count(1))).to.deep.equal([10]);
  });

  it('says so when the rotated file is gone, and reads the new one from its beginning', async () => {
    await writeFile(log, lines(0, 10));
    await collect(source(), count(10));
    await rm(log);
    await writeFile(log, lines(10, 12));
    expect(await collect(source(), count(2))).to.deep.equal([10, 11]);
    expect(notices).to.include('rotated-file-missing');
  });

  it('begins again when the file was truncated, also when it is longer than before by the time it looks', async () => {
    await writeFile(log, lines(0, 10));
    const seen = await collect(source({ pollIntervalMs: 1_000 }), count(30), undefined, async () => {
      await wait(60);
      await truncate(log, 0);
      await appendFile(log, lines(10, 30));
    });
    expect(seen).to.deep.equal(numbers(0, 30));
    expect(notices).to.deep.equal(['truncated']);
  });

  it('begins again when the file got shorter while it did not run', async () => {
    await writeFile(log, lines(0, 10));
    await collect(source(), count(10));
    await truncate(log, 0);
    await writeFile(log, lines(0, 3));
    expect(await collect(source(), count(3))).to.deep.equal([0, 1, 2]);
    expect(notices).to.deep.equal(['truncated']);
  });

  it('waits for a file that does not exist yet', async () => {
    const seen = await collect(source(), count(3), undefined, async () => {
      await wait(40);
      await writeFile(log, lines(0, 3));
    });
    expect(seen).to.deep.equal([0, 1, 2]);
  });

  it('starts at the end or at the beginning where it is told to', async () => {
    await writeFile(log, lines(0, 10));
    const seen = await collect(source({ startAt: 'end' }), count(2), undefined, async () => {
      await wait(60);
      await appendFile(log, lines(10, 12));
    });
    expect(seen).to.deep.equal([10, 11]);
    expect(await collect(source({ startAt: 'beginning' }), count(12))).to.deep.equal(numbers(0, 12));
  });

  it('without following, reads every file of a pattern to its end: lines, gzip and documents', async () => {
    await writeFile(join(folder, 'a.log'), lines(0, 3));
    await writeFile(join(folder, 'b.log'), gzipSync(lines(3, 6)));
    await writeFile(join(folder, 'c.log'), JSON.stringify([{ auditID: '000006' }], undefined, 2));
    await writeFile(join(folder, 'd.log'), `${line(7)}{"auditID":"0000`);
    const seen = await collect(source({ path: join(folder, '*.log'), follow: false }), () => false);
    expect(seen.map((id) => (typeof id === 'string' ? id.replace(/\s/g, '') : id))).to.have.members([
      0,
      1,
      2,
      3,
      4,
      5,
      '{"auditID":"000006"}',
      7,
      '{"auditID":"0000',
    ]);
    await appendFile(join(folder, 'd.log'), '08"}\n');
    expect(await collect(source({ path: join(folder, '*.log'), follow: false }), () => false)).to.deep.equal([8]);
  });

  it('follows the files of a pattern and takes rotated siblings for part of them', async () => {
    await writeFile(log, lines(0, 3));
    await writeFile(join(folder, 'other.log'), lines(10, 13));
    const seen = await collect(source({ path: join(folder, '*.log') }), count(9), undefined, async () => {
      await wait(50);
      await rename(log, join(folder, 'audit-2026-05-04T09-00-00.000.log'));
      await writeFile(log, lines(3, 6));
    });
    expect([...seen].sort((a, b) => Number(a) - Number(b))).to.deep.equal([...numbers(0, 6), ...numbers(10, 13)]);
  });

  it('starts from the beginning when the checkpoint file is damaged', async () => {
    await writeFile(log, lines(0, 3));
    await collect(source(), count(3));
    await writeFile(join(folder, 'state', 'audit.json'), '{"version":1,"checkpo');
    expect(await collect(source(), count(3))).to.deep.equal([0, 1, 2]);
    expect(notices).to.deep.equal(['checkpoint-damaged']);
  });

  it('refuses a missing file where it does not follow', async () => {
    let code = '';
    await source({ follow: false })
      .open()
      .catch((error: unknown) => {
        code = (error as Fault).code;
      });
    expect(code).to.equal('E_SOURCE_NO_FILE');
  });
});
