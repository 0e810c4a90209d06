import { checkedPattern, compilePattern, type Pattern } from '../scan/pattern.ts';
import type { Atom } from './condition.ts';

/**
 * What may hide a needle in an event's bytes: an escape other than the three that Go's JSON writer makes of `<`, `>`
 * and `&`, and a capital whose small form is a plain letter and a mark.
 */
const hiding = String.raw`\\u(?:[^0]|0[^0]|00[^23]|003[^ceCE]|002[^6])|\x{130}`;

const literal = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');

/**
 * Looks for the keywords of all rules in the bytes of an event at once: most events hold none of them and need not be read
 * value by value. May say yes where there is none, never no where there is one.
 */
export class NeedleGate {
  readonly #pattern: Pattern;

  constructor(needles: readonly string[]) {
    const words = [...new Set(needles)].map(literal);
    const source = `(?i)${[...words, hiding].join('|')}`;
    compilePattern(source);
    this.#pattern = checkedPattern(source);
  }

  /** `bytes[start … end)` is an event as it came. */
  mayHold(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#pattern.test(bytes.subarray(start, end));
  }
}

/** Needles of all atoms that search whole events; undefined where there is no such atom, or one that says nothing about its needles. */
export function needlesOf(atoms: readonly Atom[], isSearch: (atom: Atom) => boolean): readonly string[] | undefined {
  const needles = atoms.filter(isSearch).map((atom) => atom.needles);
  if (needles.length === 0 || needles.includes(undefined)) return undefined;
  return needles.flatMap((texts) => texts ?? []);
}
