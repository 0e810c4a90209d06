import type { ValueSource } from './condition.ts';

const encoder = new TextEncoder();
const firstBytes = 1024;

/**
 * Writes group keys: for each field the length (u32, little endian) and the UTF-8 text. Two groups are one exactly when
 * their bytes are the same. The array handed out is valid until the next call.
 */
export class StateKeyWriter {
  #bytes = new Uint8Array(firstBytes);
  #length = 0;

  start(): void {
    this.#length = 0;
  }

  add(text: string): void {
    this.#room(4 + text.length * 3);
    const at = this.#length;
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(at + 4));
    this.#setLength(at, written);
  }

  /** The same for a text that stands in `bytes[start … end)` as UTF-8. */
  addUtf8(bytes: Uint8Array, start: number, end: number): void {
    this.#room(4 + end - start);
    const to = this.#bytes;
    const at = this.#length;
    // A loop, not `set`: most texts are short.
    for (let i = start, j = at + 4; i < end; i++, j++) to[j] = bytes[i] as number;
    this.#setLength(at, end - start);
  }

  #setLength(at: number, length: number): void {
    for (let i = 0; i < 4; i++) this.#bytes[at + i] = (length >>> (i * 8)) & 255;
    this.#length = at + 4 + length;
  }

  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Raw values do not stay behind. */
  clear(): void {
    if (this.#length === 0) return;
    this.#bytes.fill(0, 0, this.#length);
    this.#length = 0;
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** What the matcher does for one correlation when a rule of it matches. */
export interface Feed {
  /** Index into `RuleSet.stateNames`. */
  readonly correlation: number;
  /** Position of the rule in the correlation: the value where the kind of match counts (temporal). */
  readonly position: number;
  readonly group: readonly (readonly ValueSource[])[];
  /** Nothing, the position, or the values of fields: an event without one of them does not count. */
  readonly value: 'none' | 'position' | readonly (readonly ValueSource[])[];
  /** The one field holds a number, which is kept as such. */
  readonly isNumeric: boolean;
}
