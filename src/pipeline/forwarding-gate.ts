import { Fault } from '../core/faults.ts';
import type { Reader, RecordBatch } from '../core/log.ts';
import type { CanaryMark } from './canary-mark.ts';

/**
 * Whether anything may pass: events into the log, records on to findings and sinks. It is open until masking was seen to
 * fail; then it stays closed for this process, because nobody knows since when.
 */
export class ForwardingGate {
  #why: string | undefined;
  readonly #mark: CanaryMark | undefined;
  /** Told once, of the exit at which the mark was seen. */
  marked: (exit: string) => void = () => undefined;

  /** @param mark what must not be seen at any exit */
  constructor(mark?: CanaryMark) {
    this.#mark = mark;
  }

  /** Why nothing passes; undefined while it is open. */
  get problem(): string | undefined {
    return this.#why;
  }

  close(why: string): void {
    this.#why ??= why;
  }

  /** Looks at bytes that are about to leave. @throws Fault E_MASKING_LEAK where the mark is in them; the gate is closed then */
  check(bytes: Uint8Array, exit: string): void {
    if (!this.#mark?.isIn(bytes)) return;
    const isFirst = this.#why === undefined;
    this.close(`a secret of the self-test was seen at an exit (${exit})`);
    if (isFirst) this.marked(exit);
    throw this.fault();
  }

  /** True at once while open; once closed, false when `signal` aborts and not before. */
  async passes(signal: AbortSignal): Promise<boolean> {
    if (this.#why === undefined) return true;
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    return false;
  }

  fault(): Fault {
    return new Fault(`nothing is forwarded: ${this.#why ?? 'unknown'}`, {
      code: 'E_MASKING_LEAK',
      remedy: 'Try `auditveil masks test` with the same packs; then start again.',
      retryable: true,
    });
  }
}

/** Records with the mark close the gate. */
function checkBatch(batch: RecordBatch, gate: ForwardingGate): void {
  try {
    for (const { payload } of batch.records) gate.check(payload, 'records that were read from a log');
  } catch {
    // The gate is closed: the batch waits behind it.
  }
}

/** A reader that hands nothing on once the gate is closed. `stop` ends its waiting, whatever it was reading for. */
export function gatedReader(reader: Reader, gate: ForwardingGate, stop: AbortSignal): Reader {
  return {
    async *read(signal, options): AsyncGenerator<RecordBatch, void, undefined> {
      for await (const batch of reader.read(signal, options)) {
        checkBatch(batch, gate);
        if (gate.problem !== undefined && !(await gate.passes(AbortSignal.any([signal, stop])))) return;
        yield batch;
      }
    },
    commit: (position) => reader.commit(position),
    close: () => reader.close(),
  };
}
