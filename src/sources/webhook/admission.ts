export interface AdmissionBounds {
  readonly requests: number;
  readonly inFlightBytes: number;
}

/** One request's share: bytes of it in memory, and who waits. */
export interface Share {
  readonly sender: string;
  bytes: number;
  wake: (() => void) | undefined;
}

/** Why there is no room for a request: too many of all senders, or of this one. */
export type NoRoom = 'too-many-requests' | 'too-many-of-sender';

/** How much of all requests one sender may have, so that a flood from one leaves room for the others. */
const largestPart = 3 / 4;

/** What one sender has of all. */
interface Held {
  requests: number;
  bytes: number;
}

/**
 * How much of all request bodies is in memory. While that is more than the bound, or a sender holds more than its equal part
 * of the bound, bodies are not read on, except the oldest one: so one always gets done, and the others of a sender in the
 * order they came.
 */
export class Admission {
  readonly #bounds: AdmissionBounds;
  readonly #shares = new Set<Share>();
  /** By sender, those that have anything. */
  readonly #held = new Map<string, Held>();
  readonly #requestsOfSender: number;
  #bytes = 0;

  constructor(bounds: AdmissionBounds) {
    this.#bounds = bounds;
    this.#requestsOfSender = Math.ceil(bounds.requests * largestPart);
  }

  get requests(): number {
    return this.#shares.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  enter(sender: string): Share | NoRoom {
    if (this.#shares.size >= this.#bounds.requests) return 'too-many-requests';
    const held = this.#held.get(sender) ?? { requests: 0, bytes: 0 };
    if (held.requests >= this.#requestsOfSender) return 'too-many-of-sender';
    held.requests++;
    this.#held.set(sender, held);
    const share: Share = { sender, bytes: 0, wake: undefined };
    this.#shares.add(share);
    return share;
  }

  /** Tells how many bytes a request holds in memory now. */
  hold(share: Share, bytes: number): void {
    const before = share.bytes;
    if (bytes === before) return;
    share.bytes = bytes;
    this.#bytes += bytes - before;
    const held = this.#held.get(share.sender);
    if (held) held.bytes += bytes - before;
    this.#forget(share.sender);
    if (bytes < before) this.#wakeWaiting();
  }

  mayRead(share: Share): boolean {
    if (this.#shares.values().next().value === share) return true;
    const { inFlightBytes } = this.#bounds;
    return this.#bytes < inFlightBytes && (this.#held.get(share.sender)?.bytes ?? 0) < inFlightBytes / this.#held.size;
  }

  /** The request is over. What it still holds, in events that are not settled yet, counts on until `hold` says otherwise. */
  leave(share: Share): void {
    const held = this.#held.get(share.sender);
    if (this.#shares.delete(share) && held) held.requests--;
    this.#forget(share.sender);
    this.#wakeWaiting();
  }

  #forget(sender: string): void {
    const held = this.#held.get(sender);
    if (held && held.requests === 0 && held.bytes === 0) this.#held.delete(sender);
  }

  #wakeWaiting(): void {
    for (const share of this.#shares) if (share.wake && this.mayRead(share)) share.wake();
  }
}
