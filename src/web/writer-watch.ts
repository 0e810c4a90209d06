import type { Clock } from '../core/clock.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import { hasWriter } from '../log/lock-file.ts';

const everyMs = 5_000;

/** Whether an agent writes a data folder, for the status of a process that has none: looked at anew every five seconds while somebody asks. */
export class WriterWatch {
  readonly #directory: string;
  readonly #clock: Clock;
  #atMs = Number.NEGATIVE_INFINITY;
  #isThere: boolean | undefined;

  /** @param dataDirectory of the agent */
  constructor(dataDirectory: string, clock: Clock) {
    this.#directory = `${dataDirectory}/events`;
    this.#clock = clock;
  }

  /** As of five seconds ago at most, once it has been asked for; undefined before that, and where it cannot be told. */
  get isThere(): boolean | undefined {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#atMs >= everyMs) {
      this.#atMs = nowMs;
      void this.look();
    }
    return this.#isThere;
  }

  /** Looks once. Never rejects. */
  async look(): Promise<void> {
    this.#isThere = await hasWriter(nodeFileSystem, this.#directory, this.#clock).catch(() => undefined);
  }
}
