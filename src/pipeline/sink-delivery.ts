import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import { errored, type Outcome, type Sink } from '../core/delivery.ts';
import { Fault } from '../core/faults.ts';
import type { LogPosition, Reader, RecordBatch } from '../core/log.ts';
import type { MaskedRecord } from '../core/record.ts';
import type { AgeLimit } from './age-limit.ts';
import { Breaker, type BreakerState, backoffMs } from './breaker.ts';
import type { Meter } from './meter.ts';
import { type BatchBounds, partsOf } from './parts-of.ts';
import { retry } from './retry.ts';
import { concerns, type SinkFilter } from './sink-filter.ts';

/** A record that a sink will never take, and why. */
export interface Rejection {
  readonly record: MaskedRecord;
  readonly fault: Fault;
}

export interface SinkDeliveryOptions {
  readonly name: string;
  readonly sink: Sink;
  readonly reader: Pick<Reader, 'commit'>;
  readonly filter: SinkFilter;
  readonly batch: BatchBounds;
  readonly meter: Pick<Meter, 'sunk'> & { readonly sinks: Pick<Meter['sinks'], 'retried'> };
  /** Absent: nothing is too old. */
  readonly ageLimit?: AgeLimit | undefined;
  /** Keeps what was rejected; resolves once that is durable. @throws Fault, retryable, where it cannot be kept now */
  readonly reject: (rejections: readonly Rejection[]) => Promise<void>;
  /** The first opening, where that has begun already: why it failed. */
  readonly opening?: Promise<Fault | undefined> | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly notice: (text: string) => void;
  /** Resolves after so many milliseconds, or when the signal aborts; given by tests that have no time. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What one attempt left over, and why. */
interface Attempt {
  readonly rest: readonly MaskedRecord[];
  /** Something was delivered or rejected: the other side is there. */
  readonly moved: boolean;
  readonly fault: Fault | undefined;
  readonly retryAfterMs: number;
}

/** Brings batches to one sink: one attempt at a time, as often as it takes. */
export class SinkDelivery {
  readonly #options: SinkDeliveryOptions;
  readonly #leave: AbortSignal;
  readonly #giveUp: AbortSignal;
  readonly #breaker = new Breaker();
  #opening: Promise<Fault | undefined> | undefined;
  #isOpen = false;
  #oldestUs: number | undefined;

  /** @param leave the process wants to end: waiting for a sink that is down is over. @param giveUp everything is over */
  constructor(options: SinkDeliveryOptions, leave: AbortSignal, giveUp: AbortSignal) {
    this.#options = options;
    this.#opening = options.opening;
    this.#leave = leave;
    this.#giveUp = giveUp;
  }

  get breaker(): BreakerState {
    return this.#breaker.state;
  }

  /** Seconds since the oldest record in hand was received; 0 where there is none. */
  get ageSeconds(): number {
    return this.#oldestUs === undefined ? 0 : Math.max(0, this.#options.clock.nowMs() / 1000 - this.#oldestUs / 1e6);
  }

