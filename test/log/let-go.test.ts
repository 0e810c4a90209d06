import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { nodeFileSystem } from '../../src/log/file-system.ts';
import { letGo } from '../../src/log/let-go.ts';
import { openLog } from '../../src/log/open-log.ts';
import { makeClock, makeTile } from '../support/log-fixture.ts';

describe('log/let-go', () => {
  it('lets what only readers that are gone needed be deleted, and their positions stay', async () => {
    const directory = join(await mkdtemp(join(tmpdir(), 'auditveil-let-go-')), 'events');
    const log = await openLog({
      directory,
      name: 'events',
      clock: makeClock(),
      segmentBytes: 600,
      reserveBytes: 4096,
      tickMs: 0,
      onLoss: () => undefined,
    });
    try {
      for (const name of ['gone', 'here']) await (await log.reader(name)).close();
      for (let id = 0; id < 8; id++) await log.append(makeTile([{ id, filling: 200 }]));
      expect((await log.prune({ maxBytes: 1 })).heldBy).to.deep.equal(['gone', 'here']);
      expect(await letGo(nodeFileSystem, directory, (reader) => reader === 'gone')).to.deep.equal(['gone']);
      expect(await letGo(nodeFileSystem, directory, (reader) => reader === 'gone')).to.deep.equal([]);
      expect((await log.prune({ maxBytes: 1 })).heldBy).to.deep.equal(['here']);
      await letGo(nodeFileSystem, directory, () => true);
      expect((await log.prune({ maxBytes: 1 })).segments.length).to.be.greaterThan(1);
    } finally {
      await log.close();
      await rm(join(directory, '..'), { recursive: true });
    }
  });
});
