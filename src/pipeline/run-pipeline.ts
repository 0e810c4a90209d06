import type { Clock } from '../core/clock.ts';
import type { Delivery, Source } from '../core/delivery.ts';
import { Fault } from '../core/faults.ts';
import type { Finding } from '../core/finding.ts';
import type { AppendResult, LogPosition, Reader } from '../core/log.ts';
import type { MaskedTile, TileInspector } from '../core/tile.ts';
import type { SegmentLog } from '../log/segment-log.ts';
import type { RouteTree } from '../routing/route-tree.ts';
import type { SilenceBook } from '../routing/silence-book.ts';
import type { FindingStage } from './finding-stage.ts';
import { type ForwardingGate, gatedReader } from './forwarding-gate.ts';
import type { Meter } from './meter.ts';
import { type MakeMatchesLoop, openCorrelation } from './open-correlation.ts';
import { openSinks } from './open-sinks.ts';
import { appendFault, OrderedKeeper } from './ordered-keeper.ts';
import { type NamedSink, prepareSinkLoop, type SinkParts } from './prepare-sink-loop.ts';
import { retry } from './retry.ts';
import { routedReader } from './routed-reader.ts';
import { silencedReader } from './silenced-reader.ts';
import type { StateFile } from './state-file.ts';
import { type NamedRecordSource, takeRecords } from './take-records.ts';

export interface NamedSource {
  readonly name: string;
  readonly source: Source;
}

export interface PipelineParts extends SinkParts {
  readonly sources: readonly NamedSource[];
  /** Where records come from that other processes masked. */
  readonly recordSources?: readonly NamedRecordSource[];
  /** Whether findings are made of the events; absent: yes. An agent leaves it to the workers. */
  readonly correlates?: boolean;
  /** Rules over several events work on the topic of matches; absent: on the events log. */
  readonly matches?: MakeMatchesLoop;
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
  /** Findings that people do not want to be told of; absent: none. */
  readonly silences?: SilenceBook;
  /** How long work in flight may take after the stop. */
  readonly graceMs: number;
  /** Closes when masking was seen to fail; absent: always open. */
  readonly gate?: ForwardingGate;
  /** All sources end by themselves: once the gate is closed there is nothing to wait for, and the run fails. */
  readonly endsByItself?: boolean;
  /** Told when sources and sinks are open. */
  readonly opened?: () => void;
  /** Aborts with `stop` where another pipeline takes this one's place: it is given again what cannot be written now. */
  readonly giveWay?: AbortSignal;
}

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
  /** From then on what could not be written is not tried again. */
  readonly #lastTry: AbortSignal;

  constructor(parts: PipelineParts, stop: AbortSignal) {
    this.#parts = parts;
    this.#stop = stop;
    this.#lastTry = AbortSignal.any([this.#giveUp.signal, ...(parts.giveWay ? [parts.giveWay] : [])]);
    this.#sourcesStop = AbortSignal.any([stop, this.#failed.signal]);
  }

  async run(): Promise<PipelineEnd> {
    const { sources, recordSources = [], sinks, findings } = this.#parts;
    const openings = await this.#open();
    const grace = this.#armGrace();
    const append = async (tile: MaskedTile): Promise<void> => void (await this.#append(findings, [tile]));
    const correlate = await openCorrelation(this.#parts, (reader) => this.#gated(reader), append);
    const loops = [this.#guard(() => correlate.run(this.#inputEnded.signal, this.#giveUp.signal))];
    for (const [i, named] of sinks.entries()) {
      const run = await this.#sinkLoop(named, openings[i]);
      loops.push(this.#guard(run));
    }
    try {
      const inputs = sources.map((named) => this.#guard(() => this.#ingest(named)));
      const taken = recordSources.map((named) => this.#guard(() => takeRecords(named, this.#parts, this.#sourcesStop)));
      await Promise.all([...inputs, ...taken]);
      this.#inputEnded.abort();
      await loops[0];
      const isFinished = !this.#sourcesStop.aborted;
      if (isFinished) await this.#guard(() => correlate.end());
      this.#findingsEnded.abort();
      await Promise.all(loops);
      for (const { source } of [...sources, ...recordSources]) await source.close();
      if (this.#failed.signal.aborted) throw this.#failed.signal.reason as Error;
      return isFinished ? 'finished' : 'stopped';
    } finally {
      grace();
    }
  }

  /** What was opened before something could not be is closed again: another pipeline may take its place. */
  async #open(): Promise<readonly Promise<Fault | undefined>[]> {
    const { recordSources = [], sinks, opened, notice = () => undefined } = this.#parts;
    const sources = [...this.#parts.sources, ...recordSources];
    try {
      const openings = await openSinks(sinks, this.#stop, notice);
      for (const { source } of sources) await source.open(this.#stop);
      opened?.();
      return openings;
    } catch (error) {
      for (const { source } of sources) await source.close().catch(() => undefined);
      for (const { sink } of sinks) await sink.close().catch(() => undefined);
      throw error;
    }
  }

  /** The loop that feeds a sink, ready to run. */
  async #sinkLoop(named: NamedSink, opening: Promise<Fault | undefined> | undefined): Promise<() => Promise<void>> {
    const { events, findings } = this.#parts;
    const ended = (named.content === 'events' ? this.#inputEnded : this.#findingsEnded).signal;
    return prepareSinkLoop(named, {
      parts: this.#parts,
      log: named.content === 'events' ? events : findings,
      wrap: (reader) => (named.content === 'findings' ? this.#chosen(this.#gated(reader), named) : this.#gated(reader)),
      opening,
      signals: { ended, leave: this.#sourcesStop, giveUp: this.#giveUp.signal },
    });
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
    const isLate = this.#lastTry.aborted && error instanceof Fault && error.retryable;
    if (!isLate && !this.#failed.signal.aborted) this.#failed.abort(error);
  }

  async #append(log: SegmentLog, tiles: readonly MaskedTile[]): Promise<readonly AppendResult[]> {
    const exit = log === this.#parts.events ? 'the events log' : 'the findings log';
    for (const { bytes } of tiles) this.#parts.gate?.check(bytes, exit);
    return retry(
      () => log.appendAll(tiles),
      this.#lastTry,
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
      append: async (tiles) => {
        for (const { appended } of await this.#append(this.#parts.events, tiles)) this.#parts.meter.storedOf(name, appended);
      },
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

  /** The findings that are for one sink. */
  #chosen(reader: Reader, { name: sink, heedSilences = false }: NamedSink): Reader {
    const { routes, meter, silences, clock } = this.#parts;
    const silenced = (count: number): void => meter.sunk(sink, 'silenced', count);
    const heard = silences && heedSilences ? silencedReader(reader, { silences, clock, silenced }) : reader;
    return routes ? routedReader(heard, { routes, sink, muted: (count) => meter.sunk(sink, 'muted', count) }) : heard;
  }

  /** Keeps a tile by itself; what may work later is left to the sender. */
  async #keepOnce(name: string, delivery: Delivery, inspected: Promise<MaskedTile>): Promise<void> {
    try {
      const masked = await inspected;
      this.#parts.gate?.check(masked.bytes, 'the events log');
      const { appended } = await this.#parts.events.append(masked);
      this.#parts.meter.storedOf(name, appended);
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
