import { type Outcome, outcomes } from './backtracker.ts';
import { type ByteClass, rangeClass, wordBytes } from './byte-class.ts';
import type { Places } from './places.ts';
import { assertions, endOfText, operations, type Program } from './program.ts';
import { StateSets } from './state-sets.ts';

/** States kept; more of them start over, a few times and then once for so many bytes looked at. Until then the engine is asked. */
const mostStates = 600;
const mostSetStates = 8_000;
const freeRestarts = 6;
const bytesPerRestart = 256 * 1024;
/**
 * Steps worked out that are always allowed; beyond, one for so many bytes looked at, and the engine is asked until then: texts that never
 * repeat gain nothing, but in the end most steps of an expression are known (of random words, 6,000 for the names of secrets).
 */
const freeSteps = 1_500;
/** A set takes the place of several searches. */
const freeSetSteps = 30_000;
const bytesPerStep = 24;

/** Entries of the table: where the row of the state to go on with begins, times four, and these. */
const accepted = 1;
/** Nothing can follow. */
const dead = 2;
/** Has the bits of both: one look says that a step is an ordinary one. */
const unknown = -1;
const extraordinary = accepted | dead;

/** What came before a place, as far as assertions care. */
const contexts = { start: 0, word: 1, other: 2, lineFeed: 3 } as const;
const lineFeed = rangeClass(10, 10);
const isWord = (byte: number): boolean => wordBytes[byte] === 1;

/** By instruction: the step of any automaton that came to it last; for one after the other. */
let seen = new Uint32Array(256);
let round = 0;

function beginRound(instructions: number): number {
  if (instructions > seen.length) seen = new Uint32Array(instructions * 2);
  if (round === 0xffffffff) seen.fill(0);
  round = round === 0xffffffff ? 1 : round + 1;
  return round;
}

/**
 * Reads ASCII text with one table look-up a byte; states are built when a text first needs them. Read forwards, it says whether
 * there is a match; the automaton of the reversed expression, read backwards, says where matches start.
 */
export class LazyAutomaton {
  readonly #program: Program;
  /** Kind of each byte: bytes of one kind are the same to every class and assertion. Then the end of the text, then what is not ASCII. */
  readonly #kinds: Uint8Array;
  readonly #samples: readonly number[];
  readonly #end: number;
  readonly #width: number;
  /** Instructions reached, before assertions have been looked at. */
  #states = new StateSets();
  #table = new Int32Array(0);
  /** For a set, by entry of the table: a bit for each expression that matches there. */
  #matched = new Int32Array(0);
  readonly #mostStates: number;
  readonly #freeSteps: number;
  /** Times it has started, the first one included. */
  #restarts = 0;
  #steps = 0;
  #bytes = 0;

  constructor(program: Program) {
    this.#program = program;
    const isSet = program.expressions > 1;
    this.#mostStates = isSet ? mostSetStates : mostStates;
    this.#freeSteps = isSet ? freeSetSteps : freeSteps;
    const { kinds, samples } = kindsOf([...program.classes, wordBytes, lineFeed]);
    this.#samples = samples;
    this.#end = samples.length;
    this.#width = samples.length + 2;
    this.#kinds = new Uint8Array(256).fill(this.#end + 1);
    this.#kinds.set(kinds);
    this.#restart();
  }

  /** Whether the text `bytes[start … end)` holds a match; `unknown` where it is not ASCII or the automaton grows too large. */
  test(bytes: Uint8Array, start: number, end: number): Outcome {
    return this.#forwards(bytes, start, end, true) as Outcome;
  }

  /** For the automaton of a set: a bit for each of its expressions that has a match in the text; -1 for `unknown` as above. */
  matching(bytes: Uint8Array, start: number, end: number): number {
    return this.#forwards(bytes, start, end, false);
  }

