import { limits } from '../../core/limits.ts';
import type { Plan } from '../plan.ts';
import { compileKernel } from './compile-kernel.ts';
import {
  type KernelExports,
  layout,
  longestSpelling,
  mostAsideCandidates,
  mostCandidates,
  mostNoted,
  mostSeen,
  mostTaped,
  type NameReader,
  pageBytes,
  slackBytes,
  type Walk,
  type WalkTables,
} from './kernel-layout.ts';
import { pairTables } from './pair-tables.ts';

/** Answer to the module: the name is remembered under another spelling. */
const respelled = -3;

/**
 * The WebAssembly kernels (assembly/kernel.ts) over one text at a time: `load` copies the text in, the others work on
 * what is loaded. Offsets are those of the loaded array.
 */
export class Kernel {
  readonly #memory: WebAssembly.Memory;
  readonly #exports: KernelExports;
  #bytes: Uint8Array;
  #words: Uint32Array;
  #loaded: Uint8Array | undefined;
  /** Where the text stands; 64 bytes are kept free before it. */
  #text = layout.plan + 64;
  /** Where the next table of the plan goes. */
  #tablesEnd: number = layout.plan;
  #names: NameReader | undefined;
  #from = 0;
  #until = 0;
  /** Fields that one value may be noted under. */
  #mostAtOnce = 0;

