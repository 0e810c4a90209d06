export interface AdmissionBounds {
  readonly requests: number;
  readonly inFlightBytes: number;
}

/** One request's share: bytes of it in memory, and who waits. */
export interface Share {
  bytes: number;
  wake: (() => void) | undefined;
}

/**
 * How much of all request bodies is in memory. While that is more than the bound, bodies are not read on, except the
 * oldest one: so one always gets done, and the others in the order they came.
 */
export class Admission {
  readonly #bounds: AdmissionBounds;
  readonly #shares = new Set<Share>();
  #bytes = 0;

  constructor(bounds: AdmissionBounds) {
    this.#bounds = bounds;
  }

  get requests(): number {
    return this.#shares.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Undefined where there are too many requests already. */
  enter(): Share | undefined {
    if (this.#shares.size >= this.#bounds.requests) return undefined;
    const share: Share = { bytes: 0, wake: undefined };
    this.#shares.add(share);
    return share;
  }

  /** Tells how many bytes a request holds in memory now. */
  hold(share: Share, bytes: number): void {
    const before = share.bytes;
    share.bytes = bytes;
    this.#bytes += bytes - before;
    if (bytes < before) this.#wakeNext();
  }

  mayRead(share: Share): boolean {
    return this.#bytes < this.#bounds.inFlightBytes || this.#shares.values().next().value === share;
  }

  /** The request is over. What it still holds, in events that are not settled yet, counts on until `hold` says otherwise. */
  leave(share: Share): void {
    this.#shares.delete(share);
    this.#wakeNext();
  }

  #wakeNext(): void {
    for (const share of this.#shares) {
      if (!share.wake) continue;
      if (!this.mayRead(share)) return;
      share.wake();
    }
  }
}
