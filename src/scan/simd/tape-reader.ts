import { limits } from '../../core/limits.ts';
import { stubReasons } from '../../core/tile.ts';
import type { Plan } from '../plan.ts';
import { type PlanTables, planTables } from '../plan-tables.ts';
import { base64Values, textBytes } from '../reference/encoded-run.ts';
import type { ExtractList } from '../reference/extract-list.ts';
import type { TextDocument } from '../reference/text-document.ts';
import type { TriggerFinder } from '../reference/trigger-finder.ts';
import type { Walker } from '../reference/walker.ts';
import { fieldTables } from './field-tables.ts';
import type { Kernel } from './kernel.ts';
import type { Walk } from './kernel-layout.ts';

const tooDeep = stubReasons.indexOf('too-deep');

/** What the low byte of an entry says; scalars are `valueTypes`. The next byte of a string is one of `meetings`. */
const entryTypes = { string: 0, escaped: 1, object: 6, array: 7, close: 8, name: 9, known: 10, knownEscaped: 11 } as const;
const entryWords = 4;
const none: Uint8Array = new Uint8Array(0);

/**
 * Has a kernel walk the outermost document, and tells a walker what is on the tape: only values that something has to be done for.
 * Values of fields are not told of: the kernel notes them.
 */
export class TapeReader {
  /** The document that is told of now. */
  document: TextDocument | undefined;
  /** Of what is told of. */
  readonly tables: PlanTables;
  /** Strings may be told of by number. */
  knowsStrings = false;
  readonly #kernel: Kernel;
  readonly #extracts: ExtractList;

  constructor(plan: Plan, kernel: Kernel, walker: Walker, extracts: ExtractList) {
    this.#kernel = kernel;
    this.#extracts = extracts;
    this.tables = planTables(plan, true);
    kernel.triggers = plan;
    walker.finder.kernel = kernel;
    const { transitions, rowOf, symbols, nameBits } = plan.automaton;
    const { keys } = walker;
    const { tables } = this;
    const { scalarClasses, untriggered, hasEncodings } = tables;
    const name = { symbol: 0, classes: 0, identity: 0, end: 0, searched: false, respelled: false, spelling: none };
    kernel.walkThrough(
      {
        transitions,
        rowOf,
        symbols,
        nameBits,
        ...fieldTables(plan),
        quiet: quietStates(tables),
        scalarClasses,
        wordLists: plan.commands.some(({ anywhere }) => anywhere),
        everything: untriggered.length > 0,
        longString: hasEncodings ? limits.encodedBytes : 0x7fffffff,
        digits: Uint8Array.from([...base64Values, ...textBytes]),
        seed: keys.table.seed,
      },
      (start) => {
        name.end = keys.read(walker.document, start, walker.document.end);
        name.symbol = keys.symbol;
        name.classes = keys.classes;
        name.identity = keys.identity;
        name.searched = keys.searched;
        name.respelled = keys.respelled;
        if (keys.respelled) name.spelling = keys.spelling;
        return name;
      },
    );
  }

  /** From now on the string `[start … end)` of the document that is told of has this number in the same circumstances. */
  know(start: number, end: number, tag: number, number: number): void {
    this.#kernel.know(start, end, tag, number);
  }

  /** To be called between events. @returns whether the numbers of known strings mean nothing any more */
  makeRoom(): boolean {
    const forgotten = this.#kernel.makeRoom();
    if (forgotten) this.#extracts.forgetKeys();
    return forgotten;
  }

  /**
   * Reads the walker's document. Undefined where it does not fit the kernel: nothing has been told then. Nothing is told either of
   * a document inside another one that turns out to be none.
   */
  read(walker: Walker): boolean | undefined {
    const { document } = walker;
    const isInner = document.parent !== undefined;
    const kernel = this.#kernel;
    const level = this.knowsStrings ? document.level : -1;
    const walk = kernel.walk(document.bytes, document.start, document.end, isInner, walker.state, walker.depth, level);
    if (walk.tapeEnd < 0 || (isInner && walk.fault !== 0)) {
      if (walk.fault === tooDeep) walker.fault = tooDeep;
      kernel.done(walk);
      return walk.tapeEnd < 0 ? undefined : false;
    }
    if (walk.repeatedKeys) walker.repeatedKeys = true;
    if (!isInner) this.#extracts.take(kernel.words, walk.noted, walk.notedEnd, walk.origin);
    const outer = this.document;
    this.document = document;
    const ok = this.#play(walker, walk);
    this.document = outer;
    kernel.done(walk);
    if (walk.fault !== 0 && ok) walker.fault = walk.fault;
    return ok && walk.fault === 0;
  }

  /** Tells what is on the tape. Where a value gave rise to a fault it is the last one that is noted. @returns false there */
  #play(walker: Walker, walk: Walk): boolean {
    const { finder, document } = walker;
    const { bytes } = document;
    const { origin } = walk;
    let { fired } = walk;
    for (let at = walk.tape; at < walk.tapeEnd; at += entryWords) {
      const { words } = this.#kernel;
      const what = words[at] as number;
      const type = what & 255;
      const start = (words[at + 2] as number) - origin;
      const end = (words[at + 3] as number) - origin;
      if (type === entryTypes.close) {
        walker.leave(end);
        continue;
      }
      walker.state = what >>> 16;
      walker.classes = words[at + 1] as number;
      if (type >= entryTypes.known) {
        const known = words[at + 3] as number;
        if (!walker.visitKnown(start, start + (known & 255), type === entryTypes.knownEscaped, known >>> 8))
          return this.#stop(document, start);
        continue;
      }
      if (type === entryTypes.string || type === entryTypes.escaped) {
        finder.beginValue(start);
        if (type === entryTypes.string) fired = this.#fire(finder, fired, walk, start, end);
        if (!walker.visit(bytes, start, end, type === entryTypes.escaped, (what >>> 8) & 255)) return this.#stop(document, start);
      } else if (type === entryTypes.name) walker.visitor?.name(start, end);
      else if (type === entryTypes.object || type === entryTypes.array) walker.enter(type === entryTypes.object, start);
      else walker.visitor?.scalar(type, start, end);
    }
    return true;
  }

  #stop(document: TextDocument, at: number): false {
    if (document.parent === undefined) this.#extracts.cut(at);
    return false;
  }

  /** Hands the triggers that fired in `[start … end)` to the finder. @returns where the ones after them are */
  #fire(finder: TriggerFinder, from: number, { firedEnd, origin }: Walk, start: number, end: number): number {
    const { words } = this.#kernel;
    let next = from;
    for (; next < firedEnd && (words[next] as number) - origin < end; next += 2) {
      const at = (words[next] as number) - origin;
      if (at >= start) finder.fired(words[next + 1] as number, at, start);
    }
    return next;
  }
}

/** What the kernel does for a string in which nothing fires, by state: see `WalkTables`. */
function quietStates({ quiet, textless, keeps, placeless }: PlanTables): Uint8Array {
  return quiet.map((isQuiet, state) => {
    if (isQuiet) return 1;
    if (!textless[state] && !keeps[state]) return 0;
    return placeless[state] ? 3 : 2;
  });
}
