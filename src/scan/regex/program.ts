import type { ByteClass } from './byte-class.ts';
import { certain, either, type First, firstOf, followedBy, nothing } from './first-bytes.ts';
import { reversed } from './reversed.ts';
import { type Assertion, readSyntax, type SyntaxNode } from './syntax.ts';

/** Instructions of a program; `x` and `y` are their operands. */
export const operations = {
  /** One byte of class x, then the next instruction. */
  byte: 0,
  /** x first, y where that fails. */
  split: 1,
  /** On to x. */
  jump: 2,
  /** Notes the place in slot x. */
  save: 3,
  /** Holds where assertion x does. */
  assert: 4,
  /** Found: expression x of a set. */
  match: 5,
  /** As many bytes of class x as there are (y is an index into `runs`), then the next instruction; gives none back. */
  run: 6,
  /** One of the ways in `choices[x]` for the byte that comes next, the first of them first. */
  choose: 7,
} as const;

export const assertions: readonly Assertion[] = ['textStart', 'textEnd', 'lineStart', 'lineEnd', 'wordEdge', 'noWordEdge'];

/** An expression for texts of ASCII characters as a program; the choices it makes first are the ones RE2 prefers. */
export interface Program {
  readonly operations: Uint8Array;
  readonly x: Uint16Array;
  readonly y: Uint16Array;
  readonly classes: readonly ByteClass[];
  readonly runs: readonly { readonly min: number; readonly max: number }[];
  /** By byte (128: the end of the text), the instructions worth trying. */
  readonly choices: readonly (readonly Uint16Array[])[];
  /** Groups and the match itself: two slots each. */
  readonly slots: number;
  /** Bytes a match may start with; undefined where it may be empty. */
  readonly first: ByteClass | undefined;
  /** Every match starts at the start of the text. */
  readonly anchored: boolean;
  /** Expressions in it: one, or those of a set. */
  readonly expressions: number;
}

/** Larger programs gain nothing over the addon. */
const mostInstructions = 4_000;
/** The expressions of a set share one pass over the text: more of them still gain. */
const mostSetInstructions = 24_000;
/** Choices of fewer ways are tried one after another. */
const leastChosen = 4;
export const endOfText = 128;

/** The program of the expression read from its end to its start, for automata. @returns undefined as `compileProgram` */
export function compileReversed(source: string): Program | undefined {
  return new ProgramBuilder(false).build(reversed(readSyntax(source)));
}

/**
 * @param runs repeats of one class whose end is certain become one instruction (not for automata)
 * @returns undefined where the expression says something that only the engine knows, or is too large
 */
export function compileProgram(source: string, runs: boolean): Program | undefined {
  const builder = new ProgramBuilder(runs);
  return builder.build(readSyntax(source));
}

/** The programs of several expressions as one, for an automaton that says which of them match. @returns undefined as `compileProgram` */
export function compileSet(sources: readonly string[]): Program | undefined {
  return new ProgramBuilder(false, mostSetInstructions).buildSet(sources.map(readSyntax));
}

class TooMuch extends Error {}

class ProgramBuilder {
  readonly #operations: number[] = [];
  readonly #x: number[] = [];
  readonly #y: number[] = [];
  readonly #classes: ByteClass[] = [];
  /** Classes are interned. */
  readonly #classNumbers = new Map<ByteClass, number>();
  readonly #runs: { min: number; max: number }[] = [];
  readonly #choices: (readonly Uint16Array[])[] = [];
  readonly #useRuns: boolean;
  #groups = 0;

  readonly #most: number;

  constructor(useRuns: boolean, most = mostInstructions) {
    this.#useRuns = useRuns;
    this.#most = most;
  }

