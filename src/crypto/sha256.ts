import { createHash, type Hash } from 'node:crypto';

/** SHA-256 (FIPS 180-4) over the parts one after another; 32 bytes. */
export function sha256(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** The same as 64 lower-case hex digits. */
export function sha256Hex(...parts: readonly (Uint8Array | string)[]): string {
  return Buffer.from(sha256(...parts)).toString('hex');
}

/** SHA-256 over data that comes bit by bit; what it is so far can be asked at any time. */
export class RunningSha256 {
  readonly #hash: Hash = createHash('sha256');

  update(data: Uint8Array): this {
    this.#hash.update(data);
    return this;
  }

  /** 32 bytes, over all that came until now. */
  get digest(): Uint8Array {
    return this.#hash.copy().digest();
  }
}
