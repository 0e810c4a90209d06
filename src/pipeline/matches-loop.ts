import type { Clock } from '../core/clock.ts';
import type { Finding } from '../core/finding.ts';
import type { MaskedRecord } from '../core/record.ts';
import type { MaskedTile } from '../core/tile.ts';
import type { ConsumerKeeper } from '../kafka/consumer-keeper.ts';
import type { Committed, IncomingBatch, IncomingMessage } from '../kafka/kafka-client.ts';
import type { RecordUnpacker } from '../sources/kafka/record-unpacker.ts';
import { encodeFindings } from './correlate-loop.ts';
import type { FindingStage } from './finding-stage.ts';
import { oldestEpisodeMs } from './rebuild-state.ts';
import { ReplayMarks } from './replay-marks.ts';
import { TileRecords } from './tile-records.ts';

const advanceIntervalMs = 1_000;
/** Records of one partition that are known again when they come twice. */
const rememberedRecords = 250_000;
/** What fell due so shortly before a worker was killed may not have been reported: time lags so much behind while windows are made again. */
const dueAgainUs = 5_000_000;

export interface MatchesLoopOptions {
  readonly keeper: ConsumerKeeper;
  readonly unpacker: RecordUnpacker;
  readonly makeStage: () => FindingStage;
  /** How long before a record others may still matter to the windows it is in, milliseconds. */
  readonly reachMs: number;
  readonly clock: Clock;
  readonly identify: (text: string) => string;
  /** Makes findings durable. */
  readonly append: (tile: MaskedTile) => Promise<void>;
  /** Told of findings once they are durable. */
  readonly found: (findings: readonly Finding[]) => Promise<void>;
  /** Told of windows that are rebuilt: partition, offsets. */
  readonly rebuilding: (partition: number, from: bigint, to: bigint) => void;
}

/** The windows of one partition. */
interface Windows {
  readonly stage: FindingStage;
  readonly records: TileRecords;
  readonly marks: ReplayMarks;
  /** What stands before it was reported by whoever had the partition. */
  readonly reportedBefore: bigint;
  /** Where reading goes on. */
  next: bigint;
  /** Where the batch began that had messages missing before it. */
  gapBefore?: bigint;
  /** How far time has come, microseconds. */
  advancedUs: number;
  /** Records that time does not know of yet, in their order. */
  readonly unobserved: MaskedRecord[];
}

/**
 * Rules over several events, for the partitions of the matches topic that this worker has. Windows are in memory alone: when a
 * partition comes here they are made again by reading as far back as windows and lateness reach, in silence up to the committed
 * offset. Findings are durable before an offset is committed; one that is made twice has the same id and revision.
 */
