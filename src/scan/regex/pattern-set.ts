import { checkedPattern, type Pattern } from '../pattern.ts';
import { LazyAutomaton } from './lazy-automaton.ts';
import { compileSet } from './program.ts';

/** Texts that are asked of the expressions one by one first: taking them apart costs more than a few texts do. */
const singleTexts = 4_000;
/** Bits of an answer. */
export const mostExpressions = 31;

/** Says which of several expressions match a text: one pass over it where it is ASCII, else one after another. */
export class PatternSet {
  readonly #patterns: readonly Pattern[];
  readonly #sources: readonly string[];
  /** Made when it pays; null where the expressions are too large for one automaton, or cannot be taken apart. */
  #automaton: LazyAutomaton | null | undefined;
  #singly = singleTexts;

  /** @param sources at most 31 expressions that have been checked before */
  constructor(sources: readonly string[]) {
    if (sources.length > mostExpressions) throw new RangeError(`more than ${mostExpressions} expressions in a set`);
    this.#sources = sources;
    this.#patterns = sources.map((source) => checkedPattern(source));
  }

  /** Bit n is set where expression n has a match in the text. */
  matching(bytes: Uint8Array, start: number, end: number): number {
    const found = this.#made()?.matching(bytes, start, end) ?? -1;
    return found < 0 ? this.#oneByOne(bytes.subarray(start, end)) : found;
  }

  #oneByOne(text: Uint8Array): number {
    let found = 0;
    for (let i = 0; i < this.#patterns.length; i++) if (this.#patterns[i]?.test(text)) found |= 1 << i;
    return found;
  }

  #made(): LazyAutomaton | null {
    if (this.#singly > 0) {
      this.#singly--;
      return null;
    }
    if (this.#automaton === undefined) {
      const program = this.#sources.length > 1 ? compileSet(this.#sources) : undefined;
      this.#automaton = program ? new LazyAutomaton(program) : null;
    }
    return this.#automaton;
  }
}
