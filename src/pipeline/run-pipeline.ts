import type { Clock } from '../core/clock.ts';
import type { Delivery, Sink, Source } from '../core/delivery.ts';
import { Fault } from '../core/faults.ts';
import type { Finding, Severity } from '../core/finding.ts';
import { limits } from '../core/limits.ts';
import type { LogPosition, Reader } from '../core/log.ts';
import type { MaskedTile, TileInspector } from '../core/tile.ts';
import { comparePositions } from '../log/segment-list.ts';
import type { SegmentLog } from '../log/segment-log.ts';
import type { RouteTree } from '../routing/route-tree.ts';
import { AgeLimit, type Skipped } from './age-limit.ts';
import { CorrelateLoop } from './correlate-loop.ts';
import type { FindingStage } from './finding-stage.ts';
import { type ForwardingGate, gatedReader } from './forwarding-gate.ts';
import type { Meter } from './meter.ts';
import { findingsReader } from './open-stage.ts';
import { appendFault, OrderedKeeper } from './ordered-keeper.ts';
import { retry } from './retry.ts';
import { routedReader } from './routed-reader.ts';
import { runSinkLoop } from './sink-loop.ts';
import type { StateFile } from './state-file.ts';

export interface NamedSource {
  readonly name: string;
  readonly source: Source;
}

export interface NamedSink {
  readonly name: string;
  readonly sink: Sink;
  readonly content: 'events' | 'findings';
  /** Findings below it are left out; absent: none. */
  readonly minSeverity?: Severity;
  /** What is written at once. */
  readonly batch?: { readonly records: number; readonly bytes: number; readonly waitMs: number };
  /** hold: the log keeps what the sink still needs, even if it is refused more for it. skip: it does not. */
  readonly whenBehind?: 'hold' | 'skip';
  /** Records that are older when the sink could have them are passed over. */
  readonly skipAfterMs?: number | undefined;
}

export interface PipelineParts {
  readonly sources: readonly NamedSource[];
  readonly sinks: readonly NamedSink[];
  readonly inspector: TileInspector;
  readonly stage: FindingStage;
  readonly events: SegmentLog;
  readonly findings: SegmentLog;
  readonly state: StateFile;
  /** Where the state that `stage` began with had read to. */
  readonly resumeAt?: LogPosition | undefined;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly identify: (text: string) => string;
  /** Told of findings once they are durable. */
  readonly found: (findings: readonly Finding[]) => Promise<void>;
  /** Which sinks get which findings; absent: all of them get all. */
  readonly routes?: RouteTree | undefined;
  /** Told of records that a sink was not given for their age. */
  readonly skipped?: (sink: string, skipped: Skipped) => void;
  /** How long work in flight may take after the stop. */
  readonly graceMs: number;
  /** Closes when masking was seen to fail; absent: always open. */
  readonly gate?: ForwardingGate;
  /** All sources end by themselves: once the gate is closed there is nothing to wait for, and the run fails. */
  readonly endsByItself?: boolean;
  /** Told when sources and sinks are open. */
  readonly opened?: () => void;
}

/** How the log is read by those who follow it. */
const following = { reuse: true, gatherMs: limits.logGatherMs };

/** Whether everything was read to its end, or somebody stopped it. */
export type PipelineEnd = 'finished' | 'stopped';

/**
 * source → inspect → events log (synced) → acknowledge; events log → findings → findings log (synced) → position;
 * logs → sinks. Ends when all sources end or `stop` aborts, after what is in flight is done.
 * @throws the first error that trying again cannot help
 */
export async function runPipeline(parts: PipelineParts, stop: AbortSignal): Promise<PipelineEnd> {
  return new Pipeline(parts, stop).run();
}

class Pipeline {
  readonly #parts: PipelineParts;
  readonly #stop: AbortSignal;
  readonly #failed = new AbortController();
  readonly #sourcesStop: AbortSignal;
  readonly #inputEnded = new AbortController();
  readonly #findingsEnded = new AbortController();
  readonly #giveUp = new AbortController();

