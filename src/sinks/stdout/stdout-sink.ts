import { write } from 'node:fs';
import { promisify } from 'node:util';
import type { StdoutSinkConfig } from '../../config/sinks/stdout.ts';
import { delivered, errored, type Outcome, type Sink } from '../../core/delivery.ts';
import { Fault } from '../../core/faults.ts';
import type { RecordBatch } from '../../core/log.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import { joinLines, recordLines } from '../shared/record-line.ts';

/** Takes some of the bytes and says how many. */
export type TakeBytes = (bytes: Uint8Array) => Promise<number>;

const writeDescriptor = promisify(write) as (descriptor: number, bytes: Uint8Array) => Promise<unknown>;

/** Standard output by its descriptor: what is taken was taken by whoever reads it, and is not waiting in this process. */
async function standardOutput(bytes: Uint8Array): Promise<number> {
  const { bytesWritten } = (await writeDescriptor(1, bytes)) as { readonly bytesWritten: number };
  return bytesWritten;
}

/** How long to wait for a reader that takes nothing at the moment. */
const againMs = 10;

/** JSON lines on standard output. What of a batch was taken is not taken back: an error in the middle repeats lines. */
export class StdoutSink implements Sink {
  readonly #line: ReturnType<typeof recordLines>;
  readonly #take: TakeBytes;

  constructor(options: StdoutSinkConfig, { product }: Pick<SinkContext, 'product'>, take: TakeBytes = standardOutput) {
    this.#line = recordLines(options.format, product);
    this.#take = take;
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  async check(): Promise<void> {
    await this.#take(new Uint8Array(0)).catch((cause: unknown) => Promise.reject(outputFault(cause)));
  }

  async write({ records }: RecordBatch, signal: AbortSignal): Promise<readonly Outcome[]> {
    let rest: Uint8Array = joinLines(records.map(this.#line), 'lines');
    try {
      while (rest.length > 0) {
        if (signal.aborted) throw interrupted();
        rest = rest.subarray(await this.#some(rest));
      }
      return records.map(() => delivered);
    } catch (cause) {
      const fault = cause instanceof Fault ? cause : outputFault(cause);
      return records.map(() => errored(fault));
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** A pipe may be one that does not wait for its reader. */
  async #some(bytes: Uint8Array): Promise<number> {
    try {
      return await this.#take(bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await new Promise((resolve) => setTimeout(resolve, againMs));
      return 0;
    }
  }
}

function interrupted(): Fault {
  return new Fault('writing was interrupted', { code: 'E_SINK_INTERRUPTED', retryable: true });
}

function outputFault(cause: unknown): Fault {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new Fault(`standard output takes nothing (${code})`, {
    code: 'E_SINK_WRITE',
    remedy: 'Whoever reads it is gone or in trouble: see to that, and start the agent again.',
    retryable: true,
  });
}
