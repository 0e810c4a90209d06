import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { Fault } from '../core/faults.ts';
import { type Re2Constructor, Re2Pattern } from './re2-pattern.ts';
import { Re2jsPattern } from './re2js-pattern.ts';
import { AsciiPattern, type CompiledPattern } from './regex/ascii-pattern.ts';
import { isBuilt } from './regex/built-programs.ts';

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
  /** Finds in one text again and again; what was learned of the text, which must not change, is used again. */
  finder(bytes: Uint8Array): TextFinder;
  /** All matches from left to right: [start, end, start of the group, end of the group] for each; group 0 is the match, `firstGroup` see there. */
  findAll(bytes: Uint8Array, group: number): readonly number[];
}

/** As `Pattern.find` in one text. */
export type TextFinder = (from: number) => readonly number[] | undefined;

const require = createRequire(import.meta.url);

function loadAddon(): Re2Constructor | undefined {
  if (process.env['AUDITVEIL_REGEX'] === 'js') return undefined;
  try {
    return require('re2') as Re2Constructor;
  } catch {
    return undefined;
  }
}
const addon = loadAddon();

/** Name of the engine in use, for the start-up line and `version`. */
export const patternEngine: PatternEngine = addon ? 're2' : 're2js';

/** Spellings only one of the engines takes, or takes differently: refused, so that a file loads everywhere or nowhere. */
const unportable = /(?:^|[^\\])(?:\\\\)*\\[ucC]/;

export type PatternEngine = 're2' | 're2js';

/** Expressions by engine and source: packs, plan and scanner ask for the same ones. Sources come from files, not events. */
const known = new Map<string, AsciiPattern>();
const knownPatterns = 4096;

/**
 * An expression that has been checked before (by `compilePattern`, when its file was loaded or built); it is compiled
 * when it is first used.
 */
export function checkedPattern(source: string, engine: PatternEngine = patternEngine): Pattern {
  return patternOf(source, engine);
}

/**
 * Compiles an RE2 expression (https://github.com/google/re2/wiki/Syntax).
 * @param engine for tests; otherwise the engine of this process
 * @throws Fault E_PATTERN_SYNTAX where the engine refuses it, for example for look-ahead or back-references.
 */
export function compilePattern(source: string, engine: PatternEngine = patternEngine): Pattern {
  const remedy = 'Use RE2 syntax: no look-around, no back-references, `\\x{41}` for a code point.';
  if (unportable.test(source)) {
    throw new Fault('not a valid expression: \\u, \\c and \\C are not RE2 syntax', { code: 'E_PATTERN_SYNTAX', remedy });
  }
  const pattern = patternOf(source, engine);
  if (isBuilt(source)) return pattern;
  try {
    pattern.compile();
  } catch (cause) {
    known.delete(`${engine} ${source}`);
    const why = cause instanceof Error ? cause.message : 'not an expression';
    throw new Fault(`not a valid expression: ${why}`, { code: 'E_PATTERN_SYNTAX', remedy, cause });
  }
  return pattern;
}

/** The expressions that were asked for in this thread: what the build takes apart. */
export function knownExpressions(): readonly string[] {
  return [...known.values()].map(({ source }) => source);
}

/** An expression on the engine itself: for tests, which compare it with what is searched here. */
export function enginePattern(source: string, engine: PatternEngine = patternEngine): CompiledPattern {
  return engine === 're2' && addon
    ? new Re2Pattern(source, addon)
    : new Re2jsPattern(source, (require('re2js') as { RE2JS: typeof RE2JS }).RE2JS);
}

function patternOf(source: string, engine: PatternEngine): AsciiPattern {
  const key = `${engine} ${source}`;
  const made = known.get(key);
  if (made) return made;
  if (engine === 're2' && !addon) throw new Fault('the re2 addon is not built', { code: 'E_PATTERN_ENGINE' });
  const pattern = new AsciiPattern(enginePattern(source, engine));
  if (known.size >= knownPatterns) known.clear();
  known.set(key, pattern);
  return pattern;
}