  /** `module` is the compiled kernel. @throws Fault E_SCAN_KERNEL where this runtime cannot run it */
  constructor(module: Uint8Array) {
    const pages = Math.ceil((layout.plan + limits.tileBytes * 2) / pageBytes);
    const name = (start: number): number => this.#readName(start);
    ({ memory: this.#memory, exports: this.#exports } = compileKernel(module, pages, name));
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#words = new Uint32Array(this.#memory.buffer);
  }

  /** The plan's triggers. Must be set before anything is loaded. */
  set triggers({ index, classes }: Pick<Plan, 'index' | 'classes'>) {
    const { pairs, rows, rowsOf, offsets, packed } = index;
    const bitsAt = (this.#tablesEnd + 15) & ~15;
    const pairsAt = bitsAt + pairs.length / 8;
    const rowsOfAt = pairsAt + pairs.byteLength;
    const rowsAt = (rowsOfAt + rowsOf.byteLength + 63) & ~63;
    const bucketsAt = rowsAt + rows.length;
    const triggersAt = bucketsAt + offsets.byteLength;
    const classesAt = triggersAt + packed.length;
    const runsAt = (classesAt + classes.length * 256 + 15) & ~15;
    const end = runsAt + classes.length * 16;
    this.#reserve(end);
    const { swapped, bits } = pairTables(pairs);
    this.#bytes.set(bits, bitsAt);
    this.#bytes.set(new Uint8Array(swapped.buffer), pairsAt);
    this.#words.set(
      offsets.map((offset) => triggersAt + offset),
      bucketsAt >> 2,
    );
    this.#bytes.set(new Uint8Array(rowsOf.buffer, rowsOf.byteOffset, rowsOf.byteLength), rowsOfAt);
    this.#bytes.set(rows, rowsAt);
    this.#bytes.set(packed, triggersAt);
    classes.forEach((members, i) => this.#bytes.set(members, classesAt + i * 256));
    this.#exports.triggerTables(bitsAt, pairsAt, rowsOfAt, rowsAt, bucketsAt, classesAt, layout.looked, runsAt);
    this.#tablesDone(end);
  }

  /** The plan's automaton, and who reads the names that are not remembered. */
  walkThrough(tables: WalkTables, names: NameReader): void {
    this.#names = names;
    const { transitions, rowOf, quiet, nameBits, fieldsOf, fieldLists } = tables;
    const transitionsAt = (this.#tablesEnd + 15) & ~15;
    const bitsAt = (transitionsAt + transitions.byteLength + 15) & ~15;
    const quietAt = bitsAt + nameBits.byteLength;
    const digitsAt = quietAt + quiet.length;
    const fieldsAt = (digitsAt + tables.digits.length + 1) & ~1;
    const listsAt = fieldsAt + fieldsOf.byteLength;
    const rowsAt = listsAt + fieldLists.byteLength;
    this.#reserve(rowsAt + rowOf.byteLength);
    new Uint16Array(this.#memory.buffer, rowsAt).set(rowOf);
    this.#bytes.set(tables.digits, digitsAt);
    new Uint16Array(this.#memory.buffer, fieldsAt).set(fieldsOf);
    new Uint16Array(this.#memory.buffer, listsAt).set(fieldLists);
    this.#mostAtOnce = tables.mostFields;
    this.#bytes.set(new Uint8Array(transitions.buffer, transitions.byteOffset, transitions.byteLength), transitionsAt);
    this.#words.set(nameBits, bitsAt >> 2);
    this.#bytes.set(quiet, quietAt);
    const { results, stack, seen, slots, entries, names: namesAt } = layout;
    this.#words.set(
      [
        ...[results, transitionsAt, tables.symbols, quietAt, bitsAt, tables.scalarClasses, Number(tables.everything), stack],
        ...[seen, seen + mostSeen * 4, slots, entries, namesAt, tables.longString, digitsAt, tables.seed],
        ...[layout.spelling, fieldsAt, listsAt, Number(tables.wordLists), rowsAt],
      ],
      layout.walkTables >> 2,
    );
    this.#exports.walkTables(layout.walkTables);
    this.#exports.stringTables(layout.knownSlots, layout.knownBytes, layout.knownOnce, tables.seed);
    this.#tablesDone(rowsAt + rowOf.byteLength);
  }

  #tablesDone(end: number): void {
    this.#tablesEnd = end;
    this.#text = (end + 127) & ~63;
    this.#reserve(this.#text);
    this.unload();
  }

  /** Puts what the host knows of a name where the walk looks for it. */
  #readName(start: number): number {
    const at = this.origin;
    const name = this.#names?.(start - at);
    if (!name || name.end < 0) return name?.end ?? -1;
    const words = this.#words;
    const into = layout.results >> 2;
    words[into + 3] = name.symbol;
    words[into + 4] = name.classes;
    words[into + 5] = name.identity;
    words[into + 7] = Number(name.searched);
    words[into + 6] = name.spelling.length - 1;
    if (name.respelled) this.#bytes.set(name.spelling.subarray(0, longestSpelling + 1), layout.spelling);
    if (name.respelled) return respelled;
    return name.identity >= 0 ? 1 : 0;
  }

  /** Copies `bytes[start … end)` in, unless it is loaded already. */
  load(bytes: Uint8Array, start: number, end: number): void {
    if (this.#loaded === bytes && start >= this.#from && end <= this.#until) return;
    this.#reserve(this.#text + (end - start) + slackBytes);
    this.#bytes.set(bytes.subarray(start, end), this.#text);
    this.#loaded = bytes;
    this.#from = start;
    this.#until = end;
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.length) return;
    this.#memory.grow(Math.ceil((bytes - this.#bytes.length) / pageBytes));
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#words = new Uint32Array(this.#memory.buffer);
  }

  /** Forgets what is loaded: the array may hold other bytes from now on. */
  unload(): void {
    this.#loaded = undefined;
  }

  /**
   * Writes position and number of every trigger that fires in a text of at most `mostAside` bytes to `into`, in turn. What is loaded
   * stays; offsets are those of `bytes`. @returns how many, or -1 where there are too many
   */
  candidatesAside(bytes: Uint8Array, start: number, end: number, into: Uint32Array): number {
    const from = layout.aside + 64;
    const to = from + end - start;
    this.#bytes.set(bytes.subarray(start, end), from);
    this.#bytes.fill(0, to, to + 16);
    const out = layout.asideCandidates;
    const limit = out + Math.min(mostAsideCandidates, into.length >> 1) * 8;
    const last = this.#exports.candidates(from, to, out, limit);
    const words = this.#words;
    const origin = from - start;
    const count = last < 0 ? -1 : (last - out) >> 3;
    for (let i = 0, at = out >> 2; i < count * 2; i += 2, at += 2) {
      into[i] = (words[at] as number) - origin;
      into[i + 1] = words[at + 1] as number;
    }
    return count;
  }

  /** The memory as words: what walks wrote is read from here. Another array after any call that takes a text in. */
  get words(): Uint32Array {
    return this.#words;
  }

  /**
   * Walks the document `bytes[start … end)`. What it wrote stays until `done`; `inner`: a document inside the one that was walked
   * last, which stays as it is. `level` see `walk` in assembly/walk.ts.
   */
  walk(bytes: Uint8Array, start: number, end: number, inner: boolean, state: number, depth: number, level: number): Walk {
    if (!inner) {
      this.load(bytes, start, end);
      this.#top = this.#text + (this.#until - this.#from);
      this.#tapeTop = layout.tape;
      this.#firedTop = layout.candidates;
    }
    const { origin: outerOrigin } = this;
    const marks = { top: this.#top, tapeTop: this.#tapeTop, firedTop: this.#firedTop, origin: outerOrigin };
    const from = inner ? this.#push(bytes, start, end) : this.#text - this.#from + start;
    this.origin = from - start;
    const [tape, fired] = [this.#tapeTop, this.#firedTop];
    const [tapeLimit, firedLimit] = [layout.tape + mostTaped * 16, layout.candidates + mostCandidates * 8];
    // Fields are those of the outermost document.
    const noted = inner ? 0 : layout.noted;
    const notedLimit = layout.noted + (mostNoted - this.#mostAtOnce) * 16;
    const until = from + end - start;
    const found = this.#exports.walk(from, until, state, depth, fired, firedLimit, tape, tapeLimit, level, noted, notedLimit);
    const fits = found !== -1;
    if (fits) {
      this.#tapeTop = this.#exports.tapeEnd();
      this.#firedTop = this.#exports.candidatesEnd();
    }
    const said = layout.results >> 2;
    return {
      marks,
      origin: this.origin,
      tape: tape >> 2,
      tapeEnd: fits ? this.#tapeTop >> 2 : -1,
      fired: fired >> 2,
      firedEnd: this.#firedTop >> 2,
      noted: noted >> 2,
      notedEnd: this.#exports.fieldsEnd() >> 2,
      fault: found === -2 ? (this.#words[said] as number) : 0,
      repeatedKeys: this.#words[said + 2] === 1,
    };
  }

  /** Drops what a walk wrote, and what was walked inside of it. */
  done({ marks }: Walk): void {
    this.#top = marks.top;
    this.#tapeTop = marks.tapeTop;
    this.#firedTop = marks.firedTop;
    this.origin = marks.origin;
  }
  /** What to take from a place in the memory to have the offset in the array that is walked. */
  origin = 0;
  #top = 0;
  #tapeTop: number = layout.tape;
  #firedTop: number = layout.candidates;

  /** Copies an inner text in behind the others. @returns where it stands */
  #push(bytes: Uint8Array, start: number, end: number): number {
    const at = (this.#top + slackBytes) & ~63;
    this.#top = at + end - start;
    this.#reserve(this.#top + slackBytes);
    this.#bytes.set(bytes.subarray(start, end), at);
    return at;
  }

  /** From now on the string `[start … end)` of the text that is walked has this number where the tag is the same. */
  know(start: number, end: number, tag: number, number: number): void {
    this.#exports.remember(start + this.origin, end + this.origin, tag, number);
  }

  /** Forgets known strings where there is no room for more. @returns whether it did: their numbers may be given anew then */
  makeRoom(): boolean {
    if (this.#exports.stringsFull() === 0) return false;
    this.#exports.forgetStrings();
    return true;
  }

  /** Offsets of line feeds of the loaded `[start … end)`, written to `into`. @returns their number, or -1 where `into` is too small */
  newlines(start: number, end: number, into: Uint32Array): number {
    const at = this.#text - this.#from;
    let found = 0;
    for (let from = start; from < end; from += mostCandidates) {
      const to = Math.min(from + mostCandidates, end);
      const count = this.#exports.newlines(at + from, at + to, layout.candidates);
      if (found + count > into.length) return -1;
      for (let i = 0; i < count; i++) into[found++] = from + (this.#words[(layout.candidates >> 2) + i] as number);
    }
    return found;
  }

  /** SipHash-2-4-128 of the loaded `[start … end)` under a 16-byte key. */
  sipHash(key: Uint8Array, start: number, end: number, out: Uint8Array, outAt: number): void {
    const at = this.#text - this.#from;
    this.#sipHash(key, at + start, at + end, out, outAt);
  }

  /** The same of a text of at most `mostAside` bytes; what is loaded stays. */
  sipHashAside(key: Uint8Array, bytes: Uint8Array, start: number, end: number, out: Uint8Array, outAt: number): void {
    const memory = this.#bytes;
    const from = layout.aside;
    for (let at = start, to = from; at < end; at++, to++) memory[to] = bytes[at] as number;
    this.#sipHash(key, from, from + end - start, out, outAt);
  }

  #sipHash(key: Uint8Array, start: number, end: number, out: Uint8Array, outAt: number): void {
    const memory = this.#bytes;
    for (let i = 0; i < 16; i++) memory[layout.key + i] = key[i] as number;
    this.#exports.sipHash(layout.key, start, end, layout.digest);
    for (let i = 0; i < 16; i++) out[outAt + i] = memory[layout.digest + i] as number;
  }
}