  /** As `matching`; or (`one`) whether any of them has, as an outcome. */
  #forwards(bytes: Uint8Array, start: number, end: number, one: boolean): number {
    this.#bytes += end - start;
    const kinds = this.#kinds;
    let table = this.#table;
    let found = 0;
    for (let at = start, row = 0; at <= end; at++) {
      const kind = at < end ? (kinds[bytes[at] as number] as number) : this.#end;
      let entry = table[row + kind] as number;
      if ((entry & extraordinary) !== 0) {
        if (entry === unknown) {
          entry = this.#step(row, kind);
          table = this.#table;
          if (entry < 0) return outcomes.unknown;
        }
        if (entry & accepted) {
          if (one) return outcomes.found;
          found |= this.#matched[row + kind] as number;
        }
        if (entry & dead) break;
      }
      row = entry >>> 2;
    }
    return found;
  }

  /**
   * For the automaton of a reversed expression: adds to `places` those of the text `bytes[start … end)` where a match starts.
   * @returns how many; -1 for `unknown` as above
   */
  starts(bytes: Uint8Array, start: number, end: number, places: Places): number {
    this.#bytes += end - start;
    const kinds = this.#kinds;
    let table = this.#table;
    let count = 0;
    for (let at = end, row = 0; at >= start; at--) {
      const kind = at > start ? (kinds[bytes[at - 1] as number] as number) : this.#end;
      let entry = table[row + kind] as number;
      if ((entry & extraordinary) !== 0) {
        if (entry === unknown) {
          entry = this.#step(row, kind);
          table = this.#table;
          if (entry < 0) return -1;
        }
        if (entry & accepted) {
          places.add(at);
          count++;
        }
        if (entry & dead) break;
      }
      row = entry >>> 2;
    }
    return count;
  }

  #restart(): void {
    this.#restarts++;
    this.#states = new StateSets();
    this.#table = new Int32Array(16 * this.#width).fill(unknown);
    if (this.#program.expressions > 1) this.#matched = new Int32Array(this.#table.length);
    this.#stateOf([0], contexts.start);
  }

  #step(row: number, kind: number): number {
    if (kind > this.#end) return unknown;
    if (this.#steps >= this.#freeSteps && this.#steps * bytesPerStep > this.#bytes) return unknown;
    if (this.#states.size >= this.#mostStates) {
      if (this.#restarts < freeRestarts + this.#bytes / bytesPerRestart) this.#restart();
      return unknown;
    }
    this.#steps++;
    const state = row / this.#width;
    const byte = kind === this.#end ? undefined : (this.#samples[kind] as number);
    const { next, matched } = this.#reach(state, byte);
    const to = this.#stateOf(next, contextOf(byte)) * this.#width;
    const found = to * 4 + (matched !== 0 ? accepted : 0) + (next.length === 0 ? dead : 0);
    this.#table[row + kind] = found;
    if (matched !== 0 && this.#program.expressions > 1) this.#matched[row + kind] = matched;
    return found;
  }

  /** The instructions after `byte`, and a bit for each expression whose match is reached before it. */
  #reach(state: number, byte: number | undefined): { readonly next: readonly number[]; readonly matched: number } {
    const { operations: codes, x, y, classes, choices, anchored } = this.#program;
    const own = beginRound(codes.length);
    const open = this.#states.membersOf(state);
    const context = this.#states.contextOf(state);
    const next: number[] = anchored ? [] : [0];
    let matched = 0;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen[at] === own) continue;
      seen[at] = own;
      switch (codes[at]) {
        case operations.byte:
          // Only one instruction leads on to the one after it by a byte.
          if (byte !== undefined && classes[x[at] as number]?.[byte]) next.push(at + 1);
          break;
        case operations.split:
          open.push(x[at] as number, y[at] as number);
          break;
        case operations.choose:
          for (const way of choices[x[at] as number]?.[byte ?? endOfText] ?? []) open.push(way);
          break;
        case operations.jump:
          open.push(x[at] as number);
          break;
        case operations.save:
          open.push(at + 1);
          break;
        case operations.assert:
          if (holdsBetween(x[at] as number, context, byte)) open.push(at + 1);
          break;
        default:
          matched |= 1 << (x[at] as number);
      }
    }
    return { next: next.sort((a, b) => a - b), matched };
  }

  #stateOf(from: readonly number[], context: number): number {
    const number = this.#states.numberOf(from, context);
    const needed = (number + 1) * this.#width;
    if (needed > this.#table.length) {
      const larger = new Int32Array(this.#table.length * 2).fill(unknown);
      larger.set(this.#table);
      this.#table = larger;
      if (this.#matched.length > 0) this.#matched = grown(this.#matched, larger.length);
    }
    return number;
  }
}

/** Numbers the ASCII bytes so that two have one number where they are the same to every class, with a byte of each number. */
function kindsOf(classes: readonly ByteClass[]): { readonly kinds: Uint8Array; readonly samples: readonly number[] } {
  const kinds = new Uint8Array(128);
  const samples: number[] = [];
  const renumbered = new Int16Array(256);
  for (const one of classes) {
    renumbered.fill(-1);
    samples.length = 0;
    for (let byte = 0; byte < 128; byte++) {
      const before = (kinds[byte] as number) * 2 + (one[byte] as number);
      if ((renumbered[before] as number) < 0) renumbered[before] = samples.push(byte) - 1;
      kinds[byte] = renumbered[before] as number;
    }
  }
  return { kinds, samples };
}

function grown(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(length);
  to.set(from);
  return to;
}

function contextOf(byte: number | undefined): number {
  if (byte === 10) return contexts.lineFeed;
  return byte !== undefined && isWord(byte) ? contexts.word : contexts.other;
}

function holdsBetween(what: number, before: number, byte: number | undefined): boolean {
  switch (assertions[what]) {
    case 'textStart':
      return before === contexts.start;
    case 'textEnd':
      return byte === undefined;
    case 'lineStart':
      return before === contexts.start || before === contexts.lineFeed;
    case 'lineEnd':
      return byte === undefined || byte === 10;
    case 'wordEdge':
      return (before === contexts.word) !== (byte !== undefined && isWord(byte));
    default:
      return (before === contexts.word) === (byte !== undefined && isWord(byte));
  }
}
