import { RunningSha256 } from '../crypto/sha256.ts';
import { leafMark, merkleRoot } from '../proof/merkle.ts';

/** Lines that share a hash: a change is named that closely. */
export const linesPerBlock = 100;

/** What is known of a file of lines. */
export interface LineSums {
  readonly lines: number;
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
  /** Leaf hashes of blocks of `linesPerBlock` lines, 64 hex digits each. */
  readonly blocks: readonly string[];
  /** Merkle root over the blocks, 64 hex digits. */
  readonly root: string;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Sums up a file as its lines come by, each with its line end. */
export class LineBlocks {
  readonly #whole = new RunningSha256();
  readonly #blocks: Uint8Array[] = [];
  #open: RunningSha256 | undefined;
  #lines = 0;
  #bytes = 0;

  push(line: Uint8Array): void {
    this.#whole.update(line);
    this.#open ??= new RunningSha256().update(leafMark);
    this.#open.update(line);
    this.#lines++;
    this.#bytes += line.length;
    if (this.#lines % linesPerBlock === 0) this.#close();
  }

  #close(): void {
    if (this.#open) this.#blocks.push(this.#open.digest);
    this.#open = undefined;
  }

  sums(): LineSums {
    this.#close();
    return {
      ...{ lines: this.#lines, bytes: this.#bytes, sha256: hex(this.#whole.digest) },
      ...{ blocks: this.#blocks.map(hex), root: hex(merkleRoot(this.#blocks)) },
    };
  }
}
