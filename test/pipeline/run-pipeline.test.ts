import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import type { Outcome, Sink } from '../../src/core/delivery.ts';
import { Fault } from '../../src/core/faults.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { RecordBatch } from '../../src/core/log.ts';
import { recordTypes } from '../../src/core/record.ts';
import type { MaskedTile } from '../../src/core/tile.ts';
import { openLog } from '../../src/log/open-log.ts';
import { openLogReader } from '../../src/log/open-log-reader.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { CanaryMark } from '../../src/pipeline/canary-mark.ts';
import { loadEngine } from '../../src/pipeline/engine.ts';
import { FindingStage } from '../../src/pipeline/finding-stage.ts';
import { ForwardingGate } from '../../src/pipeline/forwarding-gate.ts';
import { shippedMapping, shippedPacks } from '../../src/pipeline/load-files.ts';
import { Meter } from '../../src/pipeline/meter.ts';
import { identifier } from '../../src/pipeline/open-engine.ts';
import { type PipelineParts, runPipeline } from '../../src/pipeline/run-pipeline.ts';
import { type LoadedState, StateFile } from '../../src/pipeline/state-file.ts';
import { maskActions } from '../../src/scan/plan.ts';
import { auditEvent, listPodsRule } from '../cli/run-cli.ts';
import { fixedKeyRing, ListSource, tileOfTexts } from './support.ts';

const clock = { nowMs: () => Date.now() };
const burst = `${listPodsRule.replace('level: medium', 'name: listed\nlevel: informational')}---
title: Many lists
id: 7d0f6a3e-0b1c-4c55-9a53-0a1f7a3c9b02
status: test
author: Tests
correlation: { type: event_count, rules: [listed], group-by: [user.username], timespan: 5m, condition: { gte: 4 } }
level: high
`;

/** Fails the next appends with a fault that may pass. */
class FlakyLog {
  readonly log: SegmentLog;
  failures = 0;
  fatal: Fault | undefined;

  constructor(log: SegmentLog) {
    this.log = log;
  }

