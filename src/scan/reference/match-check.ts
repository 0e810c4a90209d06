import { latin1Text } from '../../core/byte-text.ts';
import { limits } from '../../core/limits.ts';
import { checkedPattern, type Pattern } from '../pattern.ts';
import type { PlanAllowance, PlanCompanion, PlanMatchCheck } from '../plan.ts';

/** Decides whether matches of one pattern count: by words in the text, by the secret's entropy, by what is allowed, by what stands near. */
export class MatchCheck {
  readonly #keywords: readonly string[];
  readonly #entropyBits: number | undefined;
  readonly #allow: readonly Allowance[];
  readonly #companions: readonly Companion[];

  constructor(check: PlanMatchCheck) {
    this.#keywords = check.keywords.map((word) => Buffer.from(word).toString('latin1').toLowerCase());
    this.#entropyBits = check.entropyBits;
    this.#allow = check.allow.map((one) => new Allowance(one));
    this.#companions = check.companions.map((one) => new Companion(one));
  }

  /** Takes up a text. False where no match in it can count. */
  opens(text: Uint8Array): boolean {
    if (this.#keywords.length > 0) {
      const lower = latin1Text(text).toLowerCase();
      if (!this.#keywords.some((word) => lower.includes(word))) return false;
    }
    return this.#companions.every((one) => one.opens(text));
  }

  /** Whether a match counts in the text that was taken up last; positions are bytes of it. */
  accepts(text: Uint8Array, matchStart: number, matchEnd: number, secretStart: number, secretEnd: number): boolean {
    const secret = text.subarray(secretStart, secretEnd);
    if (this.#entropyBits !== undefined && entropyOf(secret) <= this.#entropyBits) return false;
    for (const one of this.#allow) if (one.allows(text, matchStart, matchEnd, secret)) return false;
    return this.#companions.every((one) => one.isNear(matchStart));
  }
}

class Allowance {
  readonly #target: PlanAllowance['target'];
  readonly #all: boolean;
  readonly #expressions: readonly Pattern[];
  readonly #stopwords: Pattern | undefined;

  constructor({ target, expressions, stopwords, all }: PlanAllowance) {
    this.#target = target;
    this.#all = all;
    this.#expressions = expressions.map((one) => checkedPattern(one));
    // One automaton for all words: there may be more than a thousand.
    this.#stopwords = stopwords.length === 0 ? undefined : checkedPattern(stopwords.map(literal).join('|'));
  }

  allows(text: Uint8Array, matchStart: number, matchEnd: number, secret: Uint8Array): boolean {
    const target = this.#target === 'secret' ? secret : this.#range(text, matchStart, matchEnd);
    const found = target.length > 0 && this.#expressions.some((one) => one.test(target));
    if (!this.#all && found) return true;
    const worded = this.#stopwords?.test(Buffer.from(Buffer.from(secret).toString().toLowerCase())) === true;
    if (!this.#all) return worded;
    return (found || this.#expressions.length === 0) && (worded || this.#stopwords === undefined);
  }

  #range(text: Uint8Array, start: number, end: number): Uint8Array {
    if (this.#target === 'match') return text.subarray(start, end);
    return text.subarray(lineStart(text, start), lineEnd(text, end));
  }
}

/** Where another expression has its matches in the text. */
class Companion {
  readonly #pattern: Pattern;
  readonly #group: number;
  readonly #check: MatchCheck;
  readonly #withinLines: number | undefined;
  readonly #withinColumns: number | undefined;
  #places: readonly Place[] = [];
  #lines: readonly number[] = [];
  #overflow = false;

  constructor({ expression, group, check, withinLines, withinColumns }: PlanCompanion) {
    this.#pattern = checkedPattern(expression);
    this.#group = group;
    this.#check = new MatchCheck(check);
    this.#withinLines = withinLines;
    this.#withinColumns = withinColumns;
  }

  opens(text: Uint8Array): boolean {
    const spans = this.#pattern.findAll(text, this.#group);
    if (spans.length === 0 || !this.#check.opens(text)) return false;
    const starts: number[] = [];
    for (let i = 0; i < spans.length; i += 4) {
      const [start, end, from, to] = spans.slice(i, i + 4) as [number, number, number, number];
      if (this.#check.accepts(text, start, end, from, to)) starts.push(start);
    }
    // So many that one is near: more is masked rather than less, and looking at all of them for each match ends.
    this.#overflow = starts.length > limits.companionMatches;
    this.#lines = this.#isBounded ? newlinesOf(text) : [];
    this.#places = this.#overflow || !this.#isBounded ? [] : starts.map((start) => placeIn(this.#lines, start));
    return starts.length > 0;
  }

  isNear(matchStart: number): boolean {
    if (this.#overflow || !this.#isBounded) return true;
    const own = placeIn(this.#lines, matchStart);
    return this.#places.some(
      (other) =>
        Math.abs(other.line - own.line) <= (this.#withinLines ?? Number.POSITIVE_INFINITY) &&
        Math.abs(other.column - own.column) <= (this.#withinColumns ?? Number.POSITIVE_INFINITY),
    );
  }

  get #isBounded(): boolean {
    return this.#withinLines !== undefined || this.#withinColumns !== undefined;
  }
}

interface Place {
  readonly line: number;
  readonly column: number;
}

const newline = 10;

function newlinesOf(text: Uint8Array): readonly number[] {
  const found: number[] = [];
  for (let i = text.indexOf(newline); i >= 0; i = text.indexOf(newline, i + 1)) found.push(i);
  return found;
}

/** Line and column, from 0, of a place in a text whose line ends are known in order. */
function placeIn(newlines: readonly number[], at: number): Place {
  let [low, high] = [0, newlines.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((newlines[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return { line: low, column: low === 0 ? at : at - (newlines[low - 1] as number) - 1 };
}

/** Start of the line, or as far before `at` as a line is looked at. */
function lineStart(text: Uint8Array, at: number): number {
  const first = Math.max(0, at - limits.checkedLineBytes);
  const before = text.subarray(first, at).lastIndexOf(newline);
  return before < 0 ? first : first + before + 1;
}

function lineEnd(text: Uint8Array, at: number): number {
  const last = Math.min(text.length, at + limits.checkedLineBytes);
  const after = text.subarray(at, last).indexOf(newline);
  return after < 0 ? last : at + after;
}

/** Shannon entropy in bits per byte. */
function entropyOf(bytes: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] as number) + 1;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  return bits;
}

function literal(word: string): string {
  return word.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
