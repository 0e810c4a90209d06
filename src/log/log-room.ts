import { type PruneOptions, type PruneResult, pruneSegments } from './retention.ts';
import type { SegmentLogOptions } from './segment-log-options.ts';

/** Asks a reader to come further. Resolves with whether it did, once something that it held may be deleted or it can do no more. */
export type Hurry = () => Promise<boolean>;

/** Deletes the oldest closed segments of a log, as far as no reader needs them. Not re-entrant: one call at a time. */
export class LogRoom {
  readonly #options: SegmentLogOptions;
  readonly #hurries = new Map<string, Hurry>();
  /** By what asked for it: each is looked at by itself, at other times. */
  readonly #heldBy = new Map<'size' | 'age', readonly string[]>();

  constructor(options: SegmentLogOptions) {
    this.#options = options;
  }

  /** Because of whom something could not be deleted when that was tried last. */
  get heldBy(): readonly string[] {
    return [...new Set([...this.#heldBy.values()].flat())];
  }

  /** From now on the reader is asked to come further before something is refused because of it. */
  attach(reader: string, hurry: Hurry): void {
    this.#hurries.set(reader, hurry);
  }

  detach(reader: string): void {
    this.#hurries.delete(reader);
  }

  async prune(options: PruneOptions): Promise<PruneResult> {
    const { fs, directory, writer, clock, onPruned, keepMs, timeHolds } = this.#options;
    const pruned = await pruneSegments(fs, directory, writer, { keepMs, ...options }, clock.nowMs(), timeHolds);
    this.#heldBy.set(options.maxAgeMs === undefined ? 'size' : 'age', pruned.heldBy);
    if (pruned.segments.length > 0) onPruned(pruned);
    return pruned;
  }

  /** Undefined where the log is not larger than that now; otherwise the readers because of which it is. */
  async shrink(maxBytes: number): Promise<readonly string[] | undefined> {
    const { writer } = this.#options;
    let { heldBy } = await this.prune({ maxBytes });
    if (writer.totalBytes > maxBytes && writer.filled) {
      await writer.roll();
      ({ heldBy } = await this.prune({ maxBytes }));
    }
    // Ends: nothing is appended meanwhile, so that no reader comes further for ever.
    while (writer.totalBytes > maxBytes && (await this.#hurry(heldBy))) ({ heldBy } = await this.prune({ maxBytes }));
    // An empty log takes a tile of any size: refusing it for ever would help nobody.
    return writer.totalBytes <= maxBytes || (!writer.filled && writer.closed.length === 0) ? undefined : heldBy;
  }

  /** Whether all that hold came further. */
  async #hurry(heldBy: readonly string[]): Promise<boolean> {
    const hurries = heldBy.flatMap((reader) => this.#hurries.get(reader) ?? []);
    if (heldBy.length === 0 || hurries.length < heldBy.length) return false;
    return (await Promise.all(hurries.map((hurry) => hurry()))).every(Boolean);
  }
}
