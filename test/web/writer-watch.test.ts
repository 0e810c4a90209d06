import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openLog } from '../../src/log/open-log.ts';
import { WriterWatch } from '../../src/web/writer-watch.ts';
import { until } from '../support/until.ts';

describe('web/writer-watch', () => {
  it('knows whether somebody writes the log, and looks again only after a while', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-writer-'));
    let nowMs = Date.now();
    const watch = new WriterWatch(folder, { nowMs: () => nowMs });
    expect(watch.isThere).to.equal(undefined);
    await until('the first look', () => watch.isThere === false, 5_000);
    const log = await openLog({ directory: path.join(folder, 'events'), name: 'events', clock: { nowMs: Date.now } });
    expect(watch.isThere).to.equal(false);
    nowMs += 5_000;
    await until('the second look', () => watch.isThere === true, 5_000);
    await log.close();
    await watch.look();
    expect(watch.isThere).to.equal(false);
    rmSync(folder, { recursive: true, force: true });
  });
});
