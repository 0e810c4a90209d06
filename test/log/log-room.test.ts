import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { LogReader } from '../../src/log/log-reader.ts';
import { openLog } from '../../src/log/open-log.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { makeClock, makeTile, readAll } from '../support/log-fixture.ts';

describe('log/log-room', () => {
  let directory: string;
  let log: SegmentLog;

  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), 'auditveil-log-')), 'events');
    const options = { clock: makeClock(), reserveBytes: 0, tickMs: 0, segmentBytes: 600, maxBytes: 3000 };
    log = await openLog({ ...options, directory, name: 'events' });
  });

  afterEach(async () => {
    await log.close();
    await rm(join(directory, '..'), { recursive: true });
  });

  const append = (id: number) => log.append(makeTile([{ id, filling: 200 }]));

  async function fill(): Promise<unknown> {
    for (let id = 0; id < 30; id++) {
      const fault = await append(id).then(
        () => undefined,
        (cause: unknown) => cause,
      );
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  /** Commits one record more each time. */
  async function oneMore(reader: LogReader): Promise<boolean> {
    for await (const batch of reader.read(new AbortController().signal, { follow: false })) {
      await reader.commit(batch.end);
      return true;
    }
    return false;
  }

  it('asks the reader that holds to come further, as often as it does, and refuses nothing', async () => {
    let asked = 0;
    const reader: LogReader = await log.reader('quick', {
      hurry: () => {
        asked++;
        return oneMore(reader);
      },
    });
    expect(await fill()).to.equal(undefined);
    expect(asked).to.be.greaterThan(3);
    expect(log.status()).to.include({ full: false, appended: 30 });
  });

  it('refuses where it comes no further', async () => {
    await log.reader('stuck', { hurry: () => Promise.resolve(false) });
    expect(await fill()).to.include({ code: 'E_LOG_FULL' });
  });

  it('asks nobody where somebody else holds too, or the reader was closed', async () => {
    let asked = 0;
    const hurry = (): Promise<boolean> => {
      asked++;
      return Promise.resolve(false);
    };
    const reader = await log.reader('quick', { hurry });
    const slow = await log.reader('slow');
    expect(await fill()).to.include({ code: 'E_LOG_FULL' });
    await slow.commit((await readAll(slow)).end ?? { segment: 0, offset: 0 });
    await reader.close();
    expect(await fill()).to.include({ code: 'E_LOG_FULL' });
    expect(asked).to.equal(0);
  });
});
