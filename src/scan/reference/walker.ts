import { valueTypes } from '../../core/extracts.ts';
import { limits } from '../../core/limits.ts';
import { stubReasons } from '../../core/tile.ts';
import type { Plan } from '../plan.ts';
import { type PlanTables, planTables } from '../plan-tables.ts';
import { meetings } from '../simd/kernel-layout.ts';
import type { TapeReader } from '../simd/tape-reader.ts';
import { KeyReader } from './key-reader.ts';
import { KeyTable } from './key-table.ts';
import { Objects } from './objects.ts';
import { isPlainText } from './plain-text.ts';
import { readNumber, readWord, scalarType, startsContainer } from './scalars.ts';
import { SeenKeys } from './seen-keys.ts';
import { endOfString, notUtf8 } from './string-end.ts';
import { TextDocument } from './text-document.ts';
import { TriggerFinder } from './trigger-finder.ts';
import type { ValueVisitor } from './value-visitor.ts';

const failed = 0;
const complete = 1;
const expectsValue = 2;
type Step = typeof failed | typeof complete | typeof expectsValue;

const reason = (name: (typeof stubReasons)[number]): number => stubReasons.indexOf(name);

/**
 * Reads JSON as RFC 8259 defines it, byte by byte, without recursion into containers and without building anything.
 * Keeps track of where in the path automaton the current value is. Re-entered for documents inside strings.
 */
export class Walker {
  document = new TextDocument();
  /** State of the current value, and name classes of the member it belongs to. */
  state = 0;
  classes = 0;
  /** Index into `stubReasons`; 0 while nothing is wrong. */
  fault = 0;
  repeatedKeys = false;
  /** Reads documents by a kernel, where there is one. */
  tape: TapeReader | undefined;
  readonly objects: Objects;
  readonly finder: TriggerFinder;
  readonly keys: KeyReader;
  readonly #seen = new SeenKeys(limits.jsonDepth);
  readonly tables: PlanTables;
  readonly #quiet: Uint8Array;
  readonly #transitions: Uint16Array;
  readonly #rowOf: Uint16Array;
  readonly #symbols: number;
  readonly #nameBits: Uint32Array;
  #visitor: ValueVisitor | undefined;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  /** Open containers: 1 object, 2 array, with the state of each. */
  readonly #kinds = new Uint8Array(limits.jsonDepth + 1);
  readonly #states = new Uint16Array(limits.jsonDepth + 1);
  readonly #classes = new Uint32Array(limits.jsonDepth + 1);
  #depth = 0;
  /** Depth at which the current document starts. */
  #base = 0;

  constructor(plan: Plan, seed: number) {
    this.tables = planTables(plan);
    this.#quiet = this.tables.quiet;
    this.objects = new Objects(plan);
    this.finder = new TriggerFinder(plan);
    this.keys = new KeyReader(new KeyTable(plan, seed));
    this.#transitions = plan.automaton.transitions;
    this.#rowOf = plan.automaton.rowOf;
    this.#symbols = plan.automaton.symbols;
    this.#nameBits = plan.automaton.nameBits;
  }

  set visitor(visitor: ValueVisitor) {
    this.#visitor = visitor;
  }

  get visitor(): ValueVisitor | undefined {
    return this.#visitor;
  }

  beginEvent(): void {
    this.fault = 0;
    this.repeatedKeys = false;
    this.#depth = 0;
    this.#base = 0;
    this.objects.beginEvent();
    if (this.keys.table.beginEvent()) this.keys.forget();
    this.#seen.dropTo(0);
  }

  /** True for the value a document starts with. */
  get atRoot(): boolean {
    return this.#depth === this.#base;
  }

  get depth(): number {
    return this.#depth;
  }

  get inArray(): boolean {
    return this.#depth > this.#base && this.#kinds[this.#depth] === 2;
  }

