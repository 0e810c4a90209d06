import { limits } from '../../core/limits.ts';
import type { PlanTables } from '../plan-tables.ts';
import { knownNumbers, longestKnown } from '../simd/kernel-layout.ts';
import { ByteCache } from './byte-cache.ts';
import type { Documents } from './documents.ts';
import type { RecordMark } from './objects.ts';
import type { PatternSearch } from './pattern-search.ts';
import type { TextDocument } from './text-document.ts';
import type { TextReader } from './text-reader.ts';
import type { Walker } from './walker.ts';

/** What the text of a string gives rise to, wherever it stands in the same state; places count from where its contents start. */
interface StringEffects {
  /** Predicates, each with how many objects up the one is that it is of. */
  readonly fulfilled: readonly number[];
  readonly edits: readonly Replacement[];
  /** Masks in texts inside of it: rule and number in turn. */
  readonly counts: readonly number[];
  readonly forgedMask: boolean;
  readonly repeatedKeys: boolean;
  /** Bytes that were taken out of encodings. */
  readonly unpacked: number;
  /** Where documents inside were read, the depth they were read at; else -1. */
  readonly depth: number;
  /** See `ValueActions`: the text was looked at, and is no document of its own. */
  readonly isText: boolean;
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: Uint8Array;
  readonly rule: number;
  readonly rank: number;
}

/** The state of things before a string is looked at. */
export interface EffectsMark {
  readonly objects: RecordMark;
  readonly edits: number;
  readonly documents: number;
  readonly opened: number;
  readonly forgedMask: boolean;
  readonly repeatedKeys: boolean;
  readonly budget: number;
}

export interface EffectsParts {
  readonly documents: Documents;
  readonly patterns: PatternSearch;
  readonly texts: TextReader;
}

const coveredTag = 1 << 24;
const none: readonly never[] = [];
/** Of a string whose text gives rise to nothing: most of them, which share it. */
const placeAlone: StringEffects = {
  fulfilled: none,
  edits: none,
  counts: none,
  forgedMask: false,
  repeatedKeys: false,
  unpacked: 0,
  depth: -1,
  isText: true,
};
/** The same of one that is a document of its own, or that nobody looks into. */
const nothingAlone: StringEffects = { ...placeAlone, isText: false };
/** The tape has 24 bits for a number, and no room for so many strings. */
const mostNumbered = 1 << 20;

/**
 * Remembers what strings gave rise to: most of the strings of a cluster's events have been seen before. Whatever depends on
 * more than the string's bytes and the plan's state is not remembered: masks that ask the objects around it, and faults.
 */
export class StringMemo {
  readonly #walker: Walker;
  readonly #parts: EffectsParts;
  readonly #known: ByteCache<StringEffects>;
  /** By number that the tape knows a string by. */
  readonly #numbered: StringEffects[] = [];

  constructor(walker: Walker, parts: EffectsParts) {
    this.#walker = walker;
    this.#parts = parts;
    this.#forget();
    this.#known = new ByteCache(limits.rememberedStrings, limits.rememberedStringBytes, walker.keys.table.seed);
  }

  /** To be called between events. */
  beginEvent(): void {
    const { tape } = this.#walker;
    if (!tape) return;
    tape.knowsStrings = this.#parts.documents.observer === undefined;
    if (tape.makeRoom()) this.#forget();
  }

  #forget(): void {
    this.#numbered.length = 0;
    while (this.#numbered.length < knownNumbers.first) this.#numbered.push(placeAlone);
  }

