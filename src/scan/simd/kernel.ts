import { Fault } from '../../core/faults.ts';
import { limits } from '../../core/limits.ts';

interface KernelExports {
  newlines(start: number, end: number, out: number): number;
  candidates(start: number, end: number, pairs: number, out: number, most: number): number;
  sipHash(key: number, start: number, end: number, out: number): void;
}

/** Memory layout: pair table, key and digest, candidate list, then the text. */
const layout = { pairs: 0, key: 131_072, digest: 131_088, candidates: 131_104, text: 131_104 + 65_536 * 8 } as const;
const pageBytes = 65_536;
/** Candidates of one call; a text with more is looked through in TypeScript. */
const mostCandidates = 65_536;

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
  #from = 0;
  #until = 0;

  /** `module` is the compiled kernel. @throws Fault E_SCAN_KERNEL where this runtime cannot run it */
  constructor(module: Uint8Array) {
    try {
      this.#memory = new WebAssembly.Memory({ initial: Math.ceil((layout.text + limits.tileBytes * 2) / pageBytes) });
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

  /** The plan's pair table (65,536 entries). */
  set pairs(pairs: Uint16Array) {
    new Uint16Array(this.#memory.buffer).set(pairs, layout.pairs);
  }

  /** Copies `bytes[start … end)` in, unless it is loaded already. */
  load(bytes: Uint8Array, start: number, end: number): void {
    if (this.#loaded === bytes && start >= this.#from && end <= this.#until) return;
    const needed = layout.text + (end - start) + limits.tilePaddingBytes;
    if (needed > this.#bytes.length) {
      this.#memory.grow(Math.ceil((needed - this.#bytes.length) / pageBytes));
      this.#bytes = new Uint8Array(this.#memory.buffer);
      this.#words = new Uint32Array(this.#memory.buffer);
    }
    this.#bytes.set(bytes.subarray(start, end), layout.text);
    this.#loaded = bytes;
    this.#from = start;
    this.#until = end;
  }

  /** Forgets what is loaded: the array may hold other bytes from now on. */
  unload(): void {
    this.#loaded = undefined;
  }

  /**
   * Calls `found` with position and bucket of every trigger candidate of the loaded `[start … end)`.
   * @returns false where there are too many: nothing was called
   */
  candidates(start: number, end: number, into: Uint32Array): number {
    const at = layout.text - this.#from;
    const count = this.#exports.candidates(
      at + start,
      at + end,
      layout.pairs,
      layout.candidates,
      Math.min(mostCandidates, into.length >> 1),
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
    const at = layout.text - this.#from;
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
    const at = layout.text - this.#from;
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
