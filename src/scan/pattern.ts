import { createRequire } from 'node:module';
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
export const patternEngine: 're2' | 're2js' = addon ? 're2' : 're2js';

class Re2Pattern implements Pattern {
  readonly source: string;
  readonly #tester: Re2Instance;
  readonly #finder: Re2Instance;

  constructor(source: string, engine: Re2Constructor) {
    this.source = source;
    this.#tester = new engine(source, '');
    this.#finder = new engine(source, 'gd');
  }

  test(bytes: Uint8Array): boolean {
    return this.#tester.test(bytes);
  }

  find(bytes: Uint8Array, from: number): readonly number[] | undefined {
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

/**
 * Compiles an RE2 expression (https://github.com/google/re2/wiki/Syntax).
 * @throws Fault E_PATTERN_SYNTAX where the engine refuses it, for example for look-ahead or back-references.
 */
export function compilePattern(source: string): Pattern {
  if (!addon) throw new Fault('the re2 addon is not built', { code: 'E_PATTERN_ENGINE' });
  try {
    return new Re2Pattern(source, addon);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'not an expression';
    throw new Fault(`not a valid expression: ${why}`, {
      code: 'E_PATTERN_SYNTAX',
      remedy: 'Use RE2 syntax: no look-around, no back-references.',
      cause,
    });
  }
}
