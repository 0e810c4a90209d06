import { Fault } from '../core/faults.ts';
import {
  type ByteClass,
  emptyClass,
  foldClass,
  invertClass,
  perlClass,
  posixClass,
  rangeClass,
  unionClass,
} from './byte-class.ts';

/**
 * The parts of an RE2 expression that matter for triggers. `bytes` is one byte of a class; characters beyond ASCII and
 * everything this reader does not take apart are `opaque`: they match something it makes no statement about.
 */
export type ExpressionNode =
  | { readonly type: 'bytes'; readonly bytes: ByteClass }
  | { readonly type: 'sequence'; readonly items: readonly ExpressionNode[] }
  | { readonly type: 'choice'; readonly options: readonly ExpressionNode[] }
  | { readonly type: 'repeat'; readonly item: ExpressionNode; readonly min: number; readonly max: number }
  | { readonly type: 'empty' }
  | { readonly type: 'opaque' };

/**
 * Reads an expression that the engine has already accepted. Source of the syntax: RE2's syntax page.
 * @throws Fault E_PATTERN_SYNTAX where brackets do not match.
 */
export function readExpression(source: string): ExpressionNode {
  const reader = new ExpressionReader(source);
  const node = reader.choice();
  if (!reader.atEnd) throw new Fault('unbalanced parenthesis in the expression', { code: 'E_PATTERN_SYNTAX' });
  return node;
}

const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7 };
const anyByte = invertClass(rangeClass(10, 10));

class ExpressionReader {
  readonly #source: string;
  #at = 0;
  #fold = false;
  #dotAll = false;

  constructor(source: string) {
    this.#source = source;
  }

  get atEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  choice(): ExpressionNode {
    const [fold, dotAll] = [this.#fold, this.#dotAll];
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    [this.#fold, this.#dotAll] = [fold, dotAll];
    return options.length === 1 ? (options[0] as ExpressionNode) : { type: 'choice', options };
  }

  #sequence(): ExpressionNode {
    const items: ExpressionNode[] = [];
    while (!this.atEnd && this.#peek() !== '|' && this.#peek() !== ')') items.push(this.#repeated(this.#single()));
    return { type: 'sequence', items };
  }

  #repeated(item: ExpressionNode): ExpressionNode {
    let node = item;
    for (;;) {
      const bounds = this.#bounds();
      if (!bounds) return node;
      this.#take('?');
      node = { type: 'repeat', item: node, min: bounds[0], max: bounds[1] };
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

  #single(): ExpressionNode {
    const char = this.#next();
    if (char === '(') return this.#group();
    if (char === '[') return { type: 'bytes', bytes: this.#bracket() };
    if (char === '.') return { type: 'bytes', bytes: this.#dotAll ? invertClass(emptyClass()) : anyByte };
    if (char === '^' || char === '$') return { type: 'empty' };
    if (char === '\\') return this.#escaped();
    return this.#literal(char);
  }

  #literal(char: string): ExpressionNode {
    const code = char.codePointAt(0) ?? 0;
    if (code > 127) return { type: 'opaque' };
    return { type: 'bytes', bytes: this.#folded(rangeClass(code, code)) };
  }

  #folded(bytes: ByteClass): ByteClass {
    return this.#fold ? foldClass(bytes) : bytes;
  }

  #group(): ExpressionNode {
    const [fold, dotAll] = [this.#fold, this.#dotAll];
    if (this.#take('?')) {
      if (this.#peek() === 'P' || this.#peek() === '<') this.#at = this.#source.indexOf('>', this.#at) + 1;
      else if (this.#flags()) return { type: 'empty' };
    }
    const node = this.choice();
    if (!this.#take(')')) throw new Fault('unbalanced parenthesis in the expression', { code: 'E_PATTERN_SYNTAX' });
    [this.#fold, this.#dotAll] = [fold, dotAll];
    return node;
  }

  /** Reads `i)`, `s-i:` …; true where the flags stand alone. */
  #flags(): boolean {
    let on = true;
    for (;;) {
      const char = this.#next();
      if (char === ')') return true;
      if (char === ':') return false;
      if (char === '-') on = false;
      if (char === 'i') this.#fold = on;
      if (char === 's') this.#dotAll = on;
    }
  }

  #escaped(): ExpressionNode {
    const char = this.#next();
    if ('bBAzZ'.includes(char)) return { type: 'empty' };
    if (char === 'Q') return this.#quoted();
    if (char === 'p' || char === 'P') {
      if (this.#next() === '{') this.#at = this.#source.indexOf('}', this.#at) + 1;
      return { type: 'opaque' };
    }
    const perl = perlClass(char);
    if (perl) return { type: 'bytes', bytes: perl };
    const code = this.#escapedCode(char);
    return code > 127 ? { type: 'opaque' } : { type: 'bytes', bytes: this.#folded(rangeClass(code, code)) };
  }

  #quoted(): ExpressionNode {
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
    return escapes[char] ?? char.codePointAt(0) ?? 0;
  }

  #bracket(): ByteClass {
    const negated = this.#take('^');
    let bytes = emptyClass();
    for (let first = true; first || this.#peek() !== ']'; first = false) bytes = unionClass(bytes, this.#bracketItem());
    this.#at++;
    const folded = this.#folded(bytes);
    return negated ? invertClass(folded) : folded;
  }

  #bracketItem(): ByteClass {
    const posix = /^\[:(\^?)(\w+):\]/.exec(this.#source.slice(this.#at, this.#at + 14));
    const named = posix ? posixClass(posix[2] ?? '') : undefined;
    if (posix && named) {
      this.#at += posix[0].length;
      return posix[1] ? invertClass(named) : named;
    }
    const from = this.#bracketCode();
    if (typeof from !== 'number') return from;
    if (this.#peek() !== '-' || this.#source[this.#at + 1] === ']') return codeClass(from, from);
    this.#at++;
    const to = this.#bracketCode();
    return typeof to === 'number' ? codeClass(from, to) : unionClass(codeClass(from, from), to);
  }

  #bracketCode(): number | ByteClass {
    const char = this.#next();
    if (char !== '\\') return char.codePointAt(0) ?? 0;
    const escaped = this.#next();
    if (escaped === 'p' || escaped === 'P') {
      if (this.#next() === '{') this.#at = this.#source.indexOf('}', this.#at) + 1;
      return invertClass(emptyClass());
    }
    return perlClass(escaped) ?? this.#escapedCode(escaped);
  }

  #peek(): string | undefined {
    return this.#source[this.#at];
  }

  #next(): string {
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

/** Characters beyond ASCII are several bytes; any byte from 0x80 may be part of one. */
function codeClass(from: number, to: number): ByteClass {
  const ascii = from <= 127 ? rangeClass(from, Math.min(to, 127)) : emptyClass();
  return to > 127 ? unionClass(ascii, rangeClass(128, 255)) : ascii;
}
