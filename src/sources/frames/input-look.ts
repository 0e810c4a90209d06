import { limits } from '../../core/limits.ts';
import { bytesOf, skipSpace, skipValue } from './json-walk.ts';
import { skipMark } from './line-framer.ts';

const { newline, quote, comma, colon, open, openBrace, closeBrace, close, space, carriageReturn, tab } = bytesOf;
const markBytes = 3;

export type InputKind = 'lines' | 'document' | 'undecided';

/** What the beginning of an input says. */
export function inputKind(bytes: Buffer, end: number): InputKind {
  return new InputLook().kind(bytes, end);
}

/**
 * Tells JSON lines from documents that span lines, by the first line and what follows it, in an input that arrives in parts. A
 * document's first line ends inside brackets after `{`, `[`, `,` or `:`, and goes on with what JSON allows there. Every byte is
 * looked at a few times at most, whatever the parts are.
 */
export class InputLook {
  /** Bytes looked at so far, by all looks together. */
  looked = 0;
  #step: 'start' | 'line' | 'next' = 'start';
  #at = 0;
  #start = 0;
  #ending = 0;
  #container = 0;

  /** `bytes` begins with what it began with before; `end` has grown. */
  kind(bytes: Buffer, end: number): InputKind {
    if (this.#step === 'start' && !this.#findStart(bytes, end)) return 'undecided';
    if (this.#step === 'line') {
      if (bytes[this.#start] !== openBrace && bytes[this.#start] !== open) return 'lines';
      if (!this.#findLineEnd(bytes, end)) return 'undecided';
      if (!this.#readLineEnd(bytes)) return 'lines';
    }
    this.#skipSpace(bytes, end);
    if (this.#at >= end) return 'undecided';
    return goesOn(this.#ending, this.#container, bytes[this.#at] ?? 0) ? 'document' : 'lines';
  }

  #findStart(bytes: Buffer, end: number): boolean {
    if (this.#at === 0) {
      if (end < markBytes && bytes[0] === 0xef) return false;
      this.#at = skipMark(bytes, 0, end);
    }
    this.#skipSpace(bytes, end);
    if (this.#at >= end) return false;
    this.#start = this.#at;
    this.#step = 'line';
    return true;
  }

  #findLineEnd(bytes: Buffer, end: number): boolean {
    const found = bytes.subarray(0, end).indexOf(newline, this.#at);
    const to = found < 0 ? end : found;
    this.looked += to - this.#at;
    this.#at = to;
    return found >= 0;
  }

  /** Whether the line's end, where `#at` is, stands open. */
  #readLineEnd(bytes: Buffer): boolean {
    let last = this.#at - 1;
    while (last > this.#start && (bytes[last] === space || bytes[last] === carriageReturn || bytes[last] === tab)) last--;
    const ending = bytes[last];
    if (ending !== openBrace && ending !== open && ending !== comma && ending !== colon) return false;
    this.looked += this.#at - this.#start;
    const container = openContainer(bytes, this.#start, this.#at);
    if (container === undefined) return false;
    this.#ending = ending;
    this.#container = container;
    this.#step = 'next';
    return true;
  }

  #skipSpace(bytes: Buffer, end: number): void {
    const to = skipSpace(bytes, this.#at, end);
    this.looked += to - this.#at;
    this.#at = to;
  }
}

/** The innermost bracket still open at `end`; undefined where none is, or the text ends in a string. */
function openContainer(bytes: Buffer, at: number, end: number): number | undefined {
  const stack: number[] = [];
  for (let i = at; i < end; i++) {
    const b = bytes[i];
    if (b === quote) {
      i = skipValue(bytes, i, end) - 1;
      if (i < 0) return undefined;
    } else if (b === openBrace || b === open) stack.push(b);
    else if (b === closeBrace || b === close) stack.pop();
    if (stack.length > limits.jsonDepth) return undefined;
  }
  return stack.at(-1);
}

function goesOn(ending: number, container: number, next: number): boolean {
  if (container === openBrace && ending !== colon) return next === quote || (ending === openBrace && next === closeBrace);
  return '{["-0123456789tfn'.includes(String.fromCharCode(next)) || (ending === open && next === close);
}
