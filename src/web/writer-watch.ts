import type { Clock } from '../core/clock.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import { hasWriter } from '../log/lock-file.ts';

const everyMs = 5_000;

/** Whether an agent writes a data folder, for the status of a process that has none. The status of every second need not look each time. */
export class WriterWatch {
  readonly #directory: string;
  readonly #clock: Clock;
  #atMs = Number.NEGATIVE_INFINITY;
  #last: Promise<boolean | undefined> = Promise.resolve(undefined);

  /** @param dataDirectory of the agent */
  constructor(dataDirectory: string, clock: Clock) {
    this.#directory = `${dataDirectory}/events`;
    this.#clock = clock;
  }

  /** As of five seconds ago at most; undefined where it cannot be told. Never rejects. */
  isThere(): Promise<boolean | undefined> {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#atMs >= everyMs) {
      this.#atMs = nowMs;
      this.#last = hasWriter(nodeFileSystem, this.#directory, this.#clock).catch(() => undefined);
    }
    return this.#last;
  }
}
