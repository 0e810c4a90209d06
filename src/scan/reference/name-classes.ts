import type { PlanNameClass } from '../plan.ts';
import { mostExpressions, PatternSet } from '../regex/pattern-set.ts';

/** So many classes fit one set, even where each has an expression and an exception of its own. */
const classesOfSet = Math.floor(mostExpressions / 2);

/** Which of the plan's classes a name belongs to. */
export class NameClasses {
  /** One for most plans. */
  readonly #sets: readonly ClassSet[];

  constructor(classes: readonly PlanNameClass[]) {
    this.#sets = Array.from(
      { length: Math.ceil(classes.length / classesOfSet) },
      (_, i) => new ClassSet(classes, i * classesOfSet),
    );
  }

  /** Bit n is set where the name `bytes[start … end)` belongs to class n. */
  of(bytes: Uint8Array, start: number, end: number): number {
    let bits = 0;
    for (let i = 0; i < this.#sets.length; i++) bits |= (this.#sets[i] as ClassSet).of(bytes, start, end);
    return bits >>> 0;
  }
}

/** Classes from one number on, whose expressions are searched together. */
class ClassSet {
  readonly #first: number;
  readonly #set: PatternSet;
  /** By class: the expressions of the set that a name of it matches, and the one that it must not match, or none. */
  readonly #in: readonly number[];
  readonly #out: readonly number[];

  constructor(all: readonly PlanNameClass[], first: number) {
    const classes = all.slice(first, first + classesOfSet);
    // Classes share expressions.
    const sources = [
      ...new Set(classes.flatMap(({ expression, unless }) => (unless === undefined ? [expression] : [expression, unless]))),
    ];
    const bitOf = (source: string | undefined): number => (source === undefined ? 0 : 1 << sources.indexOf(source));
    this.#first = first;
    this.#set = new PatternSet(sources);
    this.#in = classes.map(({ expression }) => bitOf(expression));
    this.#out = classes.map(({ unless }) => bitOf(unless));
  }

  of(bytes: Uint8Array, start: number, end: number): number {
    const found = this.#set.matching(bytes, start, end);
    let bits = 0;
    for (let i = 0; i < this.#in.length; i++) {
      if ((found & (this.#in[i] as number)) !== 0 && (found & (this.#out[i] as number)) === 0) bits |= 1 << (this.#first + i);
    }
    return bits;
  }
}
