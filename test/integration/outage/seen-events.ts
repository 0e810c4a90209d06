/** Which numbered events a receiver has, and whether each came for the first time in order. Small however many they are. */
export class SeenEvents {
  #seen = new Uint8Array(1 << 16);
  #latest = -1;
  distinct = 0;
  repeats = 0;
  /** Events that came for the first time behind a later one. */
  disordered = 0;

  add(number: number): void {
    if (number >= this.#seen.length) {
      const larger = new Uint8Array(Math.max(this.#seen.length * 2, number + 1));
      larger.set(this.#seen);
      this.#seen = larger;
    }
    if (this.#seen[number] === 1) {
      this.repeats++;
      return;
    }
    this.#seen[number] = 1;
    this.distinct++;
    if (number < this.#latest) this.disordered++;
    this.#latest = Math.max(this.#latest, number);
  }

  /** All events that a text names, in its order, however their quotes are escaped in it. */
  addFrom(text: string): void {
    for (const [, number] of text.matchAll(/auditID\\*":\s?\\*"o-(\d+)/g)) this.add(Number(number));
  }
}
