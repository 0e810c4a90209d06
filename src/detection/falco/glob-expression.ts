import { Fault } from '../../core/faults.ts';

const special = /[\\^$.|?*+()[\]{}]/g;

/** Text that means itself inside an RE2 expression. */
export function literalExpression(text: string): string {
  return text.replace(special, '\\$&');
}

interface GlobOptions {
  /** Whether `*`, `?` and brackets stop at a slash. */
  readonly withinSegment: boolean;
}

class GlobReader {
  readonly #text: string;
  readonly #any: string;
  #at = 0;

  constructor(text: string, options: GlobOptions) {
    this.#text = text;
    this.#any = options.withinSegment ? '[^/]' : '(?s:.)';
  }

  /** Reads until the end, or inside a group until `|` or `)`. */
  sequence(inGroup: boolean): string {
    let out = '';
    for (let mark = this.#text[this.#at]; mark !== undefined; mark = this.#text[this.#at]) {
      if (inGroup && (mark === '|' || mark === ')')) return out;
      out += this.#part(mark);
    }
    if (inGroup) throw this.#wrong('a group of the pattern is not closed', 'Write the closing parenthesis.');
    return out;
  }

  #part(mark: string): string {
    if (this.#text[this.#at + 1] === '(' && '?*+@!'.includes(mark)) return this.#group(mark);
    if (mark === '[') return this.#bracket();
    if (mark === '\\') {
      const next = this.#text[this.#at + 1] ?? '\\';
      this.#at += 2;
      return literalExpression(next);
    }
    const point = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    this.#at += point.length;
    if (mark === '*') return `${this.#any}*`;
    return mark === '?' ? this.#any : literalExpression(point);
  }

  /** `?(a|b)`, `*(…)`, `+(…)` and `@(…)` of ksh, which fnmatch knows with FNM_EXTMATCH. */
  #group(mark: string): string {
    if (mark === '!') throw this.#wrong('"!(…)" is not supported in a pattern', 'Put the negation outside: not field glob "…".');
    this.#at += 2;
    const choices = [this.sequence(true)];
    while (this.#text[this.#at] === '|') {
      this.#at++;
      choices.push(this.sequence(true));
    }
    this.#at++;
    return `(?:${choices.join('|')})${mark === '@' ? '' : mark}`;
  }

  /** A bracket expression of POSIX; an opening bracket that is never closed means itself. */
  #bracket(): string {
    const negated = this.#text[this.#at + 1] === '!' || this.#text[this.#at + 1] === '^';
    const from = this.#at + (negated ? 2 : 1);
    let end = from;
    for (;;) {
      const named = this.#text.startsWith('[:', end) ? this.#text.indexOf(':]', end + 2) : -1;
      if (named >= 0) end = named + 2;
      else if (this.#text[end] === undefined) break;
      else if (this.#text[end] === ']' && end > from) break;
      else end += this.#text[end] === '\\' ? 2 : 1;
    }
    if (this.#text[end] === undefined) {
      this.#at++;
      return '\\[';
    }
    const inside = this.#text
      .slice(from, end)
      .replace(/\\(.)|\[(?!:)|\^|\]/gs, (found, escaped?: string) => `\\${escaped ?? found}`);
    this.#at = end + 1;
    return `[${negated ? '^' : ''}${negated && this.#any === '[^/]' ? '/' : ''}${inside}]`;
  }

  #wrong(message: string, remedy: string): Fault {
    return new Fault(message, { code: 'E_RULE_VALUE', remedy });
  }
}

/** The RE2 expression of a glob as fnmatch(3) reads it: `*` also goes over slashes. @throws Fault E_RULE_VALUE */
export function globExpression(glob: string): string {
  return new GlobReader(glob, { withinSegment: false }).sequence(false);
}

/** The RE2 expression of everything at or below a path, each segment a glob. @throws Fault E_RULE_VALUE */
export function pathExpression(path: string): string {
  const rooted = path.startsWith('/') ? '/+' : '';
  const segments = path.split('/').filter((segment) => segment !== '');
  const inner = segments.map((segment) => new GlobReader(segment, { withinSegment: true }).sequence(false)).join('/+');
  return segments.length === 0 ? '/(?s:.)*' : `${rooted}${inner}(?:/(?s:.)*)?`;
}
