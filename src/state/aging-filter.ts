/** Plain data: the two generations as base64, how many values the young one holds, and when it began. */
export interface AgingFilterSnapshot {
  readonly young: string;
  readonly old: string;
  readonly count: number;
  readonly beganUs: number;
}

const bitsPerValue = 10;
const probes = 7;

const wordOf = (key: string, at: number): number => Number.parseInt(key.slice(at, at + 8), 16) >>> 0;

/**
 * Remembers more values than there is memory for: two Bloom filters, the young one becomes the old one when it is full
 * or a time span has passed. A value that was added is known for one to two time spans; about one in a hundred that was
 * not is taken for known (B. Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970; 10 bits and 7
 * probes a value). Keys are hex digits of a keyed hash, so nobody can choose values that collide.
 */
export class AgingFilter {
  readonly #capacity: number;
  readonly #spanUs: number;
  readonly #bits: number;
  #young: Uint8Array;
  #old: Uint8Array;
  #count: number;
  #beganUs: number;

  /** `capacity`: values a generation holds. */
  constructor(capacity: number, spanUs: number, snapshot?: AgingFilterSnapshot) {
    this.#capacity = capacity;
    this.#spanUs = spanUs;
    this.#bits = Math.max(64, capacity * bitsPerValue);
    const bytes = Math.ceil(this.#bits / 8);
    this.#young = filled(bytes, snapshot?.young);
    this.#old = filled(bytes, snapshot?.old);
    this.#count = snapshot?.count ?? 0;
    this.#beganUs = snapshot?.beganUs ?? Number.NEGATIVE_INFINITY;
  }

  /** `key`: at least 16 hex digits of a hash. */
  add(key: string, nowUs: number): void {
    if (this.#count >= this.#capacity || nowUs - this.#beganUs > this.#spanUs) this.#turn(nowUs);
    this.#each(key, (byte, mask) => {
      this.#young[byte] = (this.#young[byte] as number) | mask;
      return true;
    });
    this.#count++;
  }

  has(key: string, nowUs: number): boolean {
    if (this.#count > 0 && nowUs - this.#beganUs > this.#spanUs) this.#turn(nowUs);
    const inside = (bits: Uint8Array): boolean => this.#each(key, (byte, mask) => ((bits[byte] as number) & mask) !== 0);
    return inside(this.#young) || inside(this.#old);
  }

  snapshot(): AgingFilterSnapshot {
    const text = (bits: Uint8Array): string => (bits.some((byte) => byte !== 0) ? Buffer.from(bits).toString('base64') : '');
    const beganUs = Number.isFinite(this.#beganUs) ? this.#beganUs : -Number.MAX_VALUE;
    return { young: text(this.#young), old: text(this.#old), count: this.#count, beganUs };
  }

  /** The young generation becomes the old one, which is forgotten; both where nothing was added for two time spans. */
  #turn(nowUs: number): void {
    const isStale = nowUs - this.#beganUs > 2 * this.#spanUs;
    [this.#young, this.#old] = [this.#old, this.#young];
    this.#young.fill(0);
    if (isStale) this.#old.fill(0);
    this.#count = 0;
    this.#beganUs = nowUs;
  }

  /** Double hashing: two words of the key give all places. */
  #each(key: string, visit: (byte: number, mask: number) => boolean): boolean {
    const [first, second] = [wordOf(key, 0), (wordOf(key, 8) | 1) >>> 0];
    for (let i = 0; i < probes; i++) {
      const bit = (first + i * second) % this.#bits;
      if (!visit(bit >>> 3, 1 << (bit & 7))) return false;
    }
    return true;
  }
}

function filled(bytes: number, text: string | undefined): Uint8Array {
  const bits = new Uint8Array(bytes);
  if (text) bits.set(Buffer.from(text, 'base64').subarray(0, bytes));
  return bits;
}
