import { Fault } from '../../core/faults.ts';
import { limits } from '../../core/limits.ts';
import {
  type KernelExports,
  layout,
  mostAsideCandidates,
  mostCandidates,
  mostSeen,
  mostTaped,
  type NameReader,
  pageBytes,
  pairBits,
  slackBytes,
  type TriggerTables,
  type Walk,
  type WalkTables,
} from './kernel-layout.ts';

/** Answer to the module: this name, and so the document, is read in TypeScript. */
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
  #bits = 0;
  #pairs = 0;
  #around = 0;
  #buckets = 0;
  #classes = 0;
  /** Where the text stands; 64 bytes are kept free before it. */
  #text = layout.plan + 64;
  /** Where the next table of the plan goes. */
  #tablesEnd: number = layout.plan;
  #names: NameReader | undefined;
  #from = 0;
  #until = 0;

  /** `module` is the compiled kernel. @throws Fault E_SCAN_KERNEL where this runtime cannot run it */
  constructor(module: Uint8Array) {
    try {
      this.#memory = new WebAssembly.Memory({ initial: Math.ceil((layout.plan + limits.tileBytes * 2) / pageBytes) });
      const instance = new WebAssembly.Instance(new WebAssembly.Module(module), {
        env: { memory: this.#memory, name: (start: number) => this.#readName(start) },
      });
      this.#exports = instance.exports as unknown as KernelExports;
    } catch (cause) {
      throw new Fault('the WebAssembly kernel does not run here', {
        code: 'E_SCAN_KERNEL',
        remedy: 'Set AUDITVEIL_SCANNER=js to use the TypeScript scanner alone.',
        cause,
      });
    }
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#words = new Uint32Array(this.#memory.buffer);
  }

  /** The plan's triggers. Must be set before anything is loaded. */
  set triggers(tables: TriggerTables) {
    const { pairs, around, buckets, triggers, classes } = tables;
    this.#bits = (this.#tablesEnd + 15) & ~15;
    this.#pairs = this.#bits + pairBits;
    this.#around = this.#pairs + pairs.byteLength;
    this.#buckets = this.#around + around.length;
    const triggersAt = this.#buckets + buckets.byteLength;
    this.#classes = triggersAt + triggers.length;
    this.#reserve(this.#classes + classes.length);
    // Memory is little-endian: the byte before is the low half of the index.
    const swapped = new Uint16Array(pairs.length);
    pairs.forEach((bucket, pair) => {
      const index = ((pair & 255) << 8) | (pair >> 8);
      swapped[index] = bucket;
      if (bucket !== 0) this.#bytes[this.#bits + (index >> 3)]! |= 1 << (index & 7);
    });
    this.#bytes.set(new Uint8Array(swapped.buffer), this.#pairs);
    this.#words.set(
      buckets.map((offset) => triggersAt + offset),
      this.#buckets >> 2,
    );
    this.#bytes.set(around, this.#around);
    this.#bytes.set(triggers, triggersAt);
    this.#bytes.set(classes, this.#classes);
    this.#tablesDone(this.#classes + classes.length);
  }

  /** The plan's automaton, and who reads the names that are not remembered. */
  walkThrough(tables: WalkTables, names: NameReader): void {
    this.#names = names;
    const { transitions, quiet, nameBits } = tables;
    const transitionsAt = (this.#tablesEnd + 15) & ~15;
    const bitsAt = (transitionsAt + transitions.byteLength + 15) & ~15;
    const quietAt = bitsAt + nameBits.byteLength;
    const digitsAt = quietAt + quiet.length;
    this.#reserve(digitsAt + tables.digits.length);
    this.#bytes.set(tables.digits, digitsAt);
    this.#bytes.set(new Uint8Array(transitions.buffer, transitions.byteOffset, transitions.byteLength), transitionsAt);
    this.#words.set(nameBits, bitsAt >> 2);
    this.#bytes.set(quiet, quietAt);
    const { results, stack, seen, slots, entries, names: namesAt } = layout;
    this.#words.set(
      [
        ...[results, transitionsAt, tables.symbols, quietAt, bitsAt, tables.scalarClasses, Number(tables.everything), stack],
        ...[seen, seen + mostSeen * 4, slots, entries, namesAt, tables.longString, digitsAt, tables.seed],
      ],
      layout.walkTables >> 2,
    );
    this.#exports.walkTables(layout.walkTables);
    this.#tablesDone(digitsAt + tables.digits.length);
  }

  #tablesDone(end: number): void {
    this.#tablesEnd = end;
    this.#text = (end + 127) & ~63;
    this.#reserve(this.#text);
    this.unload();
  }

  /** Puts what the host knows of a name where the walk looks for it. */
  #readName(start: number): number {
    const at = this.#text - this.#from;
    const name = this.#names?.(start - at);
    if (!name || name.end < 0) return name?.end ?? -1;
    const words = this.#words;
    const into = layout.results >> 2;
    words[into + 3] = name.symbol;
    words[into + 4] = name.classes;
    words[into + 5] = name.identity;
    words[into + 6] = name.end + at;
    words[into + 7] = Number(name.searched);
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
   * Writes position and number of every trigger that fires in the loaded `[start … end)` to `into`, in turn.
   * @returns how many, or -1 where there are too many
   */
  candidates(start: number, end: number, into: Uint32Array): number {
    const at = this.#text - this.#from;
    return this.#candidates(at + start, at + end, layout.candidates, Math.min(mostCandidates, into.length >> 1), at, into);
  }

  /**
   * The same for a text of at most `mostAside` bytes that is not loaded; what is loaded stays. Offsets are those of `bytes`.
   * @returns how many, or -1 where there are too many
   */
  candidatesAside(bytes: Uint8Array, start: number, end: number, into: Uint32Array): number {
    const from = layout.aside + 64;
    const to = from + end - start;
    this.#bytes.set(bytes.subarray(start, end), from);
    this.#bytes.fill(0, to, to + 16);
    return this.#candidates(
      from,
      to,
      layout.asideCandidates,
      Math.min(mostAsideCandidates, into.length >> 1),
      from - start,
      into,
    );
  }

  #candidates(from: number, to: number, out: number, most: number, origin: number, into: Uint32Array): number {
    const count = this.#exports.candidates(
      from,
      to,
      this.#bits,
      this.#pairs,
      this.#around,
      this.#buckets,
      this.#classes,
      out,
      most,
    );
    const first = out >> 2;
    const words = this.#words;
    for (let i = 0; i < count; i++) {
      into[i * 2] = (words[first + i * 2] as number) - origin;
      into[i * 2 + 1] = words[first + i * 2 + 1] as number;
    }
    return count;
  }

  /** Entries the last walk wrote: four words each, see `assembly/walk.ts`. Valid until the next walk or load. */
  get tape(): Uint32Array {
    return this.#words.subarray(layout.tape >> 2, (layout.tape >> 2) + mostTaped * 4);
  }

  /** What to take from a place on the tape to have the offset in the loaded array. */
  get tapeOrigin(): number {
    return this.#text - this.#from;
  }

  /**
   * Walks the document that is the loaded `[start … end)`, whose triggers the last call of `candidates` has listed. @returns
   * what the tape holds
   */
  walk(start: number, end: number, state: number, depth: number, candidates: number): Walk {
    const at = this.#text - this.#from;
    const { candidates: first, tape, results } = layout;
    const tapeEnd = tape + mostTaped * 16;
    const found = this.#exports.walk(at + start, at + end, state, depth, first, first + candidates * 8, tape, tapeEnd);
    const words = this.#words;
    const into = results >> 2;
    this.#walk.entries = found === -1 ? -1 : (this.#exports.tapeEnd() - tape) >> 4;
    this.#walk.fault = found === -2 ? (words[into] as number) : 0;
    this.#walk.repeatedKeys = words[into + 2] === 1;
    return this.#walk;
  }
  readonly #walk = { entries: 0, fault: 0, repeatedKeys: false };

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
    for (let i = 0; i < 16; i++) this.#bytes[layout.key + i] = key[i] as number;
    this.#exports.sipHash(layout.key, at + start, at + end, layout.digest);
    for (let i = 0; i < 16; i++) out[outAt + i] = this.#bytes[layout.digest + i] as number;
  }
}

/** A keyed hash (`SipHash` in src/crypto computes the same) that runs in a kernel. */
export class KernelHash {
  readonly #kernel: Kernel;
  readonly #key: Uint8Array;

  constructor(kernel: Kernel, key: Uint8Array) {
    this.#kernel = kernel;
    this.#key = key;
  }

  digestInto(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): void {
    this.#kernel.load(bytes, start, end);
    this.#kernel.sipHash(this.#key, start, end, out, at);
  }
}
