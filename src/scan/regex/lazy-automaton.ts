import { type Outcome, outcomes } from './backtracker.ts';
import { assertions, endOfText, operations, type Program } from './program.ts';

/** States kept; more of them start over, and an expression that starts over often is left to the engine. */
const mostStates = 600;
const mostRestarts = 6;
/** Steps worked out that are always allowed; beyond, one for so many bytes looked at. Texts that never repeat gain nothing. */
const freeSteps = 1_500;
const bytesPerStep = 24;

const accepts = -2;
const unknown = -1;

/** What came before a place, as far as assertions care. */
const contexts = { start: 0, word: 1, other: 2, lineFeed: 3 } as const;
const isWord = (byte: number): boolean => /\w/.test(String.fromCharCode(byte));

interface State {
  /** Instructions reached, before assertions have been looked at. */
  readonly from: readonly number[];
  readonly context: number;
}

/** Says whether ASCII text holds a match, one table look-up a byte. States are built when a text first needs them. */
export class LazyAutomaton {
  readonly #program: Program;
  /** Kind of each byte: bytes of one kind are the same to every class and assertion. The last kind is the end of the text. */
  readonly #kinds: Uint8Array;
  readonly #samples: readonly number[];
  readonly #end: number;
  #states: State[] = [];
  #numbers = new Map<string, number>();
  #table = new Int32Array(0);
  #restarts = 0;
  #steps = 0;
  #bytes = 0;

  constructor(program: Program) {
    this.#program = program;
    const kinds = new Map<string, number>();
    const samples: number[] = [];
    this.#kinds = Uint8Array.from({ length: 128 }, (_, byte) => {
      const key = `${program.classes.map((one) => one[byte]).join('')}${isWord(byte)}${byte === 10}`;
      if (!kinds.has(key)) kinds.set(key, samples.push(byte) - 1);
      return kinds.get(key) as number;
    });
    this.#samples = samples;
    this.#end = samples.length;
    this.#restart();
  }

  /** A match can only start where the text does. */
  get anchored(): boolean {
    return this.#program.anchored;
  }

  /** Whether the text `bytes[start … end)` holds a match; `unknown` where it is not ASCII or the automaton grows too large. */
  test(bytes: Uint8Array, start: number, end: number): Outcome {
    if (this.#restarts > mostRestarts) return outcomes.unknown;
    this.#bytes += end - start;
    const kinds = this.#kinds;
    const width = this.#end + 1;
    let state = 0;
    for (let at = start; at <= end; at++) {
      const byte = at < end ? (bytes[at] as number) : 0;
      if (byte > 127) return outcomes.unknown;
      const kind = at < end ? (kinds[byte] as number) : this.#end;
      let next = this.#table[state * width + kind] as number;
      if (next === unknown) {
        next = this.#step(state, kind);
        if (next === unknown) return outcomes.unknown;
      }
      if (next === accepts) return outcomes.found;
      state = next;
    }
    return outcomes.none;
  }

  #restart(): void {
    this.#states = [];
    this.#numbers.clear();
    this.#table = new Int32Array(16 * (this.#end + 1)).fill(unknown);
    this.#stateOf([0], contexts.start);
  }

  #step(number: number, kind: number): number {
    if (++this.#steps > freeSteps && this.#steps * bytesPerStep > this.#bytes) this.#restarts = mostRestarts;
    if (this.#states.length >= mostStates || this.#restarts === mostRestarts) {
      this.#restarts++;
      this.#restart();
      return unknown;
    }
    const state = this.#states[number] as State;
    const byte = kind === this.#end ? undefined : (this.#samples[kind] as number);
    const next = this.#reach(state, byte);
    const found = next ? this.#stateOf(next, contextOf(byte)) : accepts;
    this.#table[number * (this.#end + 1) + kind] = found;
    return found;
  }

  /** The instructions after `byte`; undefined where a match is reached before it. */
  #reach(state: State, byte: number | undefined): readonly number[] | undefined {
    const { operations: codes, x, y, classes, choices, anchored } = this.#program;
    const seen = new Set<number>();
    const open = [...state.from];
    const next = new Set<number>(anchored ? [] : [0]);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      switch (codes[at]) {
        case operations.byte:
          if (byte !== undefined && classes[x[at] as number]?.[byte]) next.add(at + 1);
          break;
        case operations.split:
          open.push(x[at] as number, y[at] as number);
          break;
        case operations.choose:
          open.push(...(choices[x[at] as number]?.[byte ?? endOfText] ?? []));
          break;
        case operations.jump:
          open.push(x[at] as number);
          break;
        case operations.save:
          open.push(at + 1);
          break;
        case operations.assert:
          if (holdsBetween(x[at] as number, state.context, byte)) open.push(at + 1);
          break;
        default:
          return undefined;
      }
    }
    return [...next].sort((a, b) => a - b);
  }

  #stateOf(from: readonly number[], context: number): number {
    const key = `${context}:${from.join(',')}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#states.push({ from, context }) - 1;
    this.#numbers.set(key, number);
    const needed = (number + 1) * (this.#end + 1);
    if (needed > this.#table.length) {
      const larger = new Int32Array(this.#table.length * 2).fill(unknown);
      larger.set(this.#table);
      this.#table = larger;
    }
    return number;
  }
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