  view(): SegmentLog {
    return new Proxy(this.log, {
      get: (target, name) => {
        if (name === 'append') return async (tile: MaskedTile) => (await this.#append([tile]))[0];
        if (name === 'appendAll') return (tiles: readonly MaskedTile[]) => this.#append(tiles);
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  async #append(tiles: readonly MaskedTile[]) {
    if (this.fatal) throw this.fatal;
    if (this.failures > 0) {
      this.failures--;
      throw new Fault('no room', { code: 'E_LOG_FULL', retryable: true });
    }
    return this.log.appendAll(tiles);
  }
}

const snapshotOf = (state: LoadedState) => (typeof state === 'string' ? undefined : state.snapshot);

describe('pipeline/run-pipeline', () => {
  let folder = '';
  let found: Finding[] = [];
  let open: SegmentLog[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-pipeline-'));
    found = [];
    open = [];
  });
  afterEach(async () => {
    for (const log of open) await log.close();
    await rm(folder, { recursive: true });
  });

  async function parts(
    source: ListSource,
    rules = listPodsRule,
    more: Partial<PipelineParts> = {},
  ): Promise<PipelineParts & { flaky: FlakyLog }> {
    const keyRing = fixedKeyRing();
    const engine = loadEngine({
      policy: 'standard',
      enable: [],
      keepUsers: [],
      packFiles: await shippedPacks(),
      ruleFiles: [{ file: 'rules.yml', text: rules }],
      mapping: await shippedMapping(),
      keyRing,
    });
    const log = (name: 'events' | 'findings') =>
      openLog({ directory: join(folder, name), name, clock, dedupe: { maxRecords: 1000, windowMs: 60_000 } });
    const [events, findings] = [await log('events'), await log('findings')];
    open = [events, findings];
    const flaky = new FlakyLog(events);
    const state = new StateFile(join(folder, 'correlation.json'));
    const identify = identifier(keyRing);
    return {
      flaky,
      sources: [{ name: 's', source }],
      sinks: [],
      inspector: engine.inspector,
      stage: new FindingStage({ rules: engine.rules, identify, snapshot: snapshotOf(await state.load()) }),
      events: flaky.view(),
      findings,
      state,
      meter: new Meter(engine.plan.kinds, maskActions),
      clock,
      identify,
      found: async (made) => {
        found.push(...made);
      },
      graceMs: 300,
      ...more,
    };
  }

  async function closeLogs(): Promise<void> {
    for (const log of open.splice(0)) await log.close();
  }

  async function recordsIn(name: 'events' | 'findings'): Promise<number> {
    const reader = await openLogReader({ directory: join(folder, name) });
    let count = 0;
    for await (const batch of reader.read(new AbortController().signal, { follow: false })) {
      count += batch.records.filter((record) => record.type === recordTypes.event || record.type === recordTypes.finding).length;
    }
    await reader.close();
    return count;
  }

  const never = new AbortController().signal;
  const tiles = (n: number, each = 3) =>
    Array.from({ length: n }, () => tileOfTexts(Array.from({ length: each }, () => auditEvent())));

  it('leaves a failed append to a sender that sends again, and goes on', async () => {
    const source = Object.assign(new ListSource(tiles(3)), { resends: true });
    const made = await parts(source);
    made.flaky.failures = 1;
    expect(await runPipeline(made, never)).to.equal('finished');
    expect(source.outcomes.map((outcome) => outcome?.status)).to.deep.equal(['errored', 'delivered', 'delivered']);
    await closeLogs();
    expect(await recordsIn('events')).to.equal(6);
  });

  it('acknowledges every tile once it is in the log, and makes findings of all', async () => {
    const source = new ListSource(tiles(5));
    const made = await parts(source);
    expect(await runPipeline(made, never)).to.equal('finished');
    expect(source.outcomes.map((outcome) => outcome?.status)).to.deep.equal(Array(5).fill('delivered'));
    expect(source.isClosed).to.equal(true);
    expect(found).to.have.length(15);
    await closeLogs();
    expect([await recordsIn('events'), await recordsIn('findings')]).to.deep.equal([15, 15]);
  });

  it('tries a full log again and keeps the order', async () => {
    const source = new ListSource(tiles(3));
    const made = await parts(source);
    made.flaky.failures = 2;
    expect(await runPipeline(made, never)).to.equal('finished');
    expect(source.outcomes.every((outcome) => outcome?.status === 'delivered')).to.equal(true);
    expect(made.meter.readings({ events: made.events, findings: made.findings }).appendRetries()).to.deep.equal([
      { value: 2, labels: { code: 'E_LOG_FULL' } },
    ]);
  });

  it('gives up what cannot be written in time after a stop, without acknowledging it and without failing', async () => {
    const source = new ListSource(tiles(2));
    const made = await parts(source);
    made.flaky.failures = 1_000;
    const stop = new AbortController();
    const run = runPipeline(made, stop.signal);
    await wait(150);
    stop.abort();
    expect(await run).to.equal('stopped');
    expect(source.outcomes.some((outcome) => outcome?.status === 'delivered')).to.equal(false);
  });

  it('stops and throws when appending can never work', async () => {
    const source = new ListSource(tiles(2));
    const made = await parts(source);
    made.flaky.fatal = new Fault('the log is closed', { code: 'E_LOG_CLOSED' });
    let code = '';
    await runPipeline(made, never).catch((error: unknown) => {
      code = (error as Fault).code;
    });
    expect(code).to.equal('E_LOG_CLOSED');
    expect(source.outcomes[0]?.status).to.equal('errored');
  });

  it('keeps the windows of correlations over a restart', async () => {
    const event = (second: number) => auditEvent({ stageTimestamp: `2026-05-04T09:00:0${second}.000000Z` });
    const stop = new AbortController();
    const first = new (class extends ListSource {
      override async *deliveries(signal: AbortSignal) {
        yield* super.deliveries(signal);
        await wait(200);
        stop.abort();
      }
    })([tileOfTexts([event(0), event(1)])]);
    expect(await runPipeline(await parts(first, burst), stop.signal)).to.equal('stopped');
    await closeLogs();
    expect(found).to.deep.equal([]);
    await runPipeline(await parts(new ListSource([tileOfTexts([event(2), event(3)])]), burst), never);
    expect(found.at(-1)?.episode?.count).to.equal(4);
  });

  it('feeds sinks from the log, again where they refuse for a while', async () => {
    const written: string[] = [];
    let refusals = 2;
    const sink: Sink = {
      open: async () => undefined,
      check: async () => undefined,
      close: async () => undefined,
      write: async (batch: RecordBatch): Promise<readonly Outcome[]> => {
        if (refusals-- > 0)
          return batch.records.map(() => ({ status: 'errored', fault: new Fault('busy', { code: 'E_TEST', retryable: true }) }));
        written.push(...batch.records.filter((record) => record.type === recordTypes.finding).map((record) => record.digest));
        return batch.records.map(() => ({ status: 'delivered' }));
      },
    };
    const made = await parts(new ListSource(tiles(2)), listPodsRule, { sinks: [{ name: 'test', sink, content: 'findings' }] });
    await runPipeline(made, never);
    expect(new Set(written).size).to.equal(6);
  });

  it('acknowledges nothing and feeds no sink once masking was seen to fail, until it is stopped', async () => {
    const gate = new ForwardingGate();
    const stop = new AbortController();
    const source = new ListSource(tiles(6));
    let written = 0;
    const sink: Sink = {
      open: () => Promise.resolve(),
      check: () => Promise.resolve(),
      write: async (batch) => {
        written += batch.records.length;
        return batch.records.map((): Outcome => ({ status: 'delivered' }));
      },
      close: () => Promise.resolve(),
    };
    const made = await parts(source, listPodsRule, { gate, sinks: [{ name: 'out', sink, content: 'events' }] });
    let inspected = 0;
    const inspector: PipelineParts['inspector'] = {
      inspect: (tile) => {
        if (++inspected === 3) gate.close('a leak');
        return made.inspector.inspect(tile);
      },
    };
    const run = runPipeline({ ...made, inspector }, stop.signal);
    await wait(400);
    expect([inspected, source.outcomes.filter((outcome) => outcome?.status === 'delivered').length]).to.deep.equal([3, 3]);
    const before = written;
    expect(before).to.be.lessThan(10);
    stop.abort();
    expect(await run).to.equal('stopped');
    expect([written, inspected]).to.deep.equal([before, 3]);
    expect(source.outcomes[3]).to.include({ status: 'errored' });
  });

  it('keeps a canary that comes out of the inspector from the log', async () => {
    const mark = new CanaryMark((bytes) => Uint8Array.from({ length: bytes }, (_, i) => i * 3));
    const source = new ListSource(tiles(2));
    const made = await parts(source, listPodsRule, { gate: new ForwardingGate(mark), endsByItself: true });
    const inspect: PipelineParts['inspector']['inspect'] = async (tile) => {
      const masked = await made.inspector.inspect(tile);
      masked.bytes.set(Buffer.from(mark.text), (masked.offsets[0] ?? 0) + 100);
      return masked;
    };
    const run = runPipeline({ ...made, inspector: { inspect } }, never);
    expect(await run.catch((error: unknown) => (error as Fault).code)).to.equal('E_MASKING_LEAK');
    expect(`${source.outcomes[0]?.status},${made.gate?.problem}`).to.match(/^errored,a secret .* \(the events log\)$/);
    await closeLogs();
    expect(await recordsIn('events')).to.equal(0);
  });

  it('fails at once behind a closed gate where all sources end by themselves', async () => {
    const gate = new ForwardingGate();
    gate.close('a leak');
    const source = new ListSource(tiles(2));
    const made = await parts(source, listPodsRule, { gate, endsByItself: true });
    let code = '';
    await runPipeline(made, never).catch((error: unknown) => {
      code = (error as Fault).code;
    });
    expect([code, source.outcomes[0]?.status]).to.deep.equal(['E_MASKING_LEAK', 'errored']);
    await closeLogs();
    expect([await recordsIn('events'), found.length]).to.deep.equal([0, 0]);
  });
});