  /** Everything but the bytes that the effects depend on, `covered` and the state included. Undefined: not to be remembered. */
  tag(document: TextDocument, length: number, covered: boolean): number | undefined {
    if (length > limits.rememberedStringLength || this.#parts.documents.observer !== undefined) return undefined;
    const { state, inArray, atRoot } = this.#walker;
    const root = atRoot && document.parent !== undefined;
    return state | (document.level << 16) | (inArray ? 1 << 22 : 0) | (root ? 1 << 23 : 0) | (covered ? coveredTag : 0);
  }

  hash(document: TextDocument, start: number, end: number, tag: number): number {
    return this.#known.hash(document.bytes, start, end, tag);
  }

  /** Met for the first time: most such strings are never met again. */
  isNew(hash: number): boolean {
    return !this.#known.isMetAgain(hash);
  }

  /** Does again what the string gave rise to. @returns `isText`; undefined where that is not known */
  replay(hash: number, document: TextDocument, start: number, end: number, tag: number): boolean | undefined {
    const known = this.#known.get(hash, document.bytes, start, end, tag);
    if (known === undefined) return undefined;
    // What is masked whole for certain is not looked into: elsewhere the same string is.
    if ((tag & coveredTag) === 0) this.#tell(known, document, start, end);
    return this.#again(known, document, start, end);
  }

  /** The same for a string that the tape has a number for. */
  replayKnown(number: number, document: TextDocument, start: number, end: number): boolean | undefined {
    return this.#again(this.#numbered[number] as StringEffects, document, start, end);
  }

  /** Has the tape know the string by a number, where its effects depend on no more than the tape knows. */
  #tell(known: StringEffects, document: TextDocument, start: number, end: number): void {
    const { tape, state, classes, inArray, atRoot } = this.#walker;
    if (!tape?.knowsStrings || document !== tape.document || atRoot || known.depth >= 0 || end - start > longestKnown) return;
    if (end === start || this.#numbered.length > mostNumbered) return;
    // As src/scan/simd/assembly/walk.ts puts it together.
    const still = classes === 0 && tape.tables.quiet[state] === 1;
    const tag = state | (inArray ? 1 << 16 : 0) | (document.level << 17) | (classes !== 0 ? 1 << 30 : 0) | (still ? 1 << 31 : 0);
    tape.know(start, end, tag, this.#numberOf(known, tape.tables));
  }

  /** Most strings give rise to nothing, though something had to be looked for in them. */
  #numberOf(known: StringEffects, tables: PlanTables): number {
    const { state, classes } = this.#walker;
    if (isNothing(known)) {
      if (classes === 0 && tables.placeless[state] === 1) return knownNumbers.nothing;
      if (known.isText || tables.opaque[state] === 0) return knownNumbers.onlyItsPlace;
    }
    return this.#numbered.push(known) - 1;
  }

  #again(known: StringEffects, document: TextDocument, start: number, end: number): boolean | undefined {
    const { patterns, texts } = this.#parts;
    if (known.depth >= 0 && known.depth !== this.#walker.depth) return undefined;
    if (known.unpacked > 0 && !texts.spend(known.unpacked)) return undefined;
    const { fulfilled, edits, counts } = known;
    for (let i = 0; i < fulfilled.length; i += 2) this.#walker.objects.fulfil(fulfilled[i] as number, fulfilled[i + 1] as number);
    for (let i = 0; i < edits.length; i++) {
      const edit = edits[i] as Replacement;
      document.edits.add(start + edit.start, start + edit.end, edit.text, edit.rule, edit.rank);
    }
    if (counts.length > 0) document.innerCounts.push({ start, end, of: counts });
    if (known.forgedMask) patterns.forgedMask = true;
    if (known.repeatedKeys) this.#walker.repeatedKeys = true;
    return known.isText;
  }

  begin(document: TextDocument): EffectsMark {
    const walker = this.#walker;
    const { documents, patterns, texts } = this.#parts;
    const mark = {
      objects: walker.objects.beginRecord(),
      edits: document.edits.count,
      documents: documents.used,
      opened: documents.opened,
      forgedMask: patterns.takeForged(),
      repeatedKeys: walker.repeatedKeys,
      budget: texts.budget,
    };
    walker.repeatedKeys = false;
    return mark;
  }

  /** Keeps what has happened since `begin`, where it depends on nothing else. */
  end(mark: EffectsMark, hash: number, document: TextDocument, start: number, end: number, tag: number, isText: boolean): void {
    const walker = this.#walker;
    const { documents, patterns, texts } = this.#parts;
    const fulfilled = walker.objects.endRecord(mark.objects);
    if (fulfilled && walker.fault === 0) {
      const nested = documents.opened > mark.opened;
      const counts: number[] = [];
      if (nested) documents.fold(mark.documents, document, counts);
      if (counts.length > 0) document.innerCounts.push({ start, end, of: counts });
      const effects: StringEffects = {
        fulfilled: fulfilled.length === 0 ? none : fulfilled,
        edits: editsSince(document, mark.edits, start),
        counts: counts.length === 0 ? none : counts,
        forgedMask: patterns.forgedMask,
        repeatedKeys: walker.repeatedKeys,
        unpacked: mark.budget - texts.budget,
        depth: nested ? walker.depth : -1,
        isText,
      };
      const alone = isText ? placeAlone : nothingAlone;
      this.#known.set(hash, document.bytes, start, end, tag, nested || !isNothing(effects) ? effects : alone);
    }
    patterns.forgedMask ||= mark.forgedMask;
    walker.repeatedKeys ||= mark.repeatedKeys;
  }
}

function isNothing({ fulfilled, edits, counts, forgedMask, repeatedKeys, unpacked }: StringEffects): boolean {
  return fulfilled.length + edits.length + counts.length + unpacked === 0 && !forgedMask && !repeatedKeys;
}

function editsSince({ edits }: TextDocument, first: number, origin: number): readonly Replacement[] {
  if (edits.count === first) return none;
  const found: Replacement[] = [];
  for (let i = first; i < edits.count; i++) {
    const [start, end] = [(edits.starts[i] as number) - origin, (edits.ends[i] as number) - origin];
    found.push({
      start,
      end,
      text: edits.texts[i] as Uint8Array,
      rule: edits.rules[i] as number,
      rank: edits.ranks[i] as number,
    });
  }
  return found;
}
