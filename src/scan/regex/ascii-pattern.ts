import { groupIndex } from '../group-split.ts';
import type { Pattern } from '../pattern.ts';
import { Backtracker, outcomes } from './backtracker.ts';
import { LazyAutomaton } from './lazy-automaton.ts';
import { compileProgram } from './program.ts';

/** Longer texts are searched by the engine: its start-up cost is nothing to them. */
const mostBytes = 4_096;

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
  #automaton: LazyAutomaton | undefined;
  #backtracker: Backtracker | undefined;
  #prepared = false;

  constructor(engine: CompiledPattern) {
    this.source = engine.source;
    this.#engine = engine;
  }

  compile(): void {
    this.#engine.compile();
  }

  test(bytes: Uint8Array): boolean {
    this.#prepare();
    const outcome = this.#automaton?.test(bytes, 0, bytes.length) ?? outcomes.unknown;
    return outcome === outcomes.unknown ? this.#engine.test(bytes) : outcome === outcomes.found;
  }

  find(bytes: Uint8Array, from: number): readonly number[] | undefined {
    this.#prepare();
    if (this.#backtracker && bytes.length <= mostBytes && isAscii(bytes)) {
      this.#backtracker.begin(bytes.length);
      const outcome = this.#backtracker.search(bytes, 0, bytes.length, from);
      if (outcome !== outcomes.unknown) return outcome === outcomes.found ? [...this.#backtracker.slots] : undefined;
    }
    return this.#engine.find(bytes, from);
  }

  findAll(bytes: Uint8Array, group: number): readonly number[] {
    this.#prepare();
    const backtracker = this.#backtracker;
    if (!backtracker || bytes.length > mostBytes || !isAscii(bytes)) return this.#engine.findAll(bytes, group);
    const { slots } = backtracker;
    backtracker.begin(bytes.length);
    const spans: number[] = [];
    for (let from = 0; from <= bytes.length; ) {
      const outcome = backtracker.search(bytes, 0, bytes.length, from);
      if (outcome === outcomes.unknown) return this.#engine.findAll(bytes, group);
      if (outcome === outcomes.none) break;
      const [start, end] = [slots[0] as number, slots[1] as number];
      const index = groupIndex(slots, group);
      spans.push(start, end, slots[index] ?? -1, slots[index + 1] ?? -1);
      from = Math.max(end, start + 1);
    }
    return spans;
  }

  /** Compiles when it is first used: most expressions never are. */
  #prepare(): void {
    if (this.#prepared) return;
    this.#prepared = true;
    const whole = compileProgram(this.source, false);
    if (whole) this.#automaton = new LazyAutomaton(whole);
    const short = compileProgram(this.source, true);
    if (short) this.#backtracker = new Backtracker(short);
  }
}

function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if ((bytes[at] as number) > 127) return false;
  return true;
}
