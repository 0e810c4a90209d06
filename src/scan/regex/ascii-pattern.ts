import { isAscii } from 'node:buffer';
import { groupIndex } from '../group-split.ts';
import type { Pattern, TextFinder } from '../pattern.ts';
import { Backtracker, type Outcome, outcomes } from './backtracker.ts';
import { builtProgram, isBuilt } from './built-programs.ts';
import { LazyAutomaton } from './lazy-automaton.ts';
import { Places } from './places.ts';
import { compileProgram, compileReversed } from './program.ts';

/** Longer texts are searched here only where it is known at which places matches start: else every place would be tried. */
const mostBytes = 4_096;

/** Searches of an expression that may take most of the steps they are allowed. */
const mostHeavy = 32;

/** Where the matches of one text start: no longer needed when the next one is searched. */
const scratch = new Places();
const none: readonly number[] = [];

/**
 * What goes to the engine first, in calls of `test` for each character of the expression: taking an expression apart has to pay. It
 * costs about 4 µs a character and program; a `test` saves 0.08 µs by it, a search, which needs two programs, 1.2 µs.
 */
const testsPerCharacter = 64;
const searchInTests = 16;
/** What the engine takes longer to hand over one more match, in the same measure: 5 µs and more. */
const matchInTests = 64;

/** A pattern of an engine; `compile` throws what the engine says of an expression that it does not take. */
export interface CompiledPattern extends Pattern {
  compile(): void;
  /** Forgets what was compiled, which takes a hundred kilobytes and more; it is compiled anew where it is needed again. */
  release(): void;
}

/**
 * An expression that is searched here where the text is ASCII, which most is, and by an engine where it is not. The same answers: a call
 * of the addon costs as much as searching a kilobyte, and twenty of them where the text is long.
 */
export class AsciiPattern implements Pattern {
  readonly source: string;
  readonly #engine: CompiledPattern;
  /** Made when they are first used, as most never are; null where the expression is the engine's alone. */
  #automaton: LazyAutomaton | null | undefined;
  #reversed: LazyAutomaton | null | undefined;
  #backtracker: Backtracker | null | undefined;

  /** `after`: what goes to the engine before texts are searched here, in calls of `test` */
  constructor(engine: CompiledPattern, after = isBuilt(engine.source) ? 0 : engine.source.length * testsPerCharacter) {
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
    return this.#finderIn(bytes, scratch)(from);
  }

  finder(bytes: Uint8Array): TextFinder {
    return this.#finderIn(bytes, new Places());
  }

  #finderIn(bytes: Uint8Array, places: Places): TextFinder {
    const finder = this.#finder();
    const count = finder ? this.#starts(bytes, places) : -1;
    if (count === 0) return () => undefined;
    if (!finder || !isSearchable(bytes, count)) return (from) => this.#byEngine(bytes, from);
    finder.begin(bytes.length);
    return (from) => {
      const outcome = this.#next(finder, bytes, from, count < 0 ? undefined : places);
      this.#noteCost(finder);
      if (outcome === outcomes.unknown) return this.#engine.find(bytes, from);
      return outcome === outcomes.found ? [...finder.slots] : undefined;
    };
  }

  findAll(bytes: Uint8Array, group: number): readonly number[] {
    const finder = this.#finder();
    if (!finder) {
      const found = this.#engine.findAll(bytes, group);
      this.#after -= (found.length / 4) * matchInTests;
      return found;
    }
    const count = this.#starts(bytes, scratch);
    if (count === 0) return none;
    if (!isSearchable(bytes, count)) return this.#engine.findAll(bytes, group);
    const { slots } = finder;
    finder.begin(bytes.length);
    const spans: number[] = [];
    for (let from = 0; from <= bytes.length; ) {
      const outcome = this.#next(finder, bytes, from, count < 0 ? undefined : scratch);
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

  #byEngine(bytes: Uint8Array, from: number): readonly number[] | undefined {
    this.#after -= matchInTests;
    return this.#engine.find(bytes, from);
  }

  /** Writes to `places` where matches start. @returns how many; -1: nobody knows */
  #starts(bytes: Uint8Array, places: Places): number {
    if (this.#reversed === undefined) {
      const program = builtProgram(this.source, 'starts') ?? compileReversed(this.source);
      this.#reversed = program ? new LazyAutomaton(program) : null;
    }
    // A long text is not read to its other end to find out what can be known at once.
    if (!this.#reversed || (bytes.length > mostBytes && !isAscii(bytes))) return -1;
    places.clear(bytes.length);
    return this.#reversed.starts(bytes, 0, bytes.length, places);
  }

  /** The leftmost match at `from` or after; at one of `places` where they are known. */
  #next(finder: Backtracker, bytes: Uint8Array, from: number, places: Places | undefined): Outcome {
    if (!places) return finder.search(bytes, 0, bytes.length, from);
    const at = places.next(from);
    return at < 0 ? outcomes.none : finder.matchAt(bytes, 0, bytes.length, at);
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
      const program = builtProgram(this.source, 'test') ?? compileProgram(this.source, false);
      this.#automaton = program ? new LazyAutomaton(program) : null;
      if (program) this.#engine.release();
    }
    return this.#automaton;
  }

  #finder(): Backtracker | null {
    if (this.#after > 0) {
      this.#after -= searchInTests;
      return null;
    }
    if (this.#backtracker === undefined) {
      const program = builtProgram(this.source, 'find') ?? compileProgram(this.source, true);
      this.#backtracker = program ? new Backtracker(program) : null;
      if (program) this.#engine.release();
    }
    return this.#backtracker;
  }
}

/** Whether a text can be searched here when so many starts of matches are known in it; -1: none are. */
const isSearchable = (bytes: Uint8Array, count: number): boolean => count > 0 || (bytes.length <= mostBytes && isAscii(bytes));
