/** A set of places in one text, read in order. A bit a byte of the text: it may be an event of its own length. */
export class Places {
  #words = new Uint32Array(64);

  /** Forgets all places, and makes room for those up to `last`. */
  clear(last: number): void {
    const needed = (last >>> 5) + 1;
    if (needed > this.#words.length) this.#words = new Uint32Array(needed);
    else this.#words.fill(0, 0, needed);
    this.#last = last;
  }
  #last = 0;

  add(at: number): void {
    (this.#words[at >>> 5] as number) |= 0x80000000 >>> (at & 31);
  }

  /** The first place at `from` or after; -1 where there is none. */
  next(from: number): number {
    const words = this.#words;
    const last = this.#last >>> 5;
    for (let word = from >>> 5, mask = 0xffffffff >>> (from & 31); word <= last; word++, mask = 0xffffffff) {
      const bits = (words[word] as number) & mask;
      if (bits !== 0) return (word << 5) + Math.clz32(bits);
    }
    return -1;
  }
}
