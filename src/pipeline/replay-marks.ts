/** So far apart are the places that are remembered: a rebuild reads so much more than it has to, at most. */
const apartMs = 10_000;
/** Places remembered; beyond it every second one is forgotten, and rebuilds read a little more. */
const mostMarks = 10_000;

/** Remembers where in a partition records of which time begin: tells from where on windows can be made again. */
export class ReplayMarks {
  readonly #reachMs: number;
  readonly #oldestMs: () => number;
  #marks: { readonly offset: bigint; readonly ms: number }[];
  #latestMs = Number.NEGATIVE_INFINITY;
  #askedMs = Number.NEGATIVE_INFINITY;

  /**
   * @param reachMs how far before a record others may matter to it
   * @param from where reading began
   * @param oldestMs when the oldest of what still goes on began; asked for once in a while
   */
  constructor(reachMs: number, from: bigint, oldestMs: () => number = () => Number.POSITIVE_INFINITY) {
    this.#reachMs = reachMs;
    this.#oldestMs = oldestMs;
    this.#marks = [{ offset: from, ms: Number.NEGATIVE_INFINITY }];
  }

  /** A record stands at this offset. Times may go back a little. */
  pass(offset: bigint, ms: number): void {
    const last = this.#marks.at(-1);
    this.#latestMs = Math.max(this.#latestMs, ms);
    if (ms < (last?.ms ?? 0) + apartMs) return;
    this.#marks.push({ offset, ms });
    // More often than anything could begin and leave the reach.
    if (this.#latestMs - this.#askedMs >= Math.max(apartMs, this.#reachMs / 8)) this.#forget();
    if (this.#marks.length > mostMarks) this.#marks = this.#marks.filter((_, i) => i % 2 === 0);
  }

  #forget(): void {
    this.#askedMs = this.#latestMs;
    const neededMs = Math.min(this.#latestMs, this.#oldestMs()) - this.#reachMs - apartMs;
    while (this.#marks.length > 1 && (this.#marks[1]?.ms ?? 0) <= neededMs) this.#marks.shift();
  }

  /** Windows that hold the latest record, and what goes on, are whole if reading begins here. */
  get from(): bigint {
    return this.#marks[0]?.offset ?? 0n;
  }
}
