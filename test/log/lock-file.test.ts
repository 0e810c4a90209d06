import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openLog } from '../../src/log/open-log.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { makeClock, makeTile } from '../support/log-fixture.ts';

describe('log/lock-file', () => {
  let directory: string;
  let log: SegmentLog | undefined;

  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), 'auditveil-lock-')), 'events');
  });
  afterEach(async () => {
    await log?.close();
    await rm(join(directory, '..'), { recursive: true, force: true });
  });

  async function open(): Promise<SegmentLog> {
    log = await openLog({
      directory,
      name: 'events',
      clock: makeClock(),
      reserveBytes: 4096,
      tickMs: 0,
      onLoss: () => undefined,
    });
    return log;
  }

  for (const how of ['removed', 'moved', 'taken over'] as const)
    it(`acknowledges nothing more once its folder was ${how}`, async () => {
      const log = await open();
      await log.append(makeTile([{ id: 1 }]));
      if (how === 'removed') await rm(directory, { recursive: true });
      else if (how === 'moved') await rename(directory, `${directory}-away`);
      else {
        const holder = JSON.parse((await readFile(join(directory, 'lock'))).toString()) as Record<string, unknown>;
        await writeFile(join(directory, 'lock'), JSON.stringify({ ...holder, started: 'later' }));
        await log.tick();
      }
      for (const id of [2, 3])
        expect(await log.append(makeTile([{ id }])).catch((cause: unknown) => cause)).to.include({
          code: 'E_LOG_GONE',
          retryable: false,
        });
      await log.close();
      if (how === 'taken over') expect(existsSync(join(directory, 'lock')), 'the lock of the other').to.equal(true);
      if (how === 'moved') await rename(`${directory}-away`, directory);
    });

  it('makes its lock again where somebody removed it', async () => {
    const log = await open();
    await log.append(makeTile([{ id: 1 }]));
    await rm(join(directory, 'lock'));
    await log.tick();
    await log.append(makeTile([{ id: 2 }]));
    expect(existsSync(join(directory, 'lock'))).to.equal(true);
  });
});
