import { type ByteClass, internedClass } from './byte-class.ts';
import { compileProgram, compileReversed, endOfText, type Program } from './program.ts';

/** What an expression is taken apart to: for saying whether it matches, for finding where matches end, and for finding where they start. */
export const programForms = ['test', 'find', 'starts'] as const;
export type ProgramForm = (typeof programForms)[number];

/**
 * The programs of many expressions as a few arrays, so that they can be written to a file and used where they lie. Lists are those of all
 * programs one after the other; `programs` says which part of each belongs to one.
 */
export interface ProgramTables {
  readonly sources: readonly string[];
  /** `headWords` words for each form of each expression, see `readHead`; all of them 0 where an expression cannot be taken apart. */
  readonly programs: Uint32Array;
  readonly operations: Uint8Array;
  readonly x: Uint16Array;
  readonly y: Uint16Array;
  /** By program: numbers of its classes. */
  readonly classesOf: Uint16Array;
  /** 32 bytes a class, a bit for each byte that belongs to it. */
  readonly classes: Uint8Array;
  /** Least and most of each run; the greatest number stands for no limit. */
  readonly runs: Uint32Array;
  /** Each choice: by byte, then for the end of the text, the number of its list of ways, counted from `firstLists`. */
  readonly choices: Uint8Array;
  readonly firstLists: Uint32Array;
  /** By list: where it ends in `ways`. */
  readonly lists: Uint32Array;
  readonly ways: Uint16Array;
}

const headWords = 11;
const choiceBytes = endOfText + 1;
const classBytes = 32;
const unlimited = 0xffffffff;
const mostLists = 256;

/** Takes expressions apart. */
export function compileTables(sources: readonly string[]): ProgramTables {
  const writer = new TableWriter();
  for (const source of sources)
    for (const form of programForms)
      writer.add(form === 'starts' ? compileReversed(source) : compileProgram(source, form === 'find'));
  return writer.tables(sources);
}

class TableWriter {
  readonly #programs: number[] = [];
  readonly #operations: number[] = [];
  readonly #x: number[] = [];
  readonly #y: number[] = [];
  readonly #classesOf: number[] = [];
  readonly #classNumbers = new Map<ByteClass, number>();
  readonly #runs: number[] = [];
  readonly #choices: number[] = [];
  readonly #firstLists: number[] = [];
  readonly #lists: number[] = [];
  readonly #ways: number[] = [];

  add(program: Program | undefined): void {
    if (!program) {
      this.#programs.push(...new Array<number>(headWords).fill(0));
      return;
    }
    const { operations, x, y, classes, runs, choices, slots, first, anchored } = program;
    const [from, classesFrom, runsFrom, choicesFrom] = [
      this.#operations.length,
      this.#classesOf.length,
      this.#runs.length / 2,
      this.#firstLists.length,
    ];
    this.#operations.push(...operations);
    this.#x.push(...x);
    this.#y.push(...y);
    for (const one of classes) this.#classesOf.push(this.#class(one));
    for (const { min, max } of runs) this.#runs.push(min, max === Number.POSITIVE_INFINITY ? unlimited : max);
    for (const one of choices) this.#choice(one);
    this.#programs.push(from, operations.length, classesFrom, classes.length, runsFrom, runs.length);
    this.#programs.push(choicesFrom, choices.length, slots, first ? this.#class(first) + 1 : 0, anchored ? 1 : 0);
  }

