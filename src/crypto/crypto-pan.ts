import { type Cipher, createCipheriv } from 'node:crypto';
import type { Secret } from '../core/secret.ts';

/**
 * Prefix-preserving address pseudonyms: Crypto-PAn (Xu, Fan, Ammar, Moon, "Prefix-preserving IP address
 * anonymization", 2002) for addresses of up to 128 bits. Bit `i` of the result is bit `i` of the address, flipped by
 * a keyed function of the `i` bits before it: two addresses share exactly as many leading bits after as before.
 */
export class CryptoPan {
  readonly #cipher: Cipher;
  readonly #pad: Uint8Array;
  readonly #blocks = Buffer.alloc(128 * 16);

  /** @param key 32 bytes: an AES-128 key, then what is encrypted once to become the padding */
  constructor(key: Secret) {
    const bytes = key.reveal();
    if (bytes.length !== 32) throw new RangeError('a Crypto-PAn key has 32 bytes');
    // ECB without padding has no state between blocks, so one cipher serves every call.
    this.#cipher = createCipheriv('aes-128-ecb', bytes.subarray(0, 16), null).setAutoPadding(false);
    this.#pad = new Uint8Array(this.#cipher.update(bytes.subarray(16, 32)));
  }

  /**
   * Whether each bit `from … bits` of the address is flipped, as a mask in an array as long as `address`.
   * One AES call over one block per bit.
   * @param positioned mixes the bit's number into its block. In the published function an address bit that happens to
   *   equal the padding's leaves the block as it was, so neighbouring flips repeat, and one address in a thousand of a
   *   /8 stays as it is; with the number every flip is independent. What makes it one to one and prefix-preserving is
   *   the same: bit `i` depends on the bits before it.
   */
  flips(address: Uint8Array, from: number, bits: number, positioned = false): Uint8Array {
    const out = new Uint8Array(address.length);
    if (from >= bits) return out;
    const blocks = this.#blocks;
    const pad = this.#pad;
    const first = pad.slice();
    for (let i = 0; i < from; i++) copyBit(first, address, i);
    for (let i = from; i < bits; i++) {
      blocks.set(first, (i - from) * 16);
      if (positioned) blocks[(i - from) * 16 + 15]! ^= i + 1;
      copyBit(first, address, i);
    }
    const coded = this.#cipher.update(blocks.subarray(0, (bits - from) * 16));
    for (let i = from; i < bits; i++) {
      if (coded[(i - from) * 16]! & 0x80) out[i >> 3]! |= 0x80 >> (i & 7);
    }
    return out;
  }

  /** The plain Crypto-PAn pseudonym, without regard for special ranges. */
  pseudonym(address: Uint8Array): Uint8Array {
    const out = this.flips(address, 0, address.length * 8);
    for (let i = 0; i < out.length; i++) out[i]! ^= address[i]!;
    return out;
  }
}

function copyBit(to: Uint8Array, from: Uint8Array, bit: number): void {
  const mask = 0x80 >> (bit & 7);
  const at = bit >> 3;
  to[at] = (to[at]! & ~mask) | (from[at]! & mask);
}
