import type { Commit } from '../../kafka/kafka-client.ts';

/** Offsets are committed this often under load: what is read again after a crash is so much at most. */
const intervalMs = 250;

/** Commits offsets, several partitions at a time, and not more often than they are worth. */
export class OffsetKeeper {
  readonly #commit: (commits: readonly Commit[]) => Promise<void>;
  readonly #nowMs: () => number;
  readonly #waiting = new Map<number, bigint>();
  #lastMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(commit: (commits: readonly Commit[]) => Promise<void>, nowMs: () => number) {
    this.#commit = commit;
    this.#nowMs = nowMs;
  }

  /** Everything of the partition before this offset is in the log. */
  async done(partition: number, offset: bigint): Promise<void> {
    this.#waiting.set(partition, offset);
    const dueMs = this.#lastMs + intervalMs - this.#nowMs();
    if (dueMs <= 0) await this.flush();
    // A failure shows itself with the next batch.
    else this.#timer ??= setTimeout(() => void this.flush().catch(() => undefined), dueMs).unref();
  }

  /** Whoever has the partitions now counts from what was committed. */
  forget(): void {
    this.#waiting.clear();
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    const commits = Array.from(this.#waiting, ([partition, offset]) => ({ partition, offset }));
    this.#waiting.clear();
    this.#lastMs = this.#nowMs();
    await this.#commit(commits);
  }
}