export class MatchesLoop {
  readonly #options: MatchesLoopOptions;
  readonly #windows = new Map<number, Windows>();
  /** Batches and the clock take turns: a stage does one thing at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #failed: ((error: unknown) => void) | undefined;

  constructor(options: MatchesLoopOptions) {
    this.#options = options;
  }

  /** Ends when the signal aborts. @throws what making findings durable throws, where trying again cannot help */
  async run(signal: AbortSignal): Promise<void> {
    const { keeper } = this.#options;
    const timer = setInterval(() => void this.#inTurn(() => this.#advance()).catch(this.#fail), advanceIntervalMs);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#failed = reject;
        const handler = {
          assigned: (partitions: readonly number[]) => this.#inTurn(() => this.#assigned(partitions)),
          batch: (batch: IncomingBatch) => this.#inTurn(() => this.#batch(batch)),
        };
        keeper.run(handler, signal).then(resolve, reject);
      });
    } finally {
      clearInterval(timer);
      await keeper.close();
    }
  }

  readonly #fail = (error: unknown): void => this.#failed?.(error);

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(action);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #assigned(partitions: readonly number[]): Promise<void> {
    const { keeper, unpacker } = this.#options;
    unpacker.keepOnly(partitions);
    const committed = partitions.length === 0 ? new Map<number, Committed>() : await keeper.consumer?.committed();
    for (const partition of this.#windows.keys()) if (!partitions.includes(partition)) this.#windows.delete(partition);
    for (const partition of partitions) this.#begin(partition, committed?.get(partition));
  }

  /** Windows that went up to the committed offset are still right: nobody had the partition in between. */
  #begin(partition: number, committed: Committed | undefined): void {
    const { keeper, makeStage, reachMs, rebuilding } = this.#options;
    const to = committed?.offset ?? 0n;
    if (this.#windows.get(partition)?.next === to) return;
    const from = to === 0n ? 0n : (noteOf(committed?.note) ?? 0n);
    const stage = makeStage();
    const marks = new ReplayMarks(reachMs, from, () => oldestEpisodeMs(stage.snapshot()));
    const records = new TileRecords(rememberedRecords);
    this.#windows.set(partition, { stage, records, marks, reportedBefore: to, next: from, advancedUs: 0, unobserved: [] });
    if (from === to) return;
    rebuilding(partition, from, to);
    keeper.consumer?.seek(partition, from);
  }

  async #batch({ partition, messages, isStale }: IncomingBatch): Promise<void> {
    const windows = this.#windows.get(partition);
    if (!windows || isStale() || this.#asksAgain(partition, windows, messages[0]?.offset)) return;
    // What stands before was read.
    const fresh = messages.filter(({ offset }) => offset >= windows.next);
    const found = fresh.flatMap((message) => this.#message(partition, message, windows));
    await this.#publish(found);
    const { keeper, unpacker } = this.#options;
    if (windows.next <= windows.reportedBefore || this.#windows.get(partition) !== windows) return;
    const offset = unpacker.heldAt(partition) ?? windows.next;
    await keeper.commit([{ partition, offset, note: String(windows.marks.from) }]);
  }

  /**
   * Where messages before the batch have not been read, it was fetched before a seek, from another broker perhaps: reading goes on from
   * where the windows end. What begins at the same place then is taken: Kafka no longer has what is missing.
   */
  #asksAgain(partition: number, windows: Windows, begins: bigint | undefined): boolean {
    if (begins === undefined || begins <= windows.next || begins === windows.gapBefore) return false;
    windows.gapBefore = begins;
    this.#options.keeper.consumer?.seek(partition, windows.next);
    return true;
  }

  #message(partition: number, message: IncomingMessage, windows: Windows): readonly Finding[] {
    const { unpacker, clock } = this.#options;
    const { stage, records, marks, reportedBefore } = windows;
    const nowMs = clock.nowMs();
    const { events } = unpacker.unpack(partition, [message], nowMs);
    windows.next = message.offset + 1n;
    const found: Finding[] = [];
    for (const { record } of events ? records.of(events, nowMs, true) : []) {
      marks.pass(message.offset, record.receivedAtUs / 1000);
      // While much is read at once the clock says nothing: time is when the records came.
      const passedUs = record.receivedAtUs - (message.offset < reportedBefore ? dueAgainUs : 0);
      observe(windows, message.offset < reportedBefore ? passedUs : Number.POSITIVE_INFINITY);
      if (passedUs - windows.advancedUs >= advanceIntervalMs * 1000) {
        windows.advancedUs = passedUs;
        found.push(...stage.advance(passedUs));
      }
      found.push(...stage.push(record));
      windows.unobserved.push(record);
    }
    return message.offset < reportedBefore ? [] : found;
  }

  async #advance(): Promise<void> {
    const nowUs = this.#options.clock.nowMs() * 1000;
    for (const windows of this.#windows.values()) {
      if (windows.next < windows.reportedBefore) continue;
      observe(windows, Number.POSITIVE_INFINITY);
      await this.#publish(windows.stage.advance(nowUs));
    }
  }

  async #publish(findings: readonly Finding[]): Promise<void> {
    if (findings.length === 0) return;
    const { append, found, identify, clock } = this.#options;
    try {
      await append(encodeFindings(findings, identify, clock.nowMs()));
      await found(findings);
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }
}

/** Tells time of the records that came up to then, microseconds. */
function observe({ stage, unobserved }: Windows, upToUs: number): void {
  const end = unobserved.findIndex(({ receivedAtUs }) => receivedAtUs > upToUs);
  for (const { context, eventTimeUs, receivedAtUs } of unobserved.splice(0, end < 0 ? unobserved.length : end))
    stage.observe(context?.source ?? '', eventTimeUs, receivedAtUs);
}

const noteOf = (note: string | undefined): bigint | undefined =>
  note !== undefined && /^\d{1,19}$/.test(note) ? BigInt(note) : undefined;
