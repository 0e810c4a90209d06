import { Fault } from '../../core/faults.ts';
import {
  addClass,
  type ByteClass,
  emptyClass,
  foldClass,
  invertClass,
  perlClass,
  posixClass,
  rangeClass,
  unionClass,
} from './byte-class.ts';
import { anyButLineFeed, anything, beyondAscii, characters, classNode, foldedCharacters } from './class-nodes.ts';

/** Where an `assert` holds. `lineStart` and `lineEnd` are `^` and `$` under the flag m. */
export type Assertion = 'textStart' | 'textEnd' | 'lineStart' | 'lineEnd' | 'wordEdge' | 'noWordEdge';

/**
 * An RE2 expression, taken apart. A `class` is one character, exact for ASCII; bytes from 0x80 are in it where some
 * character beyond ASCII is. `opaque` is everything this reader makes no statement about, such as Unicode properties.
 */
export type SyntaxNode =
  | { readonly type: 'class'; readonly bytes: ByteClass }
  | { readonly type: 'sequence'; readonly items: readonly SyntaxNode[] }
  | { readonly type: 'choice'; readonly options: readonly SyntaxNode[] }
  | { readonly type: 'repeat'; readonly item: SyntaxNode; readonly min: number; readonly max: number; readonly lazy: boolean }
  /** `index` counts from 1, as in the expression. */
  | { readonly type: 'group'; readonly item: SyntaxNode; readonly index: number }
  | { readonly type: 'assert'; readonly what: Assertion }
  | { readonly type: 'empty' }
  | { readonly type: 'opaque' };

/**
 * Reads an expression that the engine has already accepted. Source of the syntax: RE2's syntax page.
 * @throws Fault E_PATTERN_SYNTAX where brackets do not match.
 */
export function readSyntax(source: string): SyntaxNode {
  const reader = new SyntaxReader(source);
  const node = reader.choice();
  if (!reader.atEnd) throw unbalanced();
  return node;
}

const unbalanced = (): Fault => new Fault('unbalanced parenthesis in the expression', { code: 'E_PATTERN_SYNTAX' });
const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7 };
const escapedAssertions: Readonly<Record<string, Assertion>> = {
  b: 'wordEdge',
  B: 'noWordEdge',
  A: 'textStart',
  z: 'textEnd',
};
const letters = unionClass(rangeClass(65, 90), rangeClass(97, 122));
/** General categories with or without regard to case the same. */
const asciiProperties: ReadonlyMap<string, ByteClass> = new Map([
  ['L', letters],
  ['N', rangeClass(48, 57)],
  ['Nd', rangeClass(48, 57)],
]);
interface Flags {
  readonly fold: boolean;
  readonly dotAll: boolean;
  readonly lines: boolean;
  readonly ungreedy: boolean;
}

class SyntaxReader {
  readonly #source: string;
  #at = 0;
  #groups = 0;
  #flags: Flags = { fold: false, dotAll: false, lines: false, ungreedy: false };

  constructor(source: string) {
    this.#source = source;
  }

  get atEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  choice(): SyntaxNode {
    const flags = this.#flags;
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    this.#flags = flags;
    return options.length === 1 ? (options[0] as SyntaxNode) : { type: 'choice', options };
  }

  #sequence(): SyntaxNode {
    const items: SyntaxNode[] = [];
    while (!this.atEnd && this.#peek() !== '|' && this.#peek() !== ')') items.push(this.#repeated(this.#single()));
    return items.length === 1 ? (items[0] as SyntaxNode) : { type: 'sequence', items };
  }

