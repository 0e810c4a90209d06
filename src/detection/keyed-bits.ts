import { latin1Text } from '../core/byte-text.ts';

/** A value met so often will be met again often enough to find out what costly fields say of it. */
const oftenMet = 8;
/** Distinct bitmaps kept; a rule set has a few hundred. */
const mostBitmaps = 4096;

/**
 * Remembers a bitmap for each key that a scanner gives to a value it has met before (`Extracts.keys`): one look where a look-up by
 * the value's bytes would hash and compare them. Equal bitmaps are kept once, so that what is read for an event is small.
 */
export class KeyedBits {
  /** The bitmaps, back to back. */
  bits: Uint32Array;
  readonly #words: number;
  readonly #numbers = new Map<string, number>();
  /** By key: the number of its bitmap plus one, 0 where it has none yet. */
  #ofKey = new Uint16Array(256);
  /** By key: how often it was asked for by `isOften`, up to `oftenMet`. */
  #met = new Uint8Array(256);
  #space: object | undefined;

  /** @param words of a bitmap */
  constructor(words: number) {
    this.#words = words;
    this.bits = new Uint32Array(words * 16);
  }

  /** Says what keys mean from now on; what was remembered under another meaning is forgotten. */
  begin(space: object | undefined): void {
    if (this.#space === space) return;
    this.#space = space;
    this.#forget();
  }

  /** Where the key's bitmap begins in `bits`; -1 where nothing is remembered, or the value has no key. */
  find(key: number): number {
    if (key < 0 || key >= this.#ofKey.length) return -1;
    return ((this.#ofKey[key] as number) - 1) * this.#words;
  }

  /** Counts a meeting with a key of which nothing is remembered. @returns whether it has been met often */
  isOften(key: number): boolean {
    if (key < 0) return false;
    this.#hold(key);
    const met = (this.#met[key] as number) + 1;
    if (met < oftenMet) this.#met[key] = met;
    return met >= oftenMet;
  }

  /** Remembers `from[at …)` for a key. @returns where it begins in `bits` */
  learn(key: number, from: Uint32Array, at: number): number {
    const words = this.#words;
    const text = latin1Text(new Uint8Array(from.buffer, from.byteOffset + at * 4, words * 4));
    if (this.#numbers.size === mostBitmaps && !this.#numbers.has(text)) this.#forget();
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    if (number === this.#numbers.size) {
      this.#numbers.set(text, number);
      if ((number + 1) * words > this.bits.length) this.bits = grown(this.bits, new Uint32Array(this.bits.length * 2));
      for (let i = 0; i < words; i++) this.bits[number * words + i] = from[at + i] as number;
    }
    this.#hold(key);
    this.#ofKey[key] = number + 1;
    return number * words;
  }

  #hold(key: number): void {
    if (key < this.#ofKey.length) return;
    const length = 2 ** Math.ceil(Math.log2(key + 1));
    this.#ofKey = grown(this.#ofKey, new Uint16Array(length));
    this.#met = grown(this.#met, new Uint8Array(length));
  }

  #forget(): void {
    this.#numbers.clear();
    this.#ofKey.fill(0);
    this.#met.fill(0);
  }
}

function grown<T extends Uint8Array | Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
