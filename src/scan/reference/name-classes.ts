import type { PlanNameClass } from '../plan.ts';
import { PatternSet } from '../regex/pattern-set.ts';

/** Which of the plan's classes a name belongs to. */
export class NameClasses {
  readonly #set: PatternSet;
  /** By class: the expressions of the set that a name of it matches, and the one that it must not match, or none. */
  readonly #in: readonly number[];
  readonly #out: readonly number[];

  constructor(classes: readonly PlanNameClass[]) {
    // Classes share expressions.
    const sources = [
      ...new Set(classes.flatMap(({ expression, unless }) => (unless === undefined ? [expression] : [expression, unless]))),
    ];
    const bitOf = (source: string | undefined): number => (source === undefined ? 0 : 1 << sources.indexOf(source));
    this.#set = new PatternSet(sources);
    this.#in = classes.map(({ expression }) => bitOf(expression));
    this.#out = classes.map(({ unless }) => bitOf(unless));
  }

  /** Bit n is set where the name `bytes[start … end)` belongs to class n. */
  of(bytes: Uint8Array, start: number, end: number): number {
    const found = this.#set.matching(bytes, start, end);
    let bits = 0;
    for (let i = 0; i < this.#in.length; i++) {
      if ((found & (this.#in[i] as number)) !== 0 && (found & (this.#out[i] as number)) === 0) bits |= 1 << i;
    }
    return bits >>> 0;
  }
}
