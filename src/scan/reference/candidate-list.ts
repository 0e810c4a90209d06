import type { Kernel } from '../simd/kernel.ts';
import type { TriggerFinder } from './trigger-finder.ts';

/** Candidates of an event that is larger or denser than this are looked for in TypeScript. */
const mostCandidates = 32_768;

/** Trigger candidates of one event, listed by a kernel in one go and used up in order as its strings are read. */
export class CandidateList {
  readonly #kernel: Kernel;
  /** Position and bucket, in turn. */
  readonly #list = new Uint32Array(mostCandidates * 2);
  #count = 0;
  #next = 0;

  constructor(kernel: Kernel, finder: TriggerFinder) {
    this.#kernel = kernel;
    kernel.pairs = finder.textPairs;
  }

  /** @returns false where there are too many to list */
  list(bytes: Uint8Array, start: number, end: number): boolean {
    this.#kernel.load(bytes, start, end);
    this.#next = 0;
    this.#count = this.#kernel.candidates(start, end, this.#list);
    return this.#count >= 0;
  }

  /** Hands the candidates of `[start … end)` to the finder; ranges come in ascending order. */
  check(finder: TriggerFinder, bytes: Uint8Array, start: number, end: number): void {
    let next = this.#next;
    const [list, count] = [this.#list, this.#count];
    while (next < count && (list[next * 2] as number) < start) next++;
    for (; next < count && (list[next * 2] as number) < end; next++) {
      finder.check(list[next * 2 + 1] as number, bytes, list[next * 2] as number, start, end);
    }
    this.#next = next;
  }
}
