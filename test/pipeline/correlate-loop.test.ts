import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { LogPosition } from '../../src/core/log.ts';
import { loadRules } from '../../src/detection/load-rules.ts';
import { openLog } from '../../src/log/open-log.ts';
import { CorrelateLoop } from '../../src/pipeline/correlate-loop.ts';
import { FindingStage } from '../../src/pipeline/finding-stage.ts';
import type { StateFile } from '../../src/pipeline/state-file.ts';
import { makeClock, makeTile } from '../support/log-fixture.ts';
import { until } from '../support/until.ts';

describe('pipeline/correlate-loop', () => {
  it('saves how far it has come when nothing more comes: a full log may wait for it', async () => {
    const parent = await mkdtemp(path.join(tmpdir(), 'auditveil-loop-'));
    const clock = makeClock();
    const log = await openLog({ directory: path.join(parent, 'events'), name: 'events', clock, reserveBytes: 4096, tickMs: 0 });
    const reader = await log.reader('findings');
    const saved: LogPosition[] = [];
    const state = { save: async ({ position }: { position: LogPosition }) => void saved.push(position) };
    const identify = (text: string): string => text;
    const loop = new CorrelateLoop({
      reader,
      stage: new FindingStage({ rules: loadRules([], { seed: 1 }), identify }),
      state: state as unknown as StateFile,
      clock,
      identify,
      append: () => Promise.resolve(),
      found: () => Promise.resolve(),
      unsaved: () => undefined,
    });
    const stop = new AbortController();
    const running = loop.run(stop.signal, stop.signal);
    await log.append(makeTile([{ id: 1 }]));
    await until('the first batch is saved', () => reader.committed.offset > 0 && saved.length === 1);
    const { end } = await log.append(makeTile([{ id: 2 }]));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(saved, 'not after every batch').to.have.length(1);
    clock.advance(6_000);
    await until('the second one is committed', () => reader.committed.offset === end.offset);
    expect(saved.at(-1)).to.deep.equal(end);
    stop.abort();
    await running;
    await log.close();
    await rm(parent, { recursive: true, force: true });
  });
});
