import { wordBytes } from './byte-class.ts';
import { assertions, endOfText, operations, type Program } from './program.ts';

/** Steps a search may take for each byte of the text, and at least. A text that needs more is left to the engine. */
const stepsPerByte = 48;
const leastSteps = 2_000;

const [textStart, textEnd, lineStart, lineEnd, wordEdge] = assertions.map((_, i) => i);

/** Fewer steps take no longer than calling the engine does. */
const heavySteps = 20_000;

/** Answers of a search. */
export const outcomes = { none: 0, found: 1, unknown: -1 } as const;
export type Outcome = (typeof outcomes)[keyof typeof outcomes];

/**
 * Searches ASCII text for the match RE2 would find, by trying one way after another. The steps of a search are bounded
 * by the length of its text, so that the time is linear whatever the expression: where they do not suffice, the outcome
 * is `unknown` and the engine has to be asked.
 */
export class Backtracker {
  /** Places of the match and its groups after `found`; -1 for a group that took no part. */
  readonly slots: Int32Array;
  readonly #program: Program;
  /** Ways not tried yet: instruction and place; or a slot (below zero) and what it held. */
  #stack = new Int32Array(1024);
  #steps = 0;
  #allowed = 0;

  constructor(program: Program) {
    this.#program = program;
    this.slots = new Int32Array(program.slots);
  }

  /** Allows for the searches of one text of `length` bytes. */
  begin(length: number): void {
    this.#allowed = leastSteps + length * stepsPerByte;
    this.#steps = this.#allowed;
  }

  /** Most of what is allowed for a long text went into the searches since `begin`. */
  get wasHeavy(): boolean {
    const used = this.#allowed - this.#steps;
    return used > heavySteps && used * 3 > this.#allowed;
  }

  /** The leftmost match in the text `bytes[start … end)` that starts at `from` or later. */
  search(bytes: Uint8Array, start: number, end: number, from: number): Outcome {
    const { first, anchored } = this.#program;
    for (let at = from; at <= end; at++) {
      if (anchored && at > start) return outcomes.none;
      if (first) {
        while (at < end && first[bytes[at] as number] === 0) at++;
        if (at === end || (anchored && at > start)) return outcomes.none;
      }
      const outcome = this.matchAt(bytes, start, end, at);
      if (outcome !== outcomes.none) return outcome;
    }
    return outcomes.none;
  }

  /** The match in the text `bytes[start … end)` that starts at `from`. */
  matchAt(bytes: Uint8Array, start: number, end: number, from: number): Outcome {
    const { operations: codes, x, y, classes, runs, choices } = this.#program;
    const slots = this.slots.fill(-1);
    let stack = this.#stack;
    let height = 0;
    let steps = this.#steps;
    let at = from;
    let next = 0;
    for (;;) {
      if (--steps < 0) return this.#ended(outcomes.unknown, steps);
      if (height + 4 > stack.length) stack = this.#grown();
      let fits = true;
      switch (codes[next]) {
        case operations.byte:
          fits = at < end && (classes[x[next] as number] as Uint8Array)[bytes[at] as number] === 1;
          at++;
          next++;
          break;
        case operations.split:
          height = push(stack, height, y[next] as number, at);
          next = x[next] as number;
          break;
        case operations.jump:
          next = x[next] as number;
          break;
        case operations.save:
          height = push(stack, height, -1 - (x[next] as number), slots[x[next] as number] as number);
          slots[x[next++] as number] = at;
          break;
        case operations.assert:
          fits = holds(x[next] as number, bytes, start, end, at);
          next++;
          break;
        case operations.choose: {
          const ways = choices[x[next] as number]?.[at < end ? (bytes[at] as number) : endOfText] as Uint16Array;
          if (height + ways.length * 2 > stack.length) stack = this.#grown();
          height = pushAfterFirst(stack, height, ways, at);
          fits = ways.length > 0;
          next = ways[0] ?? 0;
          break;
        }
        case operations.run: {
          const { min, max } = runs[y[next] as number] as { min: number; max: number };
          const to = runEnd(classes[x[next] as number] as Uint8Array, bytes, at, max < end - at ? at + max : end);
          fits = to - at >= min;
          steps -= to - at;
          at = to;
          next++;
          break;
        }
        default:
          return this.#ended(outcomes.found, steps);
      }
      if (fits) continue;
      height = unwind(stack, height, slots);
      if (height < 0) return this.#ended(outcomes.none, steps);
      next = stack[height] as number;
      at = stack[height + 1] as number;
    }
  }

  #ended(outcome: Outcome, steps: number): Outcome {
    this.#steps = steps;
    return outcome;
  }

  #grown(): Int32Array<ArrayBuffer> {
    const larger = new Int32Array(this.#stack.length * 4);
    larger.set(this.#stack);
    this.#stack = larger;
    return larger;
  }
}

function push(stack: Int32Array, height: number, way: number, at: number): number {
  stack[height] = way;
  stack[height + 1] = at;
  return height + 2;
}

/** Goes back to the last way not tried, and to what slots held then. @returns where it stands on the stack, -1 where there is none */
function unwind(stack: Int32Array, height: number, slots: Int32Array): number {
  let top = height - 2;
  for (; top >= 0 && (stack[top] as number) < 0; top -= 2) slots[-1 - (stack[top] as number)] = stack[top + 1] as number;
  return top;
}

/** Keeps all ways but the first for later, the second on top. @returns the new height */
function pushAfterFirst(stack: Int32Array, height: number, ways: Uint16Array, at: number): number {
  let top = height;
  for (let i = ways.length - 1; i > 0; i--) {
    top = push(stack, top, ways[i] as number, at);
  }
  return top;
}

/** First byte from `at` on, before `limit`, that is not of the class. */
function runEnd(members: Uint8Array, bytes: Uint8Array, from: number, limit: number): number {
  let at = from;
  while (at < limit && members[bytes[at] as number] === 1) at++;
  return at;
}

function holds(what: number, bytes: Uint8Array, start: number, end: number, at: number): boolean {
  if (what === textStart) return at === start;
  if (what === textEnd) return at === end;
  if (what === lineStart) return at === start || bytes[at - 1] === 10;
  if (what === lineEnd) return at === end || bytes[at] === 10;
  const before = at > start ? wordBytes[bytes[at - 1] as number] : 0;
  const after = at < end ? wordBytes[bytes[at] as number] : 0;
  return (before !== after) === (what === wordEdge);
}
