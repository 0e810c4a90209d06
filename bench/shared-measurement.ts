import type { ProcessCase } from './process-cases.ts';

/** Something that is measured once a round, however many cases show something of it. */
export class SharedMeasurement<T> {
  readonly #measure: (root: string) => Promise<T>;
  readonly #samples: Promise<T>[] = [];

  constructor(measure: (root: string) => Promise<T>) {
    this.#measure = measure;
  }

  case(
    one: Pick<ProcessCase, 'name' | 'about' | 'unit'>,
    value: (sample: T) => number,
    rounds: ProcessCase['rounds'] = (asked) => asked,
  ): ProcessCase {
    let round = 0;
    return { ...one, rounds, run: async (root) => value(await this.#sample(round++, root)) };
  }

  #sample(round: number, root: string): Promise<T> {
    this.#samples[round] ??= this.#measure(root);
    return this.#samples[round];
  }
}
