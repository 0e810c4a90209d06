const slotWords = 4;

/** 64-bit digests by 64-bit names, up to a number of them: open addressing, 16 bytes a slot, half of the slots stay free. */
export class DigestTable {
  readonly #limit: number;
  #count = 0;
  readonly #mask: number;
  /** Name and digest, two words each; a name is never zero. */
  readonly #words: Uint32Array;

  constructor(limit: number) {
    this.#limit = limit;
    const slots = 2 ** Math.ceil(Math.log2(limit * 2));
    this.#mask = slots - 1;
    this.#words = new Uint32Array(slots * slotWords);
  }

  get isFull(): boolean {
    return this.#count >= this.#limit;
  }

  /** What is known of a name: nothing, this digest, or another one. */
  find(name: Uint32Array, digest: Uint32Array): 'nothing' | 'same' | 'other' {
    const at = this.#slotOf(name);
    const words = this.#words;
    if (words[at] === 0 && words[at + 1] === 0) return 'nothing';
    return words[at + 2] === digest[0] && words[at + 3] === digest[1] ? 'same' : 'other';
  }

  /** Only where `find` found nothing and there is room. */
  add(name: Uint32Array, digest: Uint32Array): void {
    const at = this.#slotOf(name);
    this.#words.set(name.subarray(0, 2), at);
    this.#words.set(digest.subarray(0, 2), at + 2);
    this.#count++;
  }

  clear(): void {
    this.#words.fill(0);
    this.#count = 0;
  }

  /** Where the slot begins that holds this name, or the free one it belongs in. */
  #slotOf(name: Uint32Array): number {
    const [low = 0, high = 0] = name;
    const words = this.#words;
    for (let slot = low & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * slotWords;
      if ((words[at] === low && words[at + 1] === high) || (words[at] === 0 && words[at + 1] === 0)) return at;
    }
  }
}
