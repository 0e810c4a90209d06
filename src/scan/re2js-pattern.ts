import type { RE2JS } from 're2js';
import type { Pattern, TextFinder } from './pattern.ts';
import { findStepwise } from './re2-pattern.ts';

/** An expression on re2js, also an automaton, in plain JavaScript: for machines where the addon cannot be built. */
export class Re2jsPattern implements Pattern {
  readonly source: string;
  readonly #engine: typeof RE2JS;
  #expression: RE2JS | undefined;

  constructor(source: string, engine: typeof RE2JS) {
    this.source = source;
    this.#engine = engine;
  }

  /** Compiles now. @throws what the engine says of an expression it does not take */
  compile(): RE2JS {
    this.#expression ??= this.#engine.compile(this.source);
    return this.#expression;
  }

  release(): void {
    this.#expression = undefined;
  }

  test(bytes: Uint8Array): boolean {
    return this.compile().matcher(bytes).find();
  }

  find(bytes: Uint8Array, from: number): readonly number[] | undefined {
    if (from > bytes.length) return undefined;
    const matcher = this.compile().matcher(bytes);
    if (!matcher.find(from)) return undefined;
    const spans: number[] = [];
    for (let group = 0; group <= matcher.groupCount(); group++) spans.push(matcher.start(group), matcher.end(group));
    return spans;
  }

  finder(bytes: Uint8Array): TextFinder {
    return (from) => this.find(bytes, from);
  }

  findAll(bytes: Uint8Array, group: number): readonly number[] {
    return findStepwise(this, bytes, group);
  }
}
