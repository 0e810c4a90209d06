import { checkedPattern, compilePattern, type Pattern } from '../scan/pattern.ts';
import type { Atom } from './condition.ts';
import { WordFinder } from './word-finder.ts';

/** What may hide a needle in an event's bytes: an escape other than the three that Go's JSON writer makes of `<`, `>` and `&`. */
const hidingEscape = String.raw`\\u(?:[^0]|0[^0]|00[^23]|003[^ceCE]|002[^6])`;
/** As well a capital whose small form is a plain letter and a mark: an expression without case does not take it for the letter. */
const hiding = String.raw`${hidingEscape}|\x{130}`;

const nothing: ReadonlySet<string> = new Set();
const utf8 = new TextDecoder('utf-8');
const literal = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');

/**
 * Looks for the keywords of all rules in the bytes of an event at once: most events hold none of them and need not be read
 * value by value. Where one stands, each search is asked for its own. May say yes where there is none, never no where there
 * is one.
 */
export class NeedleGate {
  readonly #any: Pattern;
  readonly #words: WordFinder;
  readonly #escape: Pattern;
  /** Needles in the current event; `hidden`: an escape may hide any. */
  #found: ReadonlySet<string> | 'hidden' | undefined;

  constructor(needles: readonly string[]) {
    const words = [...new Set(needles)];
    this.#words = new WordFinder(words);
    const source = `(?i)${words.map(literal).join('|')}|${hiding}`;
    compilePattern(source);
    this.#any = checkedPattern(source);
    this.#escape = checkedPattern(hidingEscape);
  }

  /** Another event comes. Nothing of the one before is kept. */
  forget(): void {
    this.#found = undefined;
  }

  /** Whether one of the needles, in small letters, may stand in the event: `bytes[start … end)` as it came. */
  mayHold(needles: readonly string[], bytes: Uint8Array, start: number, end: number): boolean {
    this.#found ??= this.#look(bytes.subarray(start, end));
    const found = this.#found;
    return found === 'hidden' || (found.size > 0 && needles.some((needle) => found.has(needle)));
  }

  #look(event: Uint8Array): ReadonlySet<string> | 'hidden' {
    if (!this.#any.test(event)) return nothing;
    return this.#escape.test(event) ? 'hidden' : this.#words.find(utf8.decode(event).toLowerCase());
  }
}

/** Needles of all atoms that say what they are; empty where none does. */
export function needlesOf(atoms: readonly Atom[]): readonly string[] {
  return atoms.flatMap((atom) => atom.needles ?? []);
}
