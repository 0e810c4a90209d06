import { readdir, statfs, unlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import { segmentNumber } from '../log/segment-header.ts';
import type { SegmentLog } from '../log/segment-log.ts';
import { sidecarName, sidecarNumber } from '../store/sidecar.ts';

export interface SidecarOptions {
  /** Folder of the events log. */
  readonly directory: string;
  readonly log: Pick<SegmentLog, 'status'>;
  readonly clock: Clock;
  readonly notice: (text: string) => void;
  /** Makes the sidecar of a closed segment, elsewhere; undefined: none are made. */
  readonly make: ((segment: number, signal: AbortSignal) => Promise<unknown>) | undefined;
  /** How often closed and deleted segments are looked for. */
  readonly lookMs?: number;
}

/** What failed is tried again after this. */
const retryMs = 60_000;
/** Names are listed this often, whatever the log says of itself: files may be lost. */
const listMs = 60_000;
const partialName = /^\d{10,}\.parquet\.\d+\.tmp$/;

/**
 * Sees to it that each closed segment has its sidecar and none is left of a deleted one, aside from the work: what fails is said
 * and tried again, and events never wait for it. Old segments come after new ones, and take half of the time at most.
 */
export class SidecarKeeping {
  readonly #options: SidecarOptions;
  readonly #over = new AbortController();
  readonly #running: Promise<void>;
  #said: string | undefined;
  #seen = '';
  #listedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: SidecarOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Never rejects. */
  async stop(): Promise<void> {
    this.#over.abort();
    await this.#running;
    await this.#withoutOrphans().catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { lookMs = limits.sidecarLookMs } = this.#options;
    await this.#clean().catch(() => undefined);
    for (let waitMs = lookMs; !this.#over.signal.aborted; ) {
      await delay(waitMs, undefined, { signal: this.#over.signal, ref: false }).catch(() => undefined);
      if (this.#over.signal.aborted) return;
      const beganMs = this.#options.clock.nowMs();
      try {
        const isDone = await this.#look();
        this.#said = undefined;
        waitMs = isDone ? lookMs : Math.max(1, this.#options.clock.nowMs() - beganMs);
      } catch (error) {
        this.#say(error);
        waitMs = Math.max(lookMs, Math.min(retryMs, lookMs * 60));
      }
    }
  }

  /** One step: at most one sidecar is made. @returns whether there is nothing more to do now */
  async #look(): Promise<boolean> {
    const { log, make, clock } = this.#options;
    const { end, segments, full } = log.status();
    if (full) await this.#giveWay();
    const seen = `${end.segment} ${segments}`;
    if (full || (seen === this.#seen && clock.nowMs() - this.#listedAtMs < listMs)) return true;
    const { kept, made } = await this.#withoutOrphans();
    const missing = [...kept].filter((number) => number !== undefined && number < end.segment && !made.has(number));
    const newest = Math.max(...missing.map(Number));
    if (make && missing.length > 0) await make(newest, this.#over.signal);
    if (make && missing.length > 1) return false;
    [this.#seen, this.#listedAtMs] = [seen, clock.nowMs()];
    return true;
  }

  /** Segments and sidecars that are there, once sidecars of deleted segments are not. */
  async #withoutOrphans(): Promise<Readonly<Record<'kept' | 'made', ReadonlySet<number | undefined>>>> {
    const { directory } = this.#options;
    const names = await readdir(directory);
    const kept = new Set(names.map(segmentNumber));
    const made = new Set(names.map(sidecarNumber));
    for (const number of made)
      if (number !== undefined && !kept.has(number)) await unlink(`${directory}/${sidecarName(number)}`).catch(() => undefined);
    return { kept, made };
  }

  /** A disk that is full keeps events rather than sidecars: the oldest one goes. */
  async #giveWay(): Promise<void> {
    const { directory, notice } = this.#options;
    const { bavail, bsize } = await statfs(directory);
    if (bavail * bsize >= limits.storeFreeBytes / 2) return;
    const [oldest] = (await readdir(directory)).flatMap((name) => sidecarNumber(name) ?? []).sort((a, b) => a - b);
    if (oldest === undefined) return;
    await unlink(`${directory}/${sidecarName(oldest)}`);
    if (this.#said !== 'full') notice('the disk is full: files that make questions quick are given up for room');
    this.#said = 'full';
  }

  /** What a process left that was killed over it. */
  async #clean(): Promise<void> {
    const { directory } = this.#options;
    for (const name of await readdir(directory))
      if (partialName.test(name)) await unlink(`${directory}/${name}`).catch(() => undefined);
  }

  /** Once for each cause, however often it is tried. */
  #say(error: unknown): void {
    if (this.#over.signal.aborted) return;
    const { code = 'unknown' } = error as { readonly code?: string };
    if (code === this.#said) return;
    this.#said = code;
    const why = error instanceof Fault ? `${error.message} (${code}). ${error.remedy ?? ''}` : `(${code})`;
    this.#options.notice(
      `files that make questions quick could not be written: ${why}; it is tried again, nothing else waits for it`,
    );
  }
}
