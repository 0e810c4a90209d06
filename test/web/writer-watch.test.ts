import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openLog } from '../../src/log/open-log.ts';
import { WriterWatch } from '../../src/web/writer-watch.ts';

describe('web/writer-watch', () => {
  it('knows whether somebody writes the log, and looks again only after a while', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-writer-'));
    let nowMs = Date.now();
    const watch = new WriterWatch(folder, { nowMs: () => nowMs });
    expect(await watch.isThere()).to.equal(false);
    const log = await openLog({ directory: path.join(folder, 'events'), name: 'events', clock: { nowMs: Date.now } });
    expect(await watch.isThere()).to.equal(false);
    nowMs += 5_000;
    expect(await watch.isThere()).to.equal(true);
    await log.close();
    nowMs += 3_600_000;
    expect(await watch.isThere(), 'asked once an hour').to.equal(false);
    rmSync(folder, { recursive: true, force: true });
  });
});
