import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import type { LogPosition } from '../../src/core/log.ts';
import { loadRules } from '../../src/detection/load-rules.ts';
import { openLog } from '../../src/log/open-log.ts';
import { CorrelateLoop } from '../../src/pipeline/correlate-loop.ts';
import { FindingStage } from '../../src/pipeline/finding-stage.ts';
import type { StateFile } from '../../src/pipeline/state-file.ts';
import { makeClock, makeTile } from '../support/log-fixture.ts';
import { until } from '../support/until.ts';

describe('pipeline/correlate-loop', () => {
  let parent = '';
  beforeEach(async () => {
    parent = await mkdtemp(path.join(tmpdir(), 'auditveil-loop-'));
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  /** A loop that reads a log; `save` is told where the state stands. */
  async function running(save: (position: LogPosition) => void) {
    const clock = makeClock();
    const log = await openLog({ directory: path.join(parent, 'events'), name: 'events', clock, reserveBytes: 4096, tickMs: 0 });
    const reader = await log.reader('findings');
    const state = { save: async ({ position }: { position: LogPosition }) => save(position) };
    const identify = (text: string): string => text;
    const unsaved: string[] = [];
    const loop = new CorrelateLoop({
      reader,
      stage: new FindingStage({ rules: loadRules([], { seed: 1 }), identify }),
      state: state as unknown as StateFile,
      clock,
      identify,
      append: () => Promise.resolve(),
      found: () => Promise.resolve(),
      unsaved: (code) => unsaved.push(code),
    });
    const stop = new AbortController();
    const run = loop.run(stop.signal, stop.signal);
    run.catch(() => undefined);
    const end = async (): Promise<void> => {
      stop.abort();
      await run.finally(() => log.close());
    };
    return { clock, log, reader, unsaved, run, end };
  }

  it('saves how far it has come when nothing more comes: a full log may wait for it', async () => {
    const saved: LogPosition[] = [];
    const { clock, log, reader, end } = await running((position) => saved.push(position));
    await log.append(makeTile([{ id: 1 }]));
    await until('the first batch is saved', () => reader.committed.offset > 0 && saved.length === 1);
    const appended = await log.append(makeTile([{ id: 2 }]));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(saved, 'not after every batch').to.have.length(1);
    clock.advance(6_000);
    await until('the second one is committed', () => reader.committed.offset === appended.end.offset);
    expect(saved.at(-1)).to.deep.equal(appended.end);
    await end();
  });

  it('goes on where the state cannot be saved for now, says so, and saves it later', async () => {
    let failure: Error | undefined = Object.assign(new Error('none left'), { code: 'EMFILE' });
    const { clock, log, reader, unsaved, end } = await running(() => {
      if (failure) throw failure;
    });
    const before = reader.committed;
    const appended = await log.append(makeTile([{ id: 1 }]));
    await until('it was tried', () => unsaved.length === 1);
    expect([unsaved, reader.committed]).to.deep.equal([['EMFILE'], before]);
    failure = undefined;
    clock.advance(6_000);
    await until('it is saved', () => reader.committed.offset === appended.end.offset);
    await end();
  });

  it('ends where saving can never work', async () => {
    const { log, run, end } = await running(() => {
      throw new Fault('another version', { code: 'E_TEST' });
    });
    await log.append(makeTile([{ id: 1 }]));
    expect(await run.catch((error: Fault) => error.code)).to.equal('E_TEST');
    await end().catch(() => undefined);
  });

  it('ends there even if nothing more comes', async () => {
    let saves = 0;
    const { clock, log, reader, run, end } = await running(() => {
      if (++saves > 1) throw new Fault('another version', { code: 'E_TEST' });
    });
    await log.append(makeTile([{ id: 1 }]));
    await until('the first batch is saved', () => reader.committed.offset > 0);
    await log.append(makeTile([{ id: 2 }]));
    await new Promise((resolve) => setTimeout(resolve, 300));
    clock.advance(6_000);
    expect(await run.catch((error: Fault) => error.code)).to.equal('E_TEST');
    await end().catch(() => undefined);
  });
});
