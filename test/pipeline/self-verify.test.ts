import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Finding } from '../../src/core/finding.ts';
import { nodeFileSystem } from '../../src/log/file-system.ts';
import { openLog } from '../../src/log/open-log.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { SelfVerify } from '../../src/pipeline/self-verify.ts';
import { openSealer } from '../../src/proof/open-sealer.ts';
import { makeClock, makeTile } from '../support/log-fixture.ts';
import { newSigningKey } from '../support/sealed-log.ts';

describe('pipeline/self-verify', () => {
  const [key, clock] = [newSigningKey(), makeClock()];
  let directory: string;
  let log: SegmentLog;
  let verify: SelfVerify;
  let found: Finding[];
  let notes: Readonly<Record<string, unknown>>[];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'auditveil-self-'));
    const events = join(directory, 'events');
    log = await openLog({ directory: events, name: 'events', clock, reserveBytes: 0, tickMs: 0, segmentBytes: 2000 });
    for (let id = 0; id < 12; id++) await log.append(makeTile([{ id, filling: 300 }]));
    const sealer = await openSealer({
      ...{ fs: nodeFileSystem, directory: events, log: 'events', cluster: 'test', key, clock, everyMs: 1 },
      ...{ end: () => log.status().end, commit: () => Promise.resolve(), damaged: () => undefined },
    });
    await sealer.finish();
    [found, notes] = [[], []];
    verify = new SelfVerify({
      ...{ config: { log: { directory, verifyEveryMs: 60_000 } }, clock },
      place: () => ({ cluster: 'test', nowMs: clock.nowMs(), identify: (text) => text }),
      checkpoint: (name) => (name === 'events' ? sealer.checkpoint() : undefined),
      publicPems: () => Promise.resolve([key.publicPem]),
      add: (finding) => found.push(finding),
      note: (details) => {
        notes.push(details);
        return Promise.resolve();
      },
    });
  });
  afterEach(async () => {
    await verify.stop();
    await log.close();
    await rm(directory, { recursive: true });
  });

  const chain = (): string => join(directory, 'events/proof/digests.jsonl');

  it('notes what was verified', async () => {
    await verify.run();
    expect(found).to.deep.equal([]);
    expect(notes).to.have.length(1);
    expect(notes[0]?.['logs']).to.have.nested.property('[0].records', 12);
  });

  it('finds a changed byte', async () => {
    const file = join(directory, 'events/0000000001.seg');
    const bytes = await readFile(file);
    bytes[300] = (bytes[300] ?? 0) ^ 1;
    await writeFile(file, bytes);
    await verify.run();
    expect(found[0]?.rule).to.include({ id: 'auditveil.log-changed', severity: 'critical' });
    expect(found[0]?.evidence['log.changed']?.[0]).to.match(/^segment 1, bytes/);
  });

  it('finds a history that was cut off, though what is left holds together', async () => {
    const lines = (await readFile(chain(), 'utf8')).trimEnd().split('\n');
    await writeFile(chain(), `${lines.slice(0, -2).join('\n')}\n`);
    await verify.run();
    expect(found[0]?.evidence['log.changed']?.[0]).to.match(/the checkpoint saw/);
  });
});
