import { RunningSha256 } from '../crypto/sha256.ts';
import { leafMark, merkleRoot } from '../proof/merkle.ts';

/** Bytes that share a hash in files that are no lines. */
export const bytesPerBlock = 64 * 1024;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Sums up a file as its bytes come by. */
export class ByteBlocks {
  readonly #whole = new RunningSha256();
  readonly #blocks: Uint8Array[] = [];
  #open = new RunningSha256().update(leafMark);
  #inOpen = 0;
  #bytes = 0;

  push(bytes: Uint8Array): void {
    this.#whole.update(bytes);
    this.#bytes += bytes.length;
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + bytesPerBlock - this.#inOpen);
      this.#open.update(piece);
      this.#inOpen += piece.length;
      at += piece.length;
      if (this.#inOpen === bytesPerBlock) this.#close();
    }
  }

  #close(): void {
    this.#blocks.push(this.#open.digest);
    this.#open = new RunningSha256().update(leafMark);
    this.#inOpen = 0;
  }

  /** Hexadecimal. */
  sums(): { readonly bytes: number; readonly sha256: string; readonly blocks: readonly string[]; readonly root: string } {
    if (this.#inOpen > 0) this.#close();
    return {
      bytes: this.#bytes,
      sha256: hex(this.#whole.digest),
      blocks: this.#blocks.map(hex),
      root: hex(merkleRoot(this.#blocks)),
    };
  }
}
