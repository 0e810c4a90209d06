import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/faults.ts';
import type { Finding } from '../core/finding.ts';
import type { LogPosition, Reader, RecordBatch } from '../core/log.ts';
import { type MaskedRecord, recordTypes } from '../core/record.ts';
import type { MaskedTile } from '../core/tile.ts';
import { errorCode } from '../log/file-system.ts';
import { encodeEntries, type LogEntry } from '../log/record-encoder.ts';
import type { FindingStage } from './finding-stage.ts';
import type { StateFile } from './state-file.ts';

/** State and position are saved this often: what is redone after a crash costs less than saving after every batch. */
const saveIntervalMs = 5_000;
/** Large states are saved less often, so that saving takes no more than this share of the time. */
const saveShare = 1 / 20;
const advanceIntervalMs = 1_000;

export interface CorrelateOptions {
  readonly reader: Reader;
  readonly stage: Pick<FindingStage, 'push' | 'observe' | 'advance' | 'close' | 'snapshot'>;
  readonly state: StateFile;
  readonly clock: Clock;
  readonly identify: (text: string) => string;
  /** Makes findings durable. */
  readonly append: (tile: MaskedTile) => Promise<void>;
  /** Told of findings once they are durable. */
  readonly found: (findings: readonly Finding[]) => Promise<void>;
  /** Told of a state that could not be saved (`code`: the system's); it is tried again, and until then a restart redoes more. */
  readonly unsaved: (code: string) => void;
}

/** Reads the events log, makes findings, makes them durable, and only then moves on. */
export class CorrelateLoop {
  readonly #options: CorrelateOptions;
  /** Batches and the clock take turns: the stage does one thing at a time. */
  #turn: Promise<void> = Promise.resolve();
  #reached: LogPosition | undefined;
  #savedMs = 0;
  #saveTookMs = 0;

  constructor(options: CorrelateOptions) {
    this.#options = options;
  }

  /** Follows the log until `follow` aborts, then reads what is left; `give up` ends that too. */
  async run(follow: AbortSignal, giveUp: AbortSignal): Promise<void> {
    // A failure stays in the turn and is thrown by what comes next. No batch may come: a full log waits for this reader.
    const failed = new AbortController();
    const timer = setInterval(() => void this.#inTurn(() => this.#advance()).catch(() => failed.abort()), advanceIntervalMs);
    const { reader } = this.#options;
    try {
      for await (const batch of reader.read(AbortSignal.any([follow, failed.signal])))
        await this.#inTurn(() => this.#batch(batch));
      await this.#inTurn(() => this.#trySave());
      for await (const batch of reader.read(giveUp, { follow: false })) await this.#inTurn(() => this.#batch(batch));
    } finally {
      clearInterval(timer);
    }
    await this.#inTurn(() => this.#trySave());
  }

  /** The input has ended for good: everything open is closed, and no state is left. */
  async end(): Promise<void> {
    await this.#publish(this.#options.stage.close());
    await this.#options.state.end();
  }

  #inTurn(action: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(action);
    return this.#turn;
  }

  async #batch(batch: RecordBatch): Promise<void> {
    const { stage } = this.#options;
    const found: Finding[] = [];
    for (const record of batch.records) {
      if (record.type !== recordTypes.event) continue;
      found.push(...stage.push(record));
      stage.observe(record.context?.source ?? '', record.eventTimeUs, record.receivedAtUs);
    }
    dropRecords(batch);
    await this.#publish(found);
    this.#reached = batch.end;
    await this.#saveWhenDue();
  }

  async #advance(): Promise<void> {
    const { stage, clock } = this.#options;
    await this.#publish(stage.advance(clock.nowMs() * 1000));
    // Without it a full log waits for this reader, and this reader for the next record.
    await this.#saveWhenDue();
  }

  async #saveWhenDue(): Promise<void> {
    if (this.#options.clock.nowMs() - this.#savedMs >= Math.max(saveIntervalMs, this.#saveTookMs / saveShare))
      await this.#trySave();
  }

  async #publish(findings: readonly Finding[]): Promise<void> {
    if (findings.length === 0) return;
    const { identify, clock, append, found } = this.#options;
    await append(encodeFindings(findings, identify, clock.nowMs()));
    await found(findings);
  }

  /** A full disk or no free file descriptor is no reason to stop: nothing is lost but time. */
  async #trySave(): Promise<void> {
    try {
      await this.#save();
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined || (error instanceof Fault && !error.retryable)) throw error;
      this.#options.unsaved(code);
    }
  }

  async #save(): Promise<void> {
    const { reader, stage, state, clock } = this.#options;
    this.#savedMs = clock.nowMs();
    if (!this.#reached) return;
    await state.save({ position: this.#reached, snapshot: stage.snapshot() });
    this.#saveTookMs = clock.nowMs() - this.#savedMs;
    await reader.commit(this.#reached);
    this.#reached = undefined;
  }
}

/** A loop holds the batch it has done until the next one comes, and by then its records have come to be old objects. */
function dropRecords({ records }: RecordBatch): void {
  (records as MaskedRecord[]).length = 0;
}

/** Findings as entries: one that is made again is known by its name. */
export function findingEntries(
  findings: readonly Finding[],
  identify: (text: string) => string,
  nowMs: number,
): readonly LogEntry[] {
  return findings.map((value) => ({
    type: 'finding',
    value,
    receivedAtUs: nowMs * 1000,
    eventTimeUs: Date.parse(value.time) * 1000,
    digest: digestOf(value, identify),
  }));
}

/** The same as records. */
export function encodeFindings(findings: readonly Finding[], identify: (text: string) => string, nowMs: number): MaskedTile {
  return encodeEntries(findingEntries(findings, identify, nowMs));
}

/** 32 hex digits: the same for the same revision of the same finding, so that one made again is a repeat. */
function digestOf(finding: Finding, identify: (text: string) => string): string {
  const name = `${finding.id} ${finding.revision}`;
  return (identify(`a ${name}`) + identify(`b ${name}`)).slice(0, 32);
}