  /** @returns false where it left before the batch was done: then nothing of it is committed, and all of it comes again */
  async deliver(batch: RecordBatch): Promise<boolean> {
    const { filter, reader } = this.#options;
    const wanted = batch.records.filter((record) => concerns(filter, record));
    this.#oldestUs = wanted[0]?.receivedAtUs;
    for (const part of partsOf(wanted, this.#options.batch)) if (!(await this.#write(part, batch.end))) return false;
    await this.#untilDurable(() => reader.commit(batch.end));
    this.#oldestUs = undefined;
    return true;
  }

  async #write(records: readonly MaskedRecord[], end: LogPosition): Promise<boolean> {
    let rest = records;
    for (;;) {
      // At each attempt: a sink that is down for days must not hold the log for one batch.
      rest = this.#fresh(rest);
      if (rest.length === 0) return true;
      const { rest: left, moved, fault, retryAfterMs } = await this.#attempt({ records: rest, end });
      rest = left;
      if (moved && this.#breaker.passed()) this.#options.notice('it takes records again');
      if (fault === undefined) continue;
      this.#failed(rest.length, fault);
      if (!(await this.#pause(retryAfterMs))) return false;
    }
  }

  #fresh(records: readonly MaskedRecord[]): readonly MaskedRecord[] {
    const { ageLimit, meter, name } = this.#options;
    const fresh = ageLimit?.fresh(records) ?? records;
    if (fresh.length < records.length) meter.sunk(name, 'skipped', records.length - fresh.length);
    return fresh;
  }

  async #attempt(batch: RecordBatch): Promise<Attempt> {
    const { sink } = this.#options;
    this.#breaker.attempt();
    let outcomes: readonly Outcome[];
    try {
      await this.#ready();
      outcomes = await this.#within(sink.write(batch, this.#giveUp));
    } catch (error) {
      return { rest: batch.records, moved: false, fault: faultOf(error), retryAfterMs: 0 };
    }
    return this.#settle(batch.records, outcomes);
  }

  /** Opens the sink where it is not; behind an open breaker it has to prove itself before it is given anything. */
  async #ready(): Promise<void> {
    const { sink } = this.#options;
    if (this.#opening) {
      const fault = await this.#within(this.#opening);
      this.#opening = undefined;
      if (fault) throw fault;
      this.#isOpen = true;
    }
    const isProbe = this.#breaker.state === 'half-open';
    if (!this.#isOpen || isProbe) await this.#within(sink.open(this.#giveUp));
    this.#isOpen = true;
    if (isProbe) await this.#within(sink.check(this.#giveUp));
  }

  /** What a sink does, no longer than until everything is given up: one that hears no signal must not keep the process. */
  #within<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (): void => reject(new Fault('it was given up', { code: 'E_SINK_INTERRUPTED', retryable: true }));
      if (this.#giveUp.aborted) end();
      this.#giveUp.addEventListener('abort', end, { once: true });
      void work.then(resolve, reject).finally(() => this.#giveUp.removeEventListener('abort', end));
    });
  }

  async #settle(records: readonly MaskedRecord[], given: readonly Outcome[]): Promise<Attempt> {
    const { name, sink, meter, ageLimit, reject } = this.#options;
    const outcomes = records.map((_, i) => given[i] ?? errored(unanswered()));
    const rejections = outcomes.flatMap((outcome, i) =>
      outcome.status === 'rejected' ? [{ record: records[i] as MaskedRecord, fault: outcome.fault }] : [],
    );
    if (rejections.length > 0) {
      await this.#untilDurable(() => reject(rejections));
      meter.sunk(name, 'rejected', rejections.length);
    }
    const first = outcomes.findIndex(({ status }) => status === 'errored');
    const again = (status: Outcome['status'], i: number): boolean =>
      status === 'errored' || (sink.keepsOrder === true && status === 'delivered' && first >= 0 && i > first);
    const rest = records.filter((_, i) => again((outcomes[i] as Outcome).status, i));
    const delivered = records.length - rest.length - rejections.length;
    if (delivered > 0) meter.sunk(name, 'delivered', delivered);
    const moved = outcomes.some(({ status }) => status !== 'errored');
    if (moved) ageLimit?.delivered();
    const why = outcomes[first];
    return why?.status === 'errored'
      ? { rest, moved, fault: why.fault, retryAfterMs: longestWait(outcomes) }
      : { rest, moved, fault: undefined, retryAfterMs: 0 };
  }

  #failed(records: number, fault: Fault): void {
    const { name, meter, notice } = this.#options;
    meter.sunk(name, 'errored', records);
    meter.sinks.retried(name, fault.code);
    if (!this.#breaker.failed()) return;
    const remedy = fault.remedy === undefined ? '' : `\n  ${fault.remedy}`;
    notice(`it takes nothing: ${fault.message} (${fault.code}). It is tried again; nothing is lost meanwhile.${remedy}`);
  }

  /** False where there is nothing more to wait for. */
  async #pause(retryAfterMs: number): Promise<boolean> {
    const { failures, state } = this.#breaker;
    const waitMs = backoffMs(failures, state === 'open', this.#options.random(), retryAfterMs);
    const isLeaving = this.#leave.aborted;
    // Somebody who leaves does not wait for a sink that is down; for one that failed a moment ago he does.
    if (this.#giveUp.aborted || (isLeaving && state === 'open')) return false;
    const signal = isLeaving ? this.#giveUp : AbortSignal.any([this.#leave, this.#giveUp]);
    await (this.#options.wait ?? sleep)(waitMs, signal);
    return !this.#giveUp.aborted && !(this.#leave.aborted && this.#breaker.state === 'open');
  }

  #untilDurable(action: () => Promise<void>): Promise<void> {
    return retry(action, this.#giveUp, (fault) => this.#options.meter.sinks.retried(this.#options.name, fault.code));
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => undefined);
}

function longestWait(outcomes: readonly Outcome[]): number {
  return outcomes.reduce((most, outcome) => Math.max(most, outcome.status === 'errored' ? (outcome.retryAfterMs ?? 0) : 0), 0);
}

function unanswered(): Fault {
  return new Fault('the sink gave no outcome for a record', { code: 'E_SINK_UNANSWERED', retryable: true });
}

/** What a sink throws that is no fault of ours may quote anything: it is not shown. */
function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  return new Fault('the sink failed in an unexpected way', {
    code: 'E_SINK_UNEXPECTED',
    remedy: 'This is a fault of this program: please report it with the type of the sink.',
    retryable: true,
  });
}
