/**
 * What went out last: whole batches up to so many bytes together, and the last one in any case. TCP says nothing of what the other
 * side has read: when a connection breaks, what still stood in the buffers of either end is gone, and this is sent again.
 */
export class RecentFrames {
  readonly #limitBytes: number;
  #batches: readonly Uint8Array[] = [];

  /** @param limitBytes 0: nothing is kept */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get batches(): readonly Uint8Array[] {
    return this.#batches;
  }

  add(batch: Uint8Array): void {
    if (this.#limitBytes === 0) return;
    const kept = [batch];
    let bytes = batch.length;
    for (const older of this.#batches.toReversed()) {
      bytes += older.length;
      if (bytes > this.#limitBytes) break;
      kept.unshift(older);
    }
    this.#batches = kept;
  }

  clear(): void {
    this.#batches = [];
  }
}
