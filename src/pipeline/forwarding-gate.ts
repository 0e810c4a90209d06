import { Fault } from '../core/faults.ts';
import type { Reader, RecordBatch } from '../core/log.ts';

/**
 * Whether anything may pass: events into the log, records on to findings and sinks. It is open until masking was seen to
 * fail; then it stays closed for this process, because nobody knows since when.
 */
export class ForwardingGate {
  #why: string | undefined;

  /** Why nothing passes; undefined while it is open. */
  get problem(): string | undefined {
    return this.#why;
  }

  close(why: string): void {
    this.#why ??= why;
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

/** A reader that hands nothing on once the gate is closed. `stop` ends its waiting, whatever it was reading for. */
export function gatedReader(reader: Reader, gate: ForwardingGate, stop: AbortSignal): Reader {
  return {
    async *read(signal, options): AsyncGenerator<RecordBatch, void, undefined> {
      for await (const batch of reader.read(signal, options)) {
        if (!(await gate.passes(AbortSignal.any([signal, stop])))) return;
        yield batch;
      }
    },
    commit: (position) => reader.commit(position),
    close: () => reader.close(),
  };
}
