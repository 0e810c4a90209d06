import { checkedPattern, type Pattern } from '../pattern.ts';
import type { PlanProgram } from '../plan.ts';
import type { Word } from './arguments.ts';

/** A flag of a program and where its secret stands. */
export interface SecretFlag {
  readonly program: Pattern;
  readonly flags: Pattern;
  /** Only what follows these bytes of the value is secret; none: all of it. */
  readonly after: Uint8Array;
  /** Words between the flag and its value. */
  readonly skip: number;
}

const [minus, slash] = [45, 47] as const;
const none: readonly SecretFlag[] = [];

/** What words mean to the programs that are called with them. */
export class ProgramFlags {
  readonly #flags: readonly SecretFlag[];
  /** Fits every program of the list: most words name none. */
  readonly #any: Pattern | undefined;

  constructor(programs: readonly PlanProgram[]) {
    this.#flags = programs.map(({ program, flags, after, skip }) => ({
      program: checkedPattern(program),
      flags: checkedPattern(flags),
      after: Buffer.from(after ?? ''),
      skip,
    }));
    if (programs.length > 0) this.#any = checkedPattern(programs.map(({ program }) => `(?:${program})`).join('|'));
  }

  /** The flags of all programs that are named among the words, with or without a path. */
  of(words: readonly Word[]): readonly SecretFlag[] {
    if (this.#any === undefined) return none;
    let found = none;
    for (const { document, start, end } of words) {
      const { bytes } = document;
      if (bytes[start] === minus || end === start) continue;
      let from = start;
      for (let at = start; at < end; at++) if (bytes[at] === slash) from = at + 1;
      const name = bytes.subarray(from, end);
      if (this.#any.test(name)) found = [...found, ...this.#flags.filter(({ program }) => program.test(name))];
    }
    return found;
  }
}
