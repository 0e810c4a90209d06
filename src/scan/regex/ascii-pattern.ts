import { groupIndex } from '../group-split.ts';
import type { Pattern } from '../pattern.ts';
import { Backtracker, type Outcome, outcomes } from './backtracker.ts';
import { LazyAutomaton } from './lazy-automaton.ts';
import { compileProgram, compileReversed } from './program.ts';

/** Longer texts are searched by the engine: its start-up cost is nothing to them. */
const mostBytes = 4_096;

/** Searches of an expression that may take most of the steps they are allowed. */
const mostHeavy = 32;

/** Where the matches of one text start: no longer needed when the next one is searched. */
const places = new Int32Array(mostBytes + 1);
const none: readonly number[] = [];

/**
 * What goes to the engine first, in calls of `test` for each character of the expression: taking an expression apart has to pay. It
 * costs about 4 µs a character and program; a `test` saves 0.08 µs by it, a search, which needs two programs, 1.2 µs.
 */
const testsPerCharacter = 64;
const searchInTests = 16;

/** A pattern of an engine; `compile` throws what the engine says of an expression that it does not take. */
export interface CompiledPattern extends Pattern {
  compile(): void;
}

/**
 * An expression that is searched here where the text is short and ASCII, which most is, and by an engine where it is not.
 * The same answers: a call of the addon costs as much as searching a kilobyte.
 */
export class AsciiPattern implements Pattern {
  readonly source: string;
  readonly #engine: CompiledPattern;
  /** Made when they are first used, as most never are; null where the expression is the engine's alone. */
  #automaton: LazyAutomaton | null | undefined;
  #reversed: LazyAutomaton | null | undefined;
  #backtracker: Backtracker | null | undefined;

  /** `after`: what goes to the engine before texts are searched here, in calls of `test` */
  constructor(engine: CompiledPattern, after = engine.source.length * testsPerCharacter) {
    this.source = engine.source;
    this.#engine = engine;
    this.#after = after;
  }
  #after: number;

  compile(): void {
    this.#engine.compile();
  }

  test(bytes: Uint8Array): boolean {
    const outcome = this.#tester()?.test(bytes, 0, bytes.length) ?? outcomes.unknown;
    return outcome === outcomes.unknown ? this.#engine.test(bytes) : outcome === outcomes.found;
  }

  find(bytes: Uint8Array, from: number): readonly number[] | undefined {
    const finder = this.#finder();
    if (finder && bytes.length <= mostBytes) {
      const count = this.#starts(bytes);
      if (count === 0) return undefined;
      if (count > 0 || isAscii(bytes)) {
        finder.begin(bytes.length);
        const outcome = this.#next(finder, bytes, from, count);
        this.#noteCost(finder);
        if (outcome !== outcomes.unknown) return outcome === outcomes.found ? [...finder.slots] : undefined;
      }
    }
    return this.#engine.find(bytes, from);
  }

  findAll(bytes: Uint8Array, group: number): readonly number[] {
    const finder = this.#finder();
    if (!finder || bytes.length > mostBytes) return this.#engine.findAll(bytes, group);
    const count = this.#starts(bytes);
    if (count === 0) return none;
    if (count < 0 && !isAscii(bytes)) return this.#engine.findAll(bytes, group);
    const { slots } = finder;
    finder.begin(bytes.length);
    const spans: number[] = [];
    for (let from = 0; from <= bytes.length; ) {
      const outcome = this.#next(finder, bytes, from, count);
      if (outcome === outcomes.unknown) {
        this.#noteCost(finder);
        return this.#engine.findAll(bytes, group);
      }
      if (outcome === outcomes.none) break;
      const [start, end] = [slots[0] as number, slots[1] as number];
      const index = groupIndex(slots, group);
      spans.push(start, end, slots[index] ?? -1, slots[index + 1] ?? -1);
      from = Math.max(end, start + 1);
    }
    this.#noteCost(finder);
    return spans;
  }

  /** Places where matches start, into `places`, the last first. @returns how many; -1: nobody knows */
  #starts(bytes: Uint8Array): number {
    if (this.#reversed === undefined) {
      const program = compileReversed(this.source);
      this.#reversed = program ? new LazyAutomaton(program) : null;
    }
    return this.#reversed ? this.#reversed.starts(bytes, 0, bytes.length, places) : -1;
  }

  /** The leftmost match at `from` or after; at one of the first `count` places where they are known. */
  #next(finder: Backtracker, bytes: Uint8Array, from: number, count: number): Outcome {
    if (count < 0) return finder.search(bytes, 0, bytes.length, from);
    for (let i = count - 1; i >= 0; i--) {
      const at = places[i] as number;
      if (at >= from) return finder.matchAt(bytes, 0, bytes.length, at);
    }
    return outcomes.none;
  }

  /** Text made to cost many steps must not do so again and again: the expression is the engine's from then on. */
  #noteCost(finder: Backtracker): void {
    if (finder.wasHeavy && ++this.#heavy === mostHeavy) this.#backtracker = null;
  }
  #heavy = 0;

  #tester(): LazyAutomaton | null {
    if (this.#after > 0) {
      this.#after--;
      return null;
    }
    if (this.#automaton === undefined) {
      const program = compileProgram(this.source, false);
      this.#automaton = program ? new LazyAutomaton(program) : null;
    }
    return this.#automaton;
  }

  #finder(): Backtracker | null {
    if (this.#after > 0) {
      this.#after -= searchInTests;
      return null;
    }
    if (this.#backtracker === undefined) {
      const program = compileProgram(this.source, true);
      this.#backtracker = program ? new Backtracker(program) : null;
    }
    return this.#backtracker;
  }
}

function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if ((bytes[at] as number) > 127) return false;
  return true;
}
