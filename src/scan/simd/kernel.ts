import { Fault } from '../../core/faults.ts';
import { limits } from '../../core/limits.ts';

interface KernelExports {
  newlines(start: number, end: number, out: number): number;
  candidates(
    start: number,
    end: number,
    bits: number,
    pairs: number,
    around: number,
    buckets: number,
    classes: number,
    out: number,
    most: number,
  ): number;
  sipHash(key: number, start: number, end: number, out: number): void;
}

const pageBytes = 65_536;
/** One bit for each pair of bytes. */
const pairBits = 65_536 / 8;
/** Candidates of one call; a text with more is looked through in TypeScript. */
const mostCandidates = 32_768;
/** Memory layout, in bytes: key and digest, candidates, the trigger tables, then the text after them. */
const layout = { key: 16, digest: 32, candidates: 64, tables: 64 + mostCandidates * 8 } as const;

/** Trigger tables as the kernel reads them (assembly/kernel.ts); offsets in `buckets` count from the start of `triggers`. */
export interface TriggerTables {
  readonly pairs: Uint16Array;
  /** By bucket 512 bytes: 1 for each byte that may stand right before the pair, then for each right after it. */
  readonly around: Uint8Array;
  readonly buckets: Uint32Array;
  readonly triggers: Uint8Array;
  readonly classes: Uint8Array;
}

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
  #text = layout.tables + 64;
  #from = 0;
  #until = 0;

  /** `module` is the compiled kernel. @throws Fault E_SCAN_KERNEL where this runtime cannot run it */
  constructor(module: Uint8Array) {
    try {
      this.#memory = new WebAssembly.Memory({ initial: Math.ceil((layout.tables + limits.tileBytes * 2) / pageBytes) });
      const instance = new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory: this.#memory } });
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
    this.#bits = layout.tables;
    this.#pairs = this.#bits + pairBits;
    this.#around = this.#pairs + pairs.byteLength;
    this.#buckets = this.#around + around.length;
    const triggersAt = this.#buckets + buckets.byteLength;
    this.#classes = triggersAt + triggers.length;
    this.#text = (this.#classes + classes.length + 127) & ~63;
    this.#reserve(this.#text);
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
    this.unload();
  }

  /** Copies `bytes[start … end)` in, unless it is loaded already. */
  load(bytes: Uint8Array, start: number, end: number): void {
    if (this.#loaded === bytes && start >= this.#from && end <= this.#until) return;
    this.#reserve(this.#text + (end - start) + limits.tilePaddingBytes);
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
    const most = Math.min(mostCandidates, into.length >> 1);
    const count = this.#exports.candidates(
      at + start,
      at + end,
      this.#bits,
      this.#pairs,
      this.#around,
      this.#buckets,
      this.#classes,
      layout.candidates,
      most,
    );
    if (count <= 0) return count;
    const first = layout.candidates >> 2;
    const words = this.#words;
    for (let i = 0; i < count; i++) {
      into[i * 2] = (words[first + i * 2] as number) - at;
      into[i * 2 + 1] = words[first + i * 2 + 1] as number;
    }
    return count;
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
