import type { Kernel } from './kernel.ts';
import { mostAside } from './kernel-layout.ts';

/** A keyed hash (`SipHash` in src/crypto computes the same) that runs in a kernel. */
export class KernelHash {
  readonly #kernel: Kernel;
  readonly #key: Uint8Array;
  readonly #aside: boolean;

  /** `aside`: for short texts other than the one that is loaded, which stays */
  constructor(kernel: Kernel, key: Uint8Array, aside = false) {
    this.#kernel = kernel;
    this.#key = key;
    this.#aside = aside;
  }

  digestInto(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): void {
    if (this.#aside && end - start <= mostAside) this.#kernel.sipHashAside(this.#key, bytes, start, end, out, at);
    else {
      this.#kernel.load(bytes, start, end);
      this.#kernel.sipHash(this.#key, start, end, out, at);
    }
  }
}