  constructor(parts: PipelineParts, stop: AbortSignal) {
    this.#parts = parts;
    this.#stop = stop;
    this.#sourcesStop = AbortSignal.any([stop, this.#failed.signal]);
  }

  async run(): Promise<PipelineEnd> {
    const { sources, sinks, events, findings, meter } = this.#parts;
    await this.#open();
    const grace = this.#armGrace();
    const correlate = await this.#correlateLoop();
    const loops = [this.#guard(() => correlate.run(this.#inputEnded.signal, this.#giveUp.signal))];
    for (const { name, sink, content, minSeverity = 'informational', whenBehind = 'hold', skipAfterMs } of sinks) {
      const log = content === 'events' ? events : findings;
      const unrouted = this.#gated(await log.reader(`sink.${name}`, { ...following, whenBehind }));
      const reader = content === 'findings' ? this.#routed(unrouted, name) : unrouted;
      const ageLimit = this.#ageLimit(name, skipAfterMs);
      const options = { name, sink, reader, meter, ageLimit, filter: { content, minSeverity } };
      loops.push(this.#guard(() => runSinkLoop(options, this.#sinkEnd(content), this.#giveUp.signal)));
    }
    try {
      await Promise.all(sources.map((named) => this.#guard(() => this.#ingest(named))));
      this.#inputEnded.abort();
      await loops[0];
      const isFinished = !this.#sourcesStop.aborted;
      if (isFinished) await this.#guard(() => correlate.end());
      this.#findingsEnded.abort();
      await Promise.all(loops);
      for (const { source } of sources) await source.close();
      if (this.#failed.signal.aborted) throw this.#failed.signal.reason as Error;
      return isFinished ? 'finished' : 'stopped';
    } finally {
      grace();
    }
  }

  /** What was opened before something could not be is closed again: another pipeline may take its place. */
  async #open(): Promise<void> {
    const { sources, sinks, opened } = this.#parts;
    try {
      for (const { sink } of sinks) await sink.open(this.#stop);
      for (const { source } of sources) await source.open(this.#stop);
    } catch (error) {
      for (const { source } of sources) await source.close().catch(() => undefined);
      for (const { sink } of sinks) await sink.close().catch(() => undefined);
      throw error;
    }
    opened?.();
  }

  #ageLimit(sink: string, maxAgeMs: number | undefined): AgeLimit | undefined {
    const { clock, skipped = () => undefined } = this.#parts;
    return maxAgeMs === undefined
      ? undefined
      : new AgeLimit({ maxAgeMs, nowMs: () => clock.nowMs(), skipped: (found) => skipped(sink, found) });
  }

  #sinkEnd(content: NamedSink['content']): AbortSignal {
    return content === 'events' ? this.#inputEnded.signal : this.#findingsEnded.signal;
  }

  /** After the stop, work in flight has its time; then everything ends where it stands, unacknowledged. */
  #armGrace(): () => void {
    let timer: NodeJS.Timeout | undefined;
    const arm = (): void => {
      timer = setTimeout(() => this.#giveUp.abort(), this.#parts.graceMs);
    };
    this.#sourcesStop.addEventListener('abort', arm, { once: true });
    return () => {
      clearTimeout(timer);
      this.#sourcesStop.removeEventListener('abort', arm);
    };
  }

  /** The first failure stops everything; it is thrown at the end. */
  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#fail(error);
      this.#inputEnded.abort();
      this.#findingsEnded.abort();
    }
  }

  #fail(error: unknown): void {
    // While stopping, what could not be written in time is not acknowledged and comes again: no failure.
    const isLate = this.#giveUp.signal.aborted && error instanceof Fault && error.retryable;
    if (!isLate && !this.#failed.signal.aborted) this.#failed.abort(error);
  }

  async #correlateLoop(): Promise<CorrelateLoop> {
    const { events, findings, stage, state, resumeAt, clock, identify, meter, found } = this.#parts;
    const reader = await events.reader(findingsReader, following);
    // The state is saved before the position: after a crash in between it is ahead, never behind.
    if (resumeAt && comparePositions(resumeAt, events.status().end) <= 0) await reader.commit(resumeAt);
    return new CorrelateLoop({
      reader: this.#gated(reader),
      stage,
      state,
      clock,
      identify,
      append: (tile) => this.#append(findings, [tile]),
      found: async (made) => {
        for (const finding of made) meter.found(finding);
        await found(made);
      },
      unsaved: (code) => meter.retried(code),
    });
  }

  async #append(log: SegmentLog, tiles: readonly MaskedTile[]): Promise<void> {
    const exit = log === this.#parts.events ? 'the events log' : 'the findings log';
    for (const { bytes } of tiles) this.#parts.gate?.check(bytes, exit);
    await retry(
      () => log.appendAll(tiles),
      this.#giveUp.signal,
      (fault) => this.#parts.meter.retried(fault.code),
    );
  }

