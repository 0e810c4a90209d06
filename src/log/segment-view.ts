import { setTimeout as delay } from 'node:timers/promises';
import type { LogPosition } from '../core/log.ts';
import type { LogFileSystem } from './file-system.ts';
import { closeSegment, comparePositions, describeSegment, listSegmentNumbers, type Segment } from './segment-list.ts';

/** The segments of a log as one reader sees them grow. */
export interface SegmentView {
  /** Ascending. */
  segments(): Promise<readonly Segment[]>;
  /**
   * Resolves when there may be records behind `position`, when `signal` aborts, or when the log closes. Where there are none yet, it
   * waits `gatherMs` longer for more of them.
   */
  changed(position: LogPosition, signal: AbortSignal, gatherMs?: number): Promise<void>;
  /** No more records will come. */
  readonly closed: boolean;
  /** Bytes are synced records only. Otherwise the last one may be in the middle of being written. */
  readonly synced: boolean;
}

/** A view of a directory that another process writes: looks again every so often. */
export class PollingView implements SegmentView {
  readonly closed = false;
  readonly synced = false;
  readonly #fs: LogFileSystem;
  readonly #directory: string;
  readonly #pollMs: number;
  readonly #known = new Map<number, Segment>();

  constructor(fs: LogFileSystem, directory: string, pollMs: number) {
    this.#fs = fs;
    this.#directory = directory;
    this.#pollMs = pollMs;
  }

  /** Headers are read once a segment; the size of the last two each time, as they may still change. */
  async segments(): Promise<readonly Segment[]> {
    const numbers = await listSegmentNumbers(this.#fs, this.#directory);
    const found: Segment[] = [];
    for (const [index, number] of numbers.entries()) {
      const known = index < numbers.length - 2 ? this.#known.get(number) : undefined;
      const segment = known ?? (await describeSegment(this.#fs, this.#directory, number));
      if (segment) found.push(segment);
    }
    this.#known.clear();
    for (const [index, segment] of found.entries()) {
      const closed = closeSegment(segment, found[index + 1]);
      found[index] = closed;
      this.#known.set(segment.number, closed);
    }
    return found;
  }

  async changed(_position: LogPosition, signal: AbortSignal): Promise<void> {
    await delay(this.#pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** The view of readers in the writer's own process: woken by each synced append. */
export class WriterView implements SegmentView {
  readonly synced = true;
  readonly #source: { readonly segments: readonly Segment[]; readonly end: LogPosition };
  readonly #waiting = new Set<() => void>();
  #closed = false;

  constructor(source: { readonly segments: readonly Segment[]; readonly end: LogPosition }) {
    this.#source = source;
  }

  get closed(): boolean {
    return this.#closed;
  }

  segments(): Promise<readonly Segment[]> {
    return Promise.resolve(this.#source.segments);
  }

  changed(position: LogPosition, signal: AbortSignal, gatherMs = 0): Promise<void> {
    if (signal.aborted || this.#closed || comparePositions(this.#source.end, position) > 0) return Promise.resolve();
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(woken);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const woken = (): void => {
        if (gatherMs === 0 || this.#closed) done();
        else timer ??= setTimeout(done, gatherMs);
      };
      this.#waiting.add(woken);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  wake(): void {
    for (const woken of [...this.#waiting]) woken();
  }

  close(): void {
    this.#closed = true;
    this.wake();
  }
}
