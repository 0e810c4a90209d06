import { createRequire } from 'node:module';
import { RE2JS } from 're2js';
import { Fault } from '../core/faults.ts';

/**
 * One compiled expression. Always a linear-time engine: the re2 addon where it is built, else re2js.
 * Works on UTF-8 bytes and byte offsets; offsets are those of the given array.
 */
export interface Pattern {
  readonly source: string;
  test(bytes: Uint8Array): boolean;
  /**
   * The leftmost match that starts at or after `from`. `^`, `$` and `\b` see the whole array.
   * Returns [start, end, start of group 1, end of group 1, …]; -1 for a group that took no part.
   */
  find(bytes: Uint8Array, from: number): readonly number[] | undefined;
}

interface Re2Instance {
  lastIndex: number;
  test(input: Uint8Array): boolean;
  exec(input: Uint8Array): { index: number; indices?: readonly (readonly [number, number] | undefined)[] } | null;
}
type Re2Constructor = new (source: string, flags: string) => Re2Instance;

function loadAddon(): Re2Constructor | undefined {
  if (process.env['AUDITVEIL_REGEX'] === 'js') return undefined;
  try {
    return createRequire(import.meta.url)('re2') as Re2Constructor;
  } catch {
    return undefined;
  }
}
const addon = loadAddon();

/** Name of the engine in use, for the start-up line and `version`. */
export const patternEngine: PatternEngine = addon ? 're2' : 're2js';

class Re2Pattern implements Pattern {
  readonly source: string;
  readonly #engine: Re2Constructor;
  readonly #tester: Re2Instance;
  /** Made when first needed: many expressions are only tested, and compiling one takes milliseconds. */
  #finder: Re2Instance | undefined;

  constructor(source: string, engine: Re2Constructor) {
    this.source = source;
    this.#engine = engine;
    this.#tester = new engine(source, '');
  }

  test(bytes: Uint8Array): boolean {
    return this.#tester.test(bytes);
  }

  find(bytes: Uint8Array, from: number): readonly number[] | undefined {
    this.#finder ??= new this.#engine(this.source, 'gd');
    this.#finder.lastIndex = from;
    const match = this.#finder.exec(bytes);
    if (!match?.indices) return undefined;
    const spans: number[] = [];
    for (let i = 0; i < match.indices.length; i++) {
      const pair = match.indices[i];
      spans.push(pair ? pair[0] : -1, pair ? pair[1] : -1);
    }
    return spans;
  }
}

/** The same on re2js, also an automaton, in plain JavaScript: for machines where the addon cannot be built. */
class Re2jsPattern implements Pattern {
  readonly source: string;
  readonly #expression: RE2JS;

  constructor(source: string) {
    this.source = source;
    this.#expression = RE2JS.compile(source);
  }

  test(bytes: Uint8Array): boolean {
    return this.#expression.matcher(bytes).find();
  }

  find(bytes: Uint8Array, from: number): readonly number[] | undefined {
    if (from > bytes.length) return undefined;
    const matcher = this.#expression.matcher(bytes);
    if (!matcher.find(from)) return undefined;
    const spans: number[] = [];
    for (let group = 0; group <= matcher.groupCount(); group++) spans.push(matcher.start(group), matcher.end(group));
    return spans;
  }
}

/** Spellings only one of the engines takes, or takes differently: refused, so that a file loads everywhere or nowhere. */
const unportable = /(?:^|[^\\])(?:\\\\)*\\[ucC]/;

export type PatternEngine = 're2' | 're2js';

/** Compiled expressions by engine and source: packs, plan and scanner ask for the same ones. Sources come from files, not events. */
const compiled = new Map<string, Pattern>();
const compiledPatterns = 4096;

/**
 * Compiles an RE2 expression (https://github.com/google/re2/wiki/Syntax).
 * @param engine for tests; otherwise the engine of this process
 * @throws Fault E_PATTERN_SYNTAX where the engine refuses it, for example for look-ahead or back-references.
 */
export function compilePattern(source: string, engine: PatternEngine = patternEngine): Pattern {
  const key = `${engine} ${source}`;
  const known = compiled.get(key);
  if (known) return known;
  const pattern = compileNew(source, engine);
  if (compiled.size >= compiledPatterns) compiled.clear();
  compiled.set(key, pattern);
  return pattern;
}

function compileNew(source: string, engine: PatternEngine): Pattern {
  const remedy = 'Use RE2 syntax: no look-around, no back-references, `\\x{41}` for a code point.';
  if (unportable.test(source)) {
    throw new Fault('not a valid expression: \\u, \\c and \\C are not RE2 syntax', {
      code: 'E_PATTERN_SYNTAX',
      remedy,
    });
  }
  if (engine === 're2' && !addon) throw new Fault('the re2 addon is not built', { code: 'E_PATTERN_ENGINE' });
  try {
    return engine === 're2' && addon ? new Re2Pattern(source, addon) : new Re2jsPattern(source);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'not an expression';
    throw new Fault(`not a valid expression: ${why}`, { code: 'E_PATTERN_SYNTAX', remedy, cause });
  }
}
