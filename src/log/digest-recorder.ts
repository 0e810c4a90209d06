import { type DigestList, type DigestStamp, digestBytes } from './digest-index.ts';

/** Digests that came within this time share one stamp. */
const stampMs = 1000;
const initialEntries = 1024;

/** Collects the digests of the records of one segment while it is written. */
export class DigestRecorder {
  readonly #maximum: number;
  #digests = new Uint8Array(initialEntries * digestBytes);
  #count = 0;
  #stamps: DigestStamp[] = [];

  /** @param maximum digests that are of use to a window: beyond twice as many the oldest are dropped. */
  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** @param digests 16 bytes each. @param atMs when their records were appended. */
  add(digests: Uint8Array, atMs: number): void {
    const last = this.#stamps.at(-1);
    if (!last || Math.abs(atMs - last.atMs) >= stampMs) this.#stamps.push({ from: this.#count, atMs });
    const end = this.#count * digestBytes + digests.length;
    if (end > this.#digests.length) this.#grow(end);
    this.#digests.set(digests, this.#count * digestBytes);
    this.#count += digests.length / digestBytes;
    if (this.#count > this.#maximum * 2) this.#dropOldest(this.#count - this.#maximum);
  }

  #grow(bytes: number): void {
    const grown = new Uint8Array(Math.max(bytes, this.#digests.length * 2));
    grown.set(this.#digests.subarray(0, this.#count * digestBytes));
    this.#digests = grown;
  }

  #dropOldest(entries: number): void {
    this.#digests.copyWithin(0, entries * digestBytes, this.#count * digestBytes);
    this.#count -= entries;
    const later = this.#stamps.findIndex(({ from }) => from > entries);
    const kept = this.#stamps.slice(later === -1 ? -1 : later - 1);
    this.#stamps = kept.map(({ from, atMs }) => ({ from: Math.max(0, from - entries), atMs }));
  }

  /** What was collected so far; good until the next `add`. */
  list(): DigestList {
    return { stamps: this.#stamps, digests: this.#digests.subarray(0, this.#count * digestBytes) };
  }
}
