import { type Cipher, createCipheriv } from 'node:crypto';
import type { Secret } from '../core/secret.ts';

/**
 * Prefix-preserving address pseudonyms: Crypto-PAn (Xu, Fan, Ammar, Moon, "Prefix-preserving IP address
 * anonymization", 2002) for addresses of up to 128 bits. Bit `i` of the result is bit `i` of the address, flipped by
 * a keyed function of the `i` bits before it: two addresses share exactly as many leading bits after as before.
 */
export class CryptoPan {
  readonly #cipher: Cipher;
  readonly #pad = new Uint32Array(4);
  /** By length of an address in words: a block a bit, of which only those words ever change. */
  readonly #blocks = new Map<number, Blocks>();
  readonly #positioned: boolean;
  readonly #address = new Uint32Array(4);
  readonly #addressBytes = new Uint8Array(this.#address.buffer);

  /**
   * @param key 32 bytes: an AES-128 key, then what is encrypted once to become the padding
   * @param positioned mixes the bit's number into its block. In the published function an address bit that happens to
   *   equal the padding's leaves the block as it was, so neighbouring flips repeat, and one address in a thousand of a
   *   /8 stays as it is; with the number every flip is independent. What makes it one to one and prefix-preserving is
   *   the same: bit `i` depends on the bits before it.
   */
  constructor(key: Secret, positioned = false) {
    const bytes = key.reveal();
    if (bytes.length !== 32) throw new RangeError('a Crypto-PAn key has 32 bytes');
    // ECB without padding has no state between blocks, so one cipher serves every call.
    this.#cipher = createCipheriv('aes-128-ecb', bytes.subarray(0, 16), null).setAutoPadding(false);
    new Uint8Array(this.#pad.buffer).set(this.#cipher.update(bytes.subarray(16, 32)));
    this.#positioned = positioned;
    for (const words of [1, 4]) this.#blocks.set(words, this.#paddedBlocks(words));
  }

  /** Whether each bit `from … bits` of an address of 4 or 16 bytes is flipped, as a mask as long as it. One AES call over one block per bit. */
  flips(address: Uint8Array, from: number, bits: number): Uint8Array {
    const out = new Uint8Array(address.length);
    if (from >= bits) return out;
    const words = address.length >> 2;
    const { bytes, all, numbers } = this.#blocks.get(words) as Blocks;
    this.#addressBytes.set(address);
    for (let word = 0; word < words; word++) {
      const [own, padding] = [this.#address[word] as number, this.#pad[word] as number];
      const ofNumber = word === 3 ? numbers : noNumbers;
      for (let i = from; i < bits; i++) {
        const known = leading[i * 4 + word] as number;
        all[i * 4 + word] = ((own & known) | (padding & ~known)) ^ (ofNumber[i] as number);
      }
    }
    const coded = this.#cipher.update(bytes.subarray(from * blockBytes, bits * blockBytes));
    for (let i = from; i < bits; i++) {
      if ((coded[(i - from) * blockBytes] as number) & 0x80) (out[i >> 3] as number) |= 0x80 >> (i & 7);
    }
    return out;
  }

  /** The plain Crypto-PAn pseudonym, without regard for special ranges. */
  pseudonym(address: Uint8Array): Uint8Array {
    const out = this.flips(address, 0, address.length * 8);
    for (let i = 0; i < out.length; i++) out[i]! ^= address[i]!;
    return out;
  }

  #paddedBlocks(words: number): Blocks {
    const bytes = new Uint8Array(words * 32 * blockBytes);
    const all = new Uint32Array(bytes.buffer);
    const numbers = this.#positioned ? bitNumbers : noNumbers;
    for (let i = 0; i < words * 32; i++) {
      all.set(this.#pad, i * 4);
      (all[i * 4 + 3] as number) ^= numbers[i] as number;
    }
    return { bytes, all, numbers };
  }
}

interface Blocks {
  readonly bytes: Uint8Array;
  /** The same as words of four bytes. */
  readonly all: Uint32Array;
  /** By bit: what is mixed into its block's last word. */
  readonly numbers: Uint32Array;
}

const blockBytes = 16;
const mostBits = 128;
/** Four words a bit: ones where the bits before it are. As bytes in the machine's order, as everything here. */
const leading = new Uint32Array(mostBits * 4);
const bitNumbers = new Uint32Array(mostBits);
const noNumbers = new Uint32Array(mostBits);
{
  const leadingBytes = new Uint8Array(leading.buffer);
  const numberBytes = new Uint8Array(bitNumbers.buffer);
  for (let i = 0; i < mostBits; i++) {
    for (let bit = 0; bit < i; bit++) (leadingBytes[i * blockBytes + (bit >> 3)] as number) |= 0x80 >> (bit & 7);
    numberBytes[i * 4 + 3] = i + 1;
  }
}