  build(node: SyntaxNode): Program | undefined {
    const first = firstOf(node);
    return this.#written(first.empty ? undefined : first.bytes, startsAtText(node), 1, () => {
      this.#emit(operations.save, 0);
      this.#node(node, nothing);
      this.#emit(operations.save, 1);
      this.#emit(operations.match);
    });
  }

  buildSet(nodes: readonly SyntaxNode[]): Program | undefined {
    return this.#written(undefined, nodes.every(startsAtText), nodes.length, () => {
      nodes.forEach((node, i) => {
        const split = i < nodes.length - 1 ? this.#emit(operations.split, this.#operations.length + 1) : -1;
        this.#node(node, nothing);
        this.#emit(operations.match, i);
        if (split >= 0) this.#y[split] = this.#operations.length;
      });
    });
  }

  #written(first: ByteClass | undefined, anchored: boolean, expressions: number, write: () => void): Program | undefined {
    try {
      write();
    } catch (error) {
      if (error instanceof TooMuch) return undefined;
      throw error;
    }
    return {
      operations: Uint8Array.from(this.#operations),
      x: Uint16Array.from(this.#x),
      y: Uint16Array.from(this.#y),
      classes: this.#classes,
      runs: this.#runs,
      choices: this.#choices,
      slots: (this.#groups + 1) * 2,
      first,
      anchored,
      expressions,
    };
  }

  #emit(operation: number, x = 0, y = 0): number {
    if (this.#operations.length >= this.#most) throw new TooMuch();
    this.#x.push(x);
    this.#y.push(y);
    return this.#operations.push(operation) - 1;
  }

  #class(bytes: ByteClass): number {
    const known = this.#classNumbers.get(bytes);
    if (known !== undefined) return known;
    this.#classNumbers.set(bytes, this.#classes.length);
    return this.#classes.push(bytes) - 1;
  }

  /** `after`: what may follow, which decides whether a run may keep all it can take. */
  #node(node: SyntaxNode, after: First): void {
    switch (node.type) {
      case 'opaque':
        throw new TooMuch();
      case 'empty':
        return;
      case 'class':
        this.#emit(operations.byte, this.#class(node.bytes));
        return;
      case 'assert':
        this.#emit(operations.assert, assertions.indexOf(node.what));
        return;
      case 'sequence':
        this.#sequence(node.items, after);
        return;
      case 'group':
        this.#groups = Math.max(this.#groups, node.index);
        this.#emit(operations.save, node.index * 2);
        this.#node(node.item, after);
        this.#emit(operations.save, node.index * 2 + 1);
        return;
      case 'choice':
        this.#choice(node.options, after);
        return;
      case 'repeat':
        this.#repeat(node, after);
    }
  }

  #sequence(items: readonly SyntaxNode[], after: First): void {
    const follows: First[] = [];
    let next = after;
    for (let i = items.length - 1; i >= 0; i--) {
      follows[i] = next;
      next = followedBy(firstOf(items[i] as SyntaxNode), next);
    }
    items.forEach((item, i) => this.#node(item, follows[i] as First));
  }

  #choice(options: readonly SyntaxNode[], after: First): void {
    // RE2 rewrites choices between several ways to match nothing, and not always to the same effect.
    if (options.filter((option) => firstOf(option).empty).length > 1) throw new TooMuch();
    if (options.length >= leastChosen) {
      this.#chosen(options, after);
      return;
    }
    const jumps: number[] = [];
    options.forEach((option, i) => {
      if (i === options.length - 1) this.#node(option, after);
      else {
        const split = this.#emit(operations.split, this.#operations.length + 1);
        this.#node(option, after);
        jumps.push(this.#emit(operations.jump));
        this.#y[split] = this.#operations.length;
      }
    });
    for (const jump of jumps) this.#x[jump] = this.#operations.length;
  }

  /** Many ways: only those that can start with the next byte are tried. */
  #chosen(options: readonly SyntaxNode[], after: First): void {
    const choose = this.#emit(operations.choose, this.#choices.push([]) - 1);
    const starts: number[] = [];
    const jumps: number[] = [];
    for (const option of options) {
      starts.push(this.#operations.length);
      this.#node(option, after);
      jumps.push(this.#emit(operations.jump));
    }
    for (const jump of jumps) this.#x[jump] = this.#operations.length;
    this.#choices[this.#x[choose] as number] = waysByByte(options, starts);
  }

  #repeat(node: SyntaxNode & { type: 'repeat' }, after: First): void {
    const { item, min, max, lazy } = node;
    if (this.#useRuns && !lazy && item.type === 'class' && certain(item.bytes, after)) {
      this.#emit(operations.run, this.#class(item.bytes), this.#runs.push({ min, max }) - 1);
      return;
    }
    const inner = firstOf(item);
    // What RE2 does with repeats of nothing is its own business.
    if (inner.empty && (max === Number.POSITIVE_INFINITY || min > 1)) throw new TooMuch();
    const again = either(inner, after);
    for (let i = 0; i < min; i++) this.#node(item, max > min || i < min - 1 ? again : after);
    if (max === Number.POSITIVE_INFINITY) {
      const split = this.#emit(operations.split);
      this.#node(item, again);
      this.#emit(operations.jump, split);
      this.#branch(split, lazy, split + 1, this.#operations.length);
      return;
    }
    const splits: number[] = [];
    for (let i = min; i < max; i++) {
      splits.push(this.#emit(operations.split));
      this.#node(item, again);
    }
    for (const split of splits) this.#branch(split, lazy, split + 1, this.#operations.length);
  }

  #branch(split: number, lazy: boolean, into: number, past: number): void {
    this.#x[split] = lazy ? past : into;
    this.#y[split] = lazy ? into : past;
  }
}

/** By the byte that comes next (128: the end of the text), the starts of the options that can begin with it. */
function waysByByte(options: readonly SyntaxNode[], starts: readonly number[]): readonly Uint16Array[] {
  const ways: number[][] = Array.from({ length: endOfText + 1 }, () => []);
  options.forEach((option, i) => {
    const { bytes, empty } = firstOf(option);
    for (let byte = 0; byte <= endOfText; byte++) {
      if (empty || (byte < endOfText && bytes[byte] === 1)) ways[byte]?.push(starts[i] as number);
    }
  });
  // Most bytes lead to no way, or to the same few.
  const shared = new Map<string, Uint16Array>();
  return ways.map((some) => {
    const key = some.join();
    const known = shared.get(key) ?? Uint16Array.from(some);
    shared.set(key, known);
    return known;
  });
}

function startsAtText(node: SyntaxNode): boolean {
  if (node.type === 'assert') return node.what === 'textStart';
  if (node.type === 'group') return startsAtText(node.item);
  if (node.type === 'sequence') return node.items[0] !== undefined && startsAtText(node.items[0]);
  return node.type === 'choice' && node.options.every(startsAtText);
}
