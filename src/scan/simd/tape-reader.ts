import { limits } from '../../core/limits.ts';
import type { Plan } from '../plan.ts';
import type { CandidateList } from '../reference/candidate-list.ts';
import { base64Values, textBytes } from '../reference/encoded-run.ts';
import type { Walker } from '../reference/walker.ts';
import type { Kernel } from './kernel.ts';

/** What the low byte of an entry says; scalars are `valueTypes`. */
const entryTypes = { string: 0, escaped: 1, object: 6, array: 7, close: 8, name: 9 } as const;
const entryWords = 4;

/** Has a kernel walk the outermost document, and tells a walker what is on the tape: only values that something has to be done for. */
export class TapeReader {
  readonly #kernel: Kernel;

  constructor(plan: Plan, kernel: Kernel, walker: Walker) {
    this.#kernel = kernel;
    const { transitions, symbols, nameBits } = plan.automaton;
    const { keys, tables } = walker;
    const { quiet, scalarClasses, untriggered, hasEncodings } = tables;
    const name = { symbol: 0, classes: 0, identity: 0, end: 0, searched: false, respelled: false };
    kernel.walkThrough(
      {
        transitions,
        symbols,
        nameBits,
        quiet,
        scalarClasses,
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
        return name;
      },
    );
  }

  /** Undefined where the document does not fit the kernel: nothing has been told then. */
  read(walker: Walker, candidates: CandidateList): boolean | undefined {
    const { document } = walker;
    const walk = this.#kernel.walk(document.start, document.end, walker.state, walker.depth, candidates.count);
    const { entries, fault, repeatedKeys } = walk;
    if (entries < 0) return undefined;
    if (repeatedKeys) walker.repeatedKeys = true;
    const { tape, tapeOrigin: origin } = this.#kernel;
    const { finder } = walker;
    const { bytes } = document;
    for (let at = 0; at < entries * entryWords; at += entryWords) {
      const what = tape[at] as number;
      const type = what & 255;
      const start = (tape[at + 2] as number) - origin;
      const end = (tape[at + 3] as number) - origin;
      if (type === entryTypes.close) {
        walker.leave(end);
        continue;
      }
      walker.state = what >>> 16;
      walker.classes = tape[at + 1] as number;
      if (type === entryTypes.string || type === entryTypes.escaped) {
        finder.beginValue(start);
        if (type === entryTypes.string) candidates.check(finder, start, end);
        if (!walker.visit(bytes, start, end, type === entryTypes.escaped)) return false;
      } else if (type === entryTypes.name) walker.visitor?.name(start, end);
      else if (type === entryTypes.object || type === entryTypes.array) walker.enter(type === entryTypes.object, start);
      else walker.visitor?.scalar(type, start, end);
    }
    if (fault !== 0) walker.fault = fault;
    return fault === 0;
  }
}