  #repeated(item: SyntaxNode): SyntaxNode {
    let node = item;
    for (;;) {
      const bounds = this.#bounds();
      if (!bounds) return node;
      const lazy = this.#take('?') !== this.#flags.ungreedy;
      node = { type: 'repeat', item: node, min: bounds[0], max: bounds[1], lazy };
    }
  }

  #bounds(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#take('?')) return [0, 1];
    const counted = /^\{(\d+)(,(\d*))?\}/.exec(this.#source.slice(this.#at, this.#at + 16));
    if (!counted) return undefined;
    this.#at += counted[0].length;
    const min = Number(counted[1]);
    if (counted[2] === undefined) return [min, min];
    return [min, counted[3] ? Number(counted[3]) : Number.POSITIVE_INFINITY];
  }

  #single(): SyntaxNode {
    const char = this.#next();
    if (char === '(') return this.#group();
    if (char === '[') return this.#bracket();
    if (char === '.') return this.#flags.dotAll ? anything : anyButLineFeed;
    if (char === '^') return { type: 'assert', what: this.#flags.lines ? 'lineStart' : 'textStart' };
    if (char === '$') return { type: 'assert', what: this.#flags.lines ? 'lineEnd' : 'textEnd' };
    if (char === '\\') return this.#escaped();
    return this.#literal(char);
  }

  #literal(char: string): SyntaxNode {
    return this.#character(char.codePointAt(0) ?? 0);
  }

  #character(code: number): SyntaxNode {
    if (this.#flags.fold && foldsToAscii(code, code)) return { type: 'opaque' };
    return (this.#flags.fold ? foldedCharacters : characters)[code] ?? beyondAscii;
  }

  #group(): SyntaxNode {
    const flags = this.#flags;
    let index = 0;
    if (this.#take('?')) {
      if (this.#peek() === 'P' || this.#peek() === '<') {
        this.#at = this.#source.indexOf('>', this.#at) + 1;
        index = ++this.#groups;
      } else if (this.#readFlags()) return { type: 'empty' };
    } else index = ++this.#groups;
    const item = this.choice();
    if (!this.#take(')')) throw unbalanced();
    this.#flags = flags;
    return index === 0 ? item : { type: 'group', item, index };
  }

  /** Reads `i)`, `s-i:` …; true where the flags stand alone. */
  #readFlags(): boolean {
    let on = true;
    for (;;) {
      const char = this.#next();
      if (char === ')') return true;
      if (char === ':' || char === '') return false;
      if (char === '-') on = false;
      if (char === 'i') this.#flags = { ...this.#flags, fold: on };
      if (char === 's') this.#flags = { ...this.#flags, dotAll: on };
      if (char === 'm') this.#flags = { ...this.#flags, lines: on };
      if (char === 'U') this.#flags = { ...this.#flags, ungreedy: on };
    }
  }

  #escaped(): SyntaxNode {
    const char = this.#next();
    const what = escapedAssertions[char];
    if (what) return { type: 'assert', what };
    if (char === 'Q') return this.#quoted();
    if (char === 'p' || char === 'P') {
      const bytes = this.#property(char === 'P');
      return bytes ? classNode(bytes) : { type: 'opaque' };
    }
    if (char >= '1' && char <= '9') return { type: 'opaque' };
    const perl = perlClass(char);
    if (perl) return classNode(perl);
    return this.#character(this.#escapedCode(char));
  }

  #quoted(): SyntaxNode {
    const end = this.#source.indexOf('\\E', this.#at);
    const text = this.#source.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#source.length : end + 2;
    return { type: 'sequence', items: [...text].map((char) => this.#literal(char)) };
  }

  #escapedCode(char: string): number {
    if (char === 'x') {
      const hex = /^(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/.exec(this.#source.slice(this.#at, this.#at + 10));
      this.#at += hex?.[0].length ?? 0;
      return Number.parseInt(hex?.[1] ?? hex?.[2] ?? '0', 16);
    }
    const octal = char === '0' ? /^[0-7]{1,2}/.exec(this.#source.slice(this.#at, this.#at + 2)) : null;
    if (octal) {
      this.#at += octal[0].length;
      return Number.parseInt(octal[0], 8);
    }
    return char === '0' ? 0 : (escapes[char] ?? char.codePointAt(0) ?? 0);
  }

  #bracket(): SyntaxNode {
    const negated = this.#take('^');
    this.#vague = false;
    const bytes = emptyClass();
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      if (this.atEnd) throw unbalanced();
      this.#bracketItem(bytes);
    }
    this.#at++;
    if (this.#vague) return { type: 'opaque' };
    const folded = this.#flags.fold ? foldClass(bytes) : bytes;
    return classNode(negated ? invertAscii(folded) : folded);
  }
  /** The bracket being read holds something that is not known exactly for ASCII. */
  #vague = false;

  /** Adds the next item to `bytes`. */
  #bracketItem(bytes: ByteClass): void {
    const posix = this.#peek() === '[' ? /^\[:(\^?)(\w+):\]/.exec(this.#source.slice(this.#at, this.#at + 14)) : null;
    const named = posix ? posixClass(posix[2] ?? '') : undefined;
    if (posix && named) {
      this.#at += posix[0].length;
      addClass(bytes, posix[1] ? invertClass(named) : named);
      return;
    }
    const from = this.#bracketCode();
    if (typeof from !== 'number') addClass(bytes, from);
    else if (this.#peek() !== '-' || this.#source[this.#at + 1] === ']') this.#codes(bytes, from, from);
    else {
      this.#at++;
      const to = this.#bracketCode();
      this.#codes(bytes, from, typeof to === 'number' ? to : from);
      if (typeof to !== 'number') addClass(bytes, to);
    }
  }

  /** Characters beyond ASCII are several bytes; any byte from 0x80 may be part of one. */
  #codes(bytes: ByteClass, from: number, to: number): void {
    if (this.#flags.fold && foldsToAscii(from, to)) this.#vague = true;
    if (from <= 127) bytes.fill(1, from, Math.min(to, 127) + 1);
    if (to > 127) bytes.fill(1, 128);
  }

  #bracketCode(): number | ByteClass {
    const char = this.#next();
    if (char !== '\\') return char.codePointAt(0) ?? 0;
    const escaped = this.#next();
    if (escaped === 'p' || escaped === 'P') {
      const bytes = this.#property(escaped === 'P');
      if (bytes) return bytes;
      this.#vague = true;
      return emptyClass();
    }
    return perlClass(escaped) ?? this.#escapedCode(escaped);
  }

  /** `L`, `{L}`, `{^L}` after `\\p`; undefined where it is not known exactly for ASCII. */
  #property(negated: boolean): ByteClass | undefined {
    let name = this.#next();
    if (name === '{') {
      const end = this.#source.indexOf('}', this.#at);
      name = this.#source.slice(this.#at, end);
      this.#at = end + 1;
    }
    const known = asciiProperties.get(name.replace('^', ''));
    if (!known) return undefined;
    return name.startsWith('^') !== negated ? invertAscii(known) : unionClass(known, rangeClass(128, 255));
  }

  #peek(): string | undefined {
    return this.#source[this.#at];
  }

  #next(): string {
    if (this.atEnd) return '';
    const char = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
    this.#at += char.length;
    return char;
  }

  #take(char: string): boolean {
    if (this.#source[this.#at] !== char) return false;
    this.#at++;
    return true;
  }
}

/** Without regard to case, the long s and the Kelvin sign are letters of ASCII. */
function foldsToAscii(from: number, to: number): boolean {
  return (from <= 0x17f && to >= 0x17f) || (from <= 0x212a && to >= 0x212a);
}

/** The complement: some character beyond ASCII is always in it, whatever the class excludes. */
function invertAscii(one: ByteClass): ByteClass {
  return invertClass(one).fill(1, 128);
}
