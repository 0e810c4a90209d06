import { valueTypes } from '../../core/extracts.ts';
import { limits } from '../../core/limits.ts';
import { stubReasons } from '../../core/tile.ts';
import type { Plan } from '../plan.ts';
import type { CandidateList } from './candidate-list.ts';
import { KeyTable, SeenKeys } from './key-table.ts';
import { Objects } from './objects.ts';
import { readNumber, readWord } from './scalars.ts';
import { TextDocument } from './text-document.ts';
import { stringMarks, TriggerFinder } from './trigger-finder.ts';
import { skipCharacter } from './utf8.ts';

/** What the walker tells about every value, in input order. Spans are in the current document; strings without quotes. */
export interface ValueVisitor {
  string(start: number, end: number, escaped: boolean): void;
  scalar(type: number, start: number, end: number): void;
  open(isObject: boolean, start: number): void;
  close(isObject: boolean, end: number): void;
}

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
  /** Trigger candidates of the outermost document, where a kernel has listed them. */
  candidates: CandidateList | undefined;
  readonly objects: Objects;
  readonly finder: TriggerFinder;
  readonly keys: KeyTable;
  readonly #seen = new SeenKeys();
  readonly #name = new TextDocument();
  readonly #plan: Plan;
  #visitor: ValueVisitor | undefined;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  /** Open containers: 1 object, 2 array, with the state of each. */
  readonly #kinds = new Uint8Array(limits.jsonDepth + 1);
  readonly #states = new Uint16Array(limits.jsonDepth + 1);
  readonly #classes = new Uint32Array(limits.jsonDepth + 1);
  /** Name classes that hold for the elements of a list too, not for the list as a whole. */
  readonly #scalarClasses: number;
  #depth = 0;
  /** Depth at which the current document starts. */
  #base = 0;

  constructor(plan: Plan, seed: number) {
    this.#plan = plan;
    this.#scalarClasses = plan.nameClasses.reduce((bits, one, i) => (one.scalars ? bits | (1 << i) : bits), 0) >>> 0;
    this.objects = new Objects(plan);
    this.finder = new TriggerFinder(plan);
    this.keys = new KeyTable(plan.symbols, plan.nameClasses, seed);
  }

  set visitor(visitor: ValueVisitor) {
    this.#visitor = visitor;
  }

  beginEvent(): void {
    this.fault = 0;
    this.repeatedKeys = false;
    this.#depth = 0;
    this.#base = 0;
    this.objects.beginEvent();
    this.keys.beginEvent();
    this.#seen.beginEvent(this.objects.atFirstSerial);
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
    const outerValue = { state: this.state, classes: this.classes, objects: this.objects.count };
    this.document = document;
    this.#bytes = document.bytes;
    this.#at = document.start;
    this.#end = document.end;
    this.#base = this.#depth;
    this.state = state;
    this.classes = 0;
    const ok = this.#document();
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
    this.objects.abandon(outerValue.objects);
    if (document.parent !== undefined || this.fault !== 0) return ok;
    if (!ok) this.fault = reason('not-json');
    else if (!this.#startsContainer(document)) this.fault = reason('not-an-object');
    return this.fault === 0;
  }

  /** An event or a list of events; a scalar is valid JSON but nothing that could be masked by its structure. */
  #startsContainer(document: TextDocument): boolean {
    let at = document.start;
    while (document.bytes[at] === 32 || document.bytes[at] === 9 || document.bytes[at] === 13 || document.bytes[at] === 10) at++;
    return document.bytes[at] === 123 || document.bytes[at] === 91;
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
    if (byte === 34) return this.#string() ? complete : failed;
    if (byte === 123 || byte === 91) return this.#open(byte === 123);
    const start = this.#at;
    const type =
      byte === 45 || (byte >= 48 && byte <= 57)
        ? valueTypes.number
        : byte === 116
          ? valueTypes.true
          : byte === 102
            ? valueTypes.false
            : valueTypes.null;
    const end = type === valueTypes.number ? readNumber(this.#bytes, start, this.#end) : readWord(this.#bytes, start, this.#end);
    if (end < 0) return failed;
    this.#at = end;
    this.#visitor?.scalar(type, start, end);
    return complete;
  }

  #open(isObject: boolean): Step {
    if (this.#depth === limits.jsonDepth) {
      this.fault = reason('too-deep');
      return failed;
    }
    this.#visitor?.open(isObject, this.#at);
    this.#depth++;
    this.#kinds[this.#depth] = isObject ? 1 : 2;
    this.#states[this.#depth] = this.state;
    this.#classes[this.#depth] = this.classes & this.#scalarClasses;
    if (isObject) this.objects.open(this.state);
    this.#at++;
    const byte = this.#space();
    if (byte === (isObject ? 125 : 93)) return this.#close();
    if (isObject) return this.#key();
    this.classes = this.#classes[this.#depth] as number;
    return expectsValue;
  }

  #close(): Step {
    this.#at++;
    this.state = this.#states[this.#depth] as number;
    const isObject = this.#kinds[this.#depth] === 1;
    this.#depth--;
    this.#visitor?.close(isObject, this.#at);
    return complete;
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
    const bytes = this.#bytes;
    const start = this.#at + 1;
    let hash = this.keys.seed;
    let at = start;
    for (; at < this.#end; at++) {
      const byte = bytes[at] as number;
      if (byte === 34 || byte === 92 || byte < 32 || byte >= 128) break;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    if (at < this.#end && bytes[at] === 34) this.#enter(bytes, start, at, hash);
    else {
      const end = this.#endOfString(at);
      if (end < 0) return failed;
      this.#enterDecoded(start, end);
      at = end;
    }
    this.#at = at + 1;
    if (this.#space() !== 58) return failed;
    this.#at++;
    return expectsValue;
  }

  /** Steps the automaton by one member name. */
  #enter(bytes: Uint8Array, start: number, end: number, hash: number): void {
    const entry = this.keys.find(bytes, start, end, hash);
    const object = this.objects.count - 1;
    const from = this.objects.states[object] as number;
    const { transitions, symbols } = this.#plan.automaton;
    if (this.#seen.repeats(this.objects.serials[object] as number, entry >= 0 ? entry : hash | 0x80000000))
      this.repeatedKeys = true;
    this.state = transitions[
      from * symbols + (entry >= 0 ? (this.keys.symbols[entry] as number) : KeyTable.otherSymbol)
    ] as number;
    const classes = entry >= 0 ? (this.keys.classes[entry] as number) : this.keys.classify(bytes, start, end);
    this.classes = classes === 0 ? 0 : classes & (this.#plan.automaton.nameBits[from] as number);
  }

  #enterDecoded(start: number, end: number): void {
    const name = this.#name;
    name.decode(this.document, 'json', start, end);
    this.#enter(name.bytes, 0, name.end, this.keys.hash(name.bytes, 0, name.end));
  }

  #string(): boolean {
    const start = this.#at + 1;
    this.finder.beginValue(start);
    const listed = this.candidates !== undefined && this.document.parent === undefined;
    const at = listed ? this.#plainEnd(start) : this.#searchedEnd(start);
    if (at < 0) return false;
    const escaped = at < this.#end && this.#bytes[at] === 92;
    const end = escaped ? this.#endOfString(at) : at;
    if (end < 0 || end >= this.#end || this.#bytes[end] !== 34) return false;
    if (listed && !escaped) this.candidates?.check(this.finder, this.#bytes, start, end);
    this.#at = end + 1;
    this.#visitor?.string(start, end, escaped);
    return this.fault === 0;
  }

  /** First byte from `at` on that is a quote, an escape or a control character; -1 where the text is not UTF-8. */
  #plainEnd(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    for (; at < this.#end; at++) {
      const mark = plainBytes[bytes[at] as number] as number;
      if (mark === 0) continue;
      if (mark === 1) return at;
      const next = this.#character(at);
      if (next < 0) return -1;
      at = next - 1;
    }
    return at;
  }

  /** The same, looking for triggers on the way. */
  #searchedEnd(start: number): number {
    const bytes = this.#bytes;
    const { finder } = this;
    const { rawPairs } = finder;
    let before = 34;
    let at = start;
    for (; at < this.#end; at++) {
      const byte = bytes[at] as number;
      const found = rawPairs[before * 256 + byte] as number;
      before = byte;
      if (found === 0) continue;
      if (found < stringMarks.quote) finder.check(found, bytes, at, start, this.#end);
      else if (found === stringMarks.beyondAscii) {
        const next = this.#character(at);
        if (next < 0) return -1;
        at = next - 1;
      } else return at;
    }
    return at;
  }

  /** The closing quote of a string whose contents from `at` may hold anything; -1 where it is not well-formed. */
  #endOfString(from: number): number {
    const bytes = this.#bytes;
    let at = from;
    while (at < this.#end) {
      const byte = bytes[at] as number;
      if (byte === 34) return at;
      if (byte < 32) return -1;
      if (byte === 92) at = skipEscape(bytes, at, this.#end);
      else if (byte >= 128) at = this.#character(at);
      else at++;
      if (at < 0) return -1;
    }
    return -1;
  }

  #character(at: number): number {
    const next = skipCharacter(this.#bytes, at, this.#end);
    if (next < 0 && this.document.parent === undefined) this.fault = reason('not-utf8');
    return next;
  }
}

/** Index after an escape sequence, -1 where it is none (RFC 8259 section 7). */
function skipEscape(bytes: Uint8Array, at: number, end: number): number {
  const letter = at + 1 < end ? bytes[at + 1] : 0;
  if (letter !== 117) return letter !== undefined && escapeLetters[letter] === 1 ? at + 2 : -1;
  if (at + 6 > end) return -1;
  for (let i = at + 2; i < at + 6; i++) if (hexDigits[bytes[i] as number] !== 1) return -1;
  return at + 6;
}

/** 1: ends the plain part of a string. 2: first byte of a character beyond ASCII. */
const plainBytes = new Uint8Array(256).fill(2, 128).fill(1, 0, 32);
plainBytes[34] = 1;
plainBytes[92] = 1;
const escapeLetters = new Uint8Array(256);
for (const letter of '"\\/bfnrt') escapeLetters[letter.charCodeAt(0)] = 1;
const hexDigits = new Uint8Array(256);
for (const digit of '0123456789abcdefABCDEF') hexDigits[digit.charCodeAt(0)] = 1;