  #class(one: ByteClass): number {
    const shared = internedClass(one);
    const known = this.#classNumbers.get(shared) ?? this.#classNumbers.size;
    this.#classNumbers.set(shared, known);
    return known;
  }

  #choice(ways: readonly Uint16Array[]): void {
    const numbers = new Map<string, number>();
    this.#firstLists.push(this.#lists.length);
    for (const way of ways) {
      const key = way.join();
      if (!numbers.has(key)) {
        this.#ways.push(...way);
        this.#lists.push(this.#ways.length);
        numbers.set(key, numbers.size);
      }
      this.#choices.push(numbers.get(key) as number);
    }
    if (numbers.size > mostLists) throw new RangeError('more ways than a byte can number');
  }

  tables(sources: readonly string[]): ProgramTables {
    const classes = new Uint8Array(this.#classNumbers.size * classBytes);
    for (const [members, number] of this.#classNumbers)
      for (let byte = 0; byte < 256; byte++)
        if (members[byte] === 1) (classes[number * classBytes + (byte >> 3)] as number) |= 1 << (byte & 7);
    return {
      ...{ sources, classes },
      programs: Uint32Array.from(this.#programs),
      operations: Uint8Array.from(this.#operations),
      x: Uint16Array.from(this.#x),
      y: Uint16Array.from(this.#y),
      classesOf: Uint16Array.from(this.#classesOf),
      runs: Uint32Array.from(this.#runs),
      choices: Uint8Array.from(this.#choices),
      firstLists: Uint32Array.from(this.#firstLists),
      lists: Uint32Array.from(this.#lists),
      ways: Uint16Array.from(this.#ways),
    };
  }
}

/** Programs out of tables. They are put together when they are asked for. */
export class TableReader {
  readonly #tables: ProgramTables;
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(tables: ProgramTables) {
    this.#tables = tables;
    this.#numbers = new Map(tables.sources.map((source, i) => [source, i]));
  }

  has(source: string): boolean {
    return this.#numbers.has(source);
  }

  /** Undefined where the expression cannot be taken apart, or is not in the tables. */
  program(source: string, form: ProgramForm): Program | undefined {
    const number = this.#numbers.get(source);
    if (number === undefined) return undefined;
    const head = (number * programForms.length + programForms.indexOf(form)) * headWords;
    const word = (i: number): number => this.#tables.programs[head + i] as number;
    const [from, instructions] = [word(0), word(1)];
    if (instructions === 0) return undefined;
    const { operations, x, y } = this.#tables;
    const first = word(9);
    return {
      operations: operations.subarray(from, from + instructions),
      x: x.subarray(from, from + instructions),
      y: y.subarray(from, from + instructions),
      classes: Array.from({ length: word(3) }, (_, i) => this.#class(this.#tables.classesOf[word(2) + i] as number)),
      runs: Array.from({ length: word(5) }, (_, i) => this.#run(word(4) + i)),
      choices: Array.from({ length: word(7) }, (_, i) => this.#choice(word(6) + i)),
      slots: word(8),
      first: first === 0 ? undefined : this.#class(first - 1),
      anchored: word(10) === 1,
      expressions: 1,
    };
  }

  /** By number: programs share them, and most are in many. */
  readonly #classes: ByteClass[] = [];

  #class(number: number): ByteClass {
    const known = this.#classes[number];
    if (known) return known;
    const at = number * classBytes;
    const members = new Uint8Array(256);
    for (let byte = 0; byte < 256; byte++) members[byte] = ((this.#tables.classes[at + (byte >> 3)] as number) >> (byte & 7)) & 1;
    this.#classes[number] = members;
    return members;
  }

  #run(number: number): { readonly min: number; readonly max: number } {
    const max = this.#tables.runs[number * 2 + 1] as number;
    return { min: this.#tables.runs[number * 2] as number, max: max === unlimited ? Number.POSITIVE_INFINITY : max };
  }

  #choice(number: number): readonly Uint16Array[] {
    const { choices, firstLists, lists, ways } = this.#tables;
    const shared: Uint16Array[] = [];
    const byByte: Uint16Array[] = [];
    for (let at = number * choiceBytes; at < (number + 1) * choiceBytes; at++) {
      const own = choices[at] as number;
      const list = (firstLists[number] as number) + own;
      shared[own] ??= ways.subarray(list === 0 ? 0 : lists[list - 1], lists[list]);
      byByte.push(shared[own]);
    }
    return byByte;
  }
}