  /**
   * Tiles are scanned while others before them are synced; appends keep their order. Of a source whose senders send again
   * the appends run side by side, so that they share a sync.
   */
  async #ingest({ name, source }: NamedSource): Promise<void> {
    let before: Promise<void> = Promise.resolve();
    const keeper = new OrderedKeeper({
      append: (tiles) => this.#append(this.#parts.events, tiles),
      kept: (delivery, masked) => this.#kept(name, delivery, masked),
    });
    for await (const delivery of source.deliveries(this.#sourcesStop)) {
      if (!(await this.#mayPass(delivery, source))) {
        if (source.resends) continue;
        break;
      }
      const masked = this.#inspect(name, delivery);
      before = source.resends
        ? Promise.all([before, this.#keepOnce(name, delivery, masked)]).then(() => undefined)
        : keeper.keep(delivery, masked);
      masked.catch(() => undefined);
      // Thrown below; here it only stops the sources early.
      before.catch((error: unknown) => this.#fail(error));
    }
    await before;
  }

  async #inspect(name: string, { tile }: Delivery): Promise<MaskedTile> {
    const { inspector, meter } = this.#parts;
    const masked = await inspector.inspect(tile);
    meter.masked(name, masked);
    return masked;
  }

  /** Behind a closed gate nothing is inspected or acknowledged: it comes again after a start that masks. */
  async #mayPass(delivery: Delivery, source: Source): Promise<boolean> {
    const { gate, endsByItself } = this.#parts;
    if (gate?.problem === undefined) return true;
    if (!endsByItself && !source.resends) await gate.passes(this.#sourcesStop);
    delivery.settle({ status: 'errored', fault: gate.fault() });
    if (endsByItself) throw gate.fault();
    return false;
  }

  #gated(reader: Reader): Reader {
    const { gate } = this.#parts;
    return gate ? gatedReader(reader, gate, this.#sourcesStop) : reader;
  }

  #routed(reader: Reader, sink: string): Reader {
    const { routes, meter } = this.#parts;
    return routes ? routedReader(reader, { routes, sink, muted: (count) => meter.sunk(sink, 'muted', count) }) : reader;
  }

  /** Keeps a tile by itself; what may work later is left to the sender. */
  async #keepOnce(name: string, delivery: Delivery, inspected: Promise<MaskedTile>): Promise<void> {
    try {
      const masked = await inspected;
      this.#parts.gate?.check(masked.bytes, 'the events log');
      await this.#parts.events.append(masked);
      this.#kept(name, delivery, masked);
    } catch (error) {
      const fault = appendFault(error);
      this.#parts.meter.retried(fault.code);
      delivery.settle({ status: 'errored', fault });
      if (!fault.retryable) throw fault;
    }
  }

  #kept(name: string, delivery: Delivery, masked: MaskedTile): void {
    this.#parts.meter.appended(name, masked, this.#parts.clock.nowMs());
    delivery.settle({ status: 'delivered' });
    this.#parts.inspector.recycle?.(masked);
  }
}
