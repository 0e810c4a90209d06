import type { Secret } from '../../core/secret.ts';
import { hmacSha256 } from '../../crypto/hmac.ts';
import { sha256Hex } from '../../crypto/sha256.ts';

const fingerprintBytes = 16;
const idBytes = 8;

/**
 * Makes fingerprints of first lines: HMAC-SHA-256, half of it, over the SHA-256 of the line. A raw line leaves nothing on disk
 * by which its values could be guessed. The hash inside is what ledgers of version 2 held as it is: theirs can be keyed
 * without the files.
 */
export class FingerprintKey {
  readonly #key: Secret;
  /** Tells whether two fingerprints were made with one key; says nothing about it. */
  readonly id: string;

  /** @param key of a purpose of its own, the same for as long as the ledger lives */
  constructor(key: Secret) {
    this.#key = key;
    this.id = this.#hex('id of this key', idBytes);
  }

  /** 32 hex digits. */
  of(line: Uint8Array): string {
    return this.ofHash(sha256Hex(line));
  }

  /** The same from the line's SHA-256 in hex. */
  ofHash(hash: string): string {
    return this.#hex(hash, fingerprintBytes);
  }

  #hex(text: string, bytes: number): string {
    return Buffer.from(hmacSha256(this.#key, text)).toString('hex', 0, bytes);
  }
}
