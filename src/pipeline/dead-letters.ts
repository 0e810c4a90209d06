import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import { openLog } from '../log/open-log.ts';
import { readPosition } from '../log/position-file.ts';
import { encodeEntries } from '../log/record-encoder.ts';
import type { PruneResult } from '../log/retention.ts';
import type { SegmentLog } from '../log/segment-log.ts';
import { storedTile } from '../log/stored-tile.ts';
import type { Rejection } from './sink-delivery.ts';

/** The note that stands in front of each record in a log of dead letters. Words of ours. */
export interface RejectionNote {
  readonly note: 'rejected';
  readonly sink: string;
  /** RFC 3339. */
  readonly at: string;
  readonly code: string;
  readonly reason: string;
  readonly [detail: string]: unknown;
}

/** The reader that `replay` has, by its name. */
export const replayReader = 'replay';

/** The folder of what a sink rejected. */
export function deadLetterFolder(dataDirectory: string, sink: string): string {
  return join(dataDirectory, 'dead-letters', sink);
}

export interface DeadLettersOptions {
  /** The data folder of the agent. */
  readonly directory: string;
  readonly clock: Clock;
  /** For each sink. */
  readonly maxBytes: number;
  /** Told of what had to go before it was sent again, to make room. */
  readonly deleted: (sink: string, bytes: number) => void;
}

const largestSegmentBytes = 16 * 1024 * 1024;

/**
 * Keeps what sinks rejected, masked as it is, each record behind a note with the reason: a log for each sink, made when there is
 * something to keep. Nothing holds it: beyond its size the oldest segments go.
 */
export class DeadLetters {
  readonly #options: DeadLettersOptions;
  readonly #logs = new Map<string, Promise<SegmentLog>>();

  constructor(options: DeadLettersOptions) {
    this.#options = options;
  }

  /** Resolves once all of it is on stable storage. @throws Fault, retryable, where there is no room or another process writes there */
  async keep(sink: string, rejections: readonly Rejection[]): Promise<void> {
    const receivedAtUs = this.#options.clock.nowMs() * 1000;
    const at = new Date(receivedAtUs / 1000).toISOString();
    const tiles = rejections.flatMap(({ record, fault: { code, message: reason } }) => {
      const note: RejectionNote = { note: 'rejected', sink, at, code, reason };
      return [encodeEntries([{ type: 'note', value: note, receivedAtUs }]), storedTile(record)];
    });
    await (await this.#open(sink)).appendAll(tiles);
  }

  async close(): Promise<void> {
    const logs = await Promise.allSettled(this.#logs.values());
    for (const log of logs) if (log.status === 'fulfilled') await log.value.close();
  }

  #open(sink: string): Promise<SegmentLog> {
    const known = this.#logs.get(sink);
    if (known) return known;
    const { directory, clock, maxBytes } = this.#options;
    const opening = openLog({
      ...{ directory: deadLetterFolder(directory, sink), name: 'dead-letters', clock, maxBytes },
      segmentBytes: Math.min(largestSegmentBytes, Math.floor(maxBytes / 8)),
      reserveBytes: 0,
      onPruned: (pruned) => void this.#pruned(sink, pruned),
    });
    this.#logs.set(sink, opening);
    // What cannot be opened now may be later.
    opening.catch(() => this.#logs.delete(sink));
    return opening;
  }

  async #pruned(sink: string, { segments, bytes }: PruneResult): Promise<void> {
    const folder = deadLetterFolder(this.#options.directory, sink);
    const replayed = await readPosition(nodeFileSystem, folder, replayReader).catch(() => undefined);
    const last = segments.at(-1) ?? 0;
    if (replayed === undefined || replayed === 'damaged' || replayed.position.segment <= last) this.#options.deleted(sink, bytes);
  }
}
