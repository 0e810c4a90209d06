import { ConditionError } from './condition-error.ts';

const quotedEscapes: Readonly<Record<string, string>> = {
  ...{ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '\\': '\\', '/': '/' },
  // A blank: rules of old wrote backslash and blank for a backslash, and the engine reads it so.
  ' ': '\\',
};

/** Reads tokens of the condition language. The forms are those of libsinsp/filter/parser.cpp. */
export class Tokens {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** White space; false where there is none. */
  blank(): boolean {
    return this.#take(/[ \t\b\r\n]+/y) !== undefined;
  }

  word(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  /** `not` and the white space that must follow it. */
  notAndBlank(): boolean {
    return this.#take(/not[ \t\b\r\n\f\v]+/y) !== undefined;
  }

  identifier(): string | undefined {
    return this.#take(/[a-zA-Z][a-zA-Z0-9_]*/y);
  }

  /** Identifiers joined by dots, at least two. */
  fieldName(): string | undefined {
    return this.#take(/[a-zA-Z][a-zA-Z0-9_]*(?:\.[a-zA-Z][a-zA-Z0-9_]*)+/y);
  }

  bareText(): string | undefined {
    return this.#take(/[^()"'\s=,]+/y);
  }

  bareArgument(): string | undefined {
    return this.#take(/[^\][\s"']+/y);
  }

  number(): string | undefined {
    return this.#take(/0[xX][0-9a-fA-F]+|[-+]?\d+\.?\d*(?:[eE][-+]\d+)?/y);
  }

  /** The first of the words that stands here. */
  oneOf<T extends string>(words: readonly T[]): T | undefined {
    return words.find((word) => this.word(word));
  }

  /** A text in quotes. It ends at the first quote of its kind that no backslash stands before. */
  quotedText(): string | undefined {
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") return undefined;
    let end = this.at + 1;
    while (this.text[end] !== quote || this.text[end - 1] === '\\') {
      if (end >= this.text.length)
        throw new ConditionError('the quoted text has no end', this.at, { remedy: `Write the closing ${quote}.` });
      end++;
    }
    const start = this.at;
    this.at = end + 1;
    return this.#unescape(start + 1, end, quote);
  }

  #unescape(from: number, to: number, quote: string): string {
    const bytes: Buffer[] = [];
    for (let at = from; at < to; ) {
      const slash = this.text.indexOf('\\', at);
      const plain = slash < 0 || slash >= to ? to : slash;
      bytes.push(Buffer.from(this.text.slice(at, plain)));
      at = plain;
      if (at >= to) break;
      const mark = this.text.charAt(at + 1);
      const hex = /^x[0-9a-fA-F]{2}$/.test(this.text.slice(at + 1, at + 4)) ? this.text.slice(at + 2, at + 4) : undefined;
      if (hex !== undefined) bytes.push(Buffer.from(hex, 'hex'));
      else if (mark === quote && at + 1 < to) bytes.push(Buffer.from(quote));
      else if (quotedEscapes[mark] !== undefined && at + 1 < to) bytes.push(Buffer.from(quotedEscapes[mark]));
      else throw this.#unknownEscape(mark, at);
      at += hex === undefined ? 2 : 4;
    }
    return Buffer.concat(bytes).toString('utf8');
  }

  #unknownEscape(mark: string, at: number): ConditionError {
    const remedy = 'A backslash is written \\\\; known are \\b \\f \\n \\r \\t \\/ \\xHH and the quote that encloses the text.';
    return new ConditionError(`unknown escape "\\${mark}" in a quoted text`, at, { remedy });
  }
}
