import { timingSafeEqual } from 'node:crypto';
import { systemRandom } from './random.ts';
import { sha256, sha256Hex } from './sha256.ts';

/** 256 random bits: nothing to guess, so a plain hash of it may stand in a file (NIST SP 800-63B, 5.1.4.2 asks for salt below 112 bits). */
const tokenBytes = 32;

/** A token that gives access to the API, as URLs and headers may carry it. */
export function newAccessToken(): string {
  return `av_${Buffer.from(systemRandom(tokenBytes)).toString('base64url')}`;
}

/** What a configuration says of a token: `sha256:` and 64 hexadecimal digits. */
export function accessTokenHash(token: string): string {
  return `sha256:${sha256Hex(token)}`;
}

interface Known<T> {
  readonly digest: Uint8Array;
  readonly owner: T;
}

/** Whom tokens belong to, by their hashes. */
export class TokenOwners<T> {
  readonly #known: readonly Known<T>[];

  /** @param owners by `accessTokenHash` */
  constructor(owners: readonly (readonly [hash: string, owner: T])[]) {
    this.#known = owners.map(([hash, owner]) => ({ digest: Buffer.from(hash.slice(hash.indexOf(':') + 1), 'hex'), owner }));
  }

  get size(): number {
    return this.#known.length;
  }

  /** Takes the same time for every text of one length: all hashes are compared, whole. */
  ownerOf(token: string): T | undefined {
    const digest = sha256(token);
    let owner: T | undefined;
    for (const known of this.#known) if (timingSafeEqual(known.digest, digest)) owner = known.owner;
    return owner;
  }
}