  /**
   * Reads a whole document: one value and white space. Returns false where it is not JSON; `fault` is then set for the
   * outermost document only, because text in a string need not be JSON.
   */
  read(document: TextDocument, state: number): boolean {
    const outer = {
      document: this.document,
      bytes: this.#bytes,
      at: this.#at,
      end: this.#end,
      base: this.#base,
      depth: this.#depth,
    };
    const outerValue = { state: this.state, classes: this.classes, objects: this.objects.count, held: this.#seen.held };
    this.document = document;
    this.#bytes = document.bytes;
    this.#at = document.start;
    this.#end = document.end;
    this.#base = this.#depth;
    this.state = state;
    this.classes = 0;
    const taped = this.tape?.read(this);
    const ok = taped ?? this.#document();
    if (outer.document !== document) {
      this.document = outer.document;
      this.#bytes = outer.bytes;
      this.#at = outer.at;
      this.#end = outer.end;
    }
    this.#depth = outer.depth;
    this.#base = outer.base;
    this.state = outerValue.state;
    this.classes = outerValue.classes;
    if (!ok) this.#seen.dropTo(outerValue.held);
    this.objects.abandon(outerValue.objects);
    if (document.parent !== undefined || this.fault !== 0) return ok;
    if (!ok) this.fault = reason('not-json');
    else if (!startsContainer(document.bytes, document.start)) this.fault = reason('not-an-object');
    return this.fault === 0;
  }

  #document(): boolean {
    for (;;) {
      let step: Step = this.#value();
      while (step === complete) {
        if (this.#depth === this.#base) return this.#space() === -1;
        step = this.#next();
      }
      if (step === failed) return false;
    }
  }

  /** Skips white space; the byte there, or -1 at the end. */
  #space(): number {
    const bytes = this.#bytes;
    while (this.#at < this.#end) {
      const byte = bytes[this.#at] as number;
      if (byte > 32 || (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9)) return byte;
      this.#at++;
    }
    return -1;
  }

  #value(): Step {
    const byte = this.#space();
    if (byte === 34) return this.#string();
    if (byte === 123 || byte === 91) return this.#isNothing() ? complete : this.#open(byte === 123);
    const start = this.#at;
    const type = scalarType(byte);
    const end = type === valueTypes.number ? readNumber(this.#bytes, start, this.#end) : readWord(this.#bytes, start, this.#end);
    if (end < 0) return failed;
    this.#at = end;
    this.#visitor?.scalar(type, start, end);
    return complete;
  }

  /** Passes an empty object or list for which the plan has nothing to do: what most of managedFields is. */
  #isNothing(): boolean {
    const bytes = this.#bytes;
    if (bytes[this.#at + 1] !== (bytes[this.#at] as number) + 2 || this.#at + 2 > this.#end) return false;
    if (this.classes !== 0 || this.#quiet[this.state] === 0 || this.#depth === limits.jsonDepth) return false;
    this.#at += 2;
    return true;
  }

  #open(isObject: boolean): Step {
    if (this.#depth === limits.jsonDepth) {
      this.fault = reason('too-deep');
      return failed;
    }
    this.#classes[this.#depth + 1] = this.classes & this.tables.scalarClasses;
    if (isObject) this.#seen.open(this.objects.count);
    this.enter(isObject, this.#at);
    this.#at++;
    const byte = this.#space();
    if (byte === (isObject ? 125 : 93)) return this.#close();
    if (isObject) return this.#key();
    this.classes = this.#classes[this.#depth] as number;
    return expectsValue;
  }

  #close(): Step {
    this.#at++;
    if (this.#kinds[this.#depth] === 1) this.#seen.close(this.objects.count - 1);
    this.leave(this.#at);
    return complete;
  }

  /** A container opens at `start`: the current value. */
  enter(isObject: boolean, start: number): void {
    // Most objects: nothing to do for their place.
    if (!isObject || this.#depth === 0 || this.classes !== 0 || this.#quiet[this.state] === 0)
      this.#visitor?.open(isObject, start);
    this.#depth++;
    this.#kinds[this.#depth] = isObject ? 1 : 2;
    this.#states[this.#depth] = this.state;
    if (isObject) this.objects.open(this.state, start);
  }

  /** The innermost container ends before `end`: it is the current value again. */
  leave(end: number): void {
    this.state = this.#states[this.#depth] as number;
    const isObject = this.#kinds[this.#depth] === 1;
    this.#depth--;
    this.#visitor?.close(isObject, end);
  }

  /** After a value inside a container: a comma and what follows, or the end of the container. */
  #next(): Step {
    const byte = this.#space();
    const isObject = this.#kinds[this.#depth] === 1;
    if (byte === (isObject ? 125 : 93)) return this.#close();
    if (byte !== 44) return failed;
    this.#at++;
    if (isObject) return this.#key();
    this.state = this.#states[this.#depth] as number;
    this.classes = this.#classes[this.#depth] as number;
    return expectsValue;
  }

  #key(): Step {
    if (this.#space() !== 34) return failed;
    const { keys, objects } = this;
    const end = keys.read(this.document, this.#at + 1, this.#end);
    if (end < 0) return this.#fail(end);
    const object = objects.count - 1;
    const from = objects.states[object] as number;
    if (this.#seen.repeats(object, keys.identity)) this.repeatedKeys = true;
    this.state = this.#transitions[(this.#rowOf[from] as number) * this.#symbols + keys.symbol] as number;
    this.classes = keys.classes & (this.#nameBits[from] as number);
    if (keys.searched) this.#visitor?.name(this.#at + 1, end);
    this.#at = end + 1;
    if (this.#space() !== 58) return failed;
    this.#at++;
    return expectsValue;
  }

  #fail(why: number): typeof failed {
    if (why === notUtf8 && this.document.parent === undefined) this.fault = reason('not-utf8');
    return failed;
  }

  #string(): Step {
    const bytes = this.#bytes;
    const limit = this.#end;
    const start = this.#at + 1;
    this.finder.beginValue(start);
    const at = this.finder.searchedEnd(bytes, start, limit);
    if (at < 0) return this.#fail(at);
    const escaped = at < limit && bytes[at] === 92;
    const end = escaped ? endOfString(bytes, at, limit) : at;
    if (end < 0) return this.#fail(end);
    if (end >= limit || bytes[end] !== 34) return failed;
    this.#at = end + 1;
    return this.visit(bytes, start, end, escaped, meetings.unsaid) ? complete : failed;
  }

  /** Tells the visitor of a string that a tape has a number for. @returns false where it found a fault */
  visitKnown(start: number, end: number, escaped: boolean, number: number): boolean {
    this.#visitor?.known(start, end, escaped, number);
    return this.fault === 0;
  }

  /** Tells the visitor of a string whose triggers the finder holds; `met`: one of `meetings`. @returns false where it found a fault */
  visit(bytes: Uint8Array, start: number, end: number, escaped: boolean, met: number): boolean {
    // Most strings: nothing to do for their place, no escapes, no trigger, and no document in them.
    const quiet = !escaped && this.finder.hitCount === 0 && this.classes === 0 && this.#quiet[this.state] === 1;
    if (quiet && isPlainText(this.tables, bytes, start, end)) return true;
    this.#visitor?.string(start, end, escaped, met);
    return this.fault === 0;
  }
}
