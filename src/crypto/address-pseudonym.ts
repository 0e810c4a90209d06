import type { Secret } from '../core/secret.ts';
import { RangeTrie, specialV4, specialV6 } from './address-ranges.ts';
import { CryptoPan } from './crypto-pan.ts';

/**
 * Address pseudonyms that respect special ranges: Crypto-PAn, with the number of each bit mixed in (crypto-pan.ts), whose
 * flip is 0 at every ancestor of a special range.
 * So private stays private, public never lands in special space, and the mapping stays one to one and
 * prefix-preserving.
 */
export class AddressPseudonym {
  readonly #pan: CryptoPan;
  readonly #v4 = new RangeTrie(specialV4);
  readonly #v6 = new RangeTrie(specialV6);

  /** @param key 32 bytes, derived for the purpose `address` */
  constructor(key: Secret) {
    this.#pan = new CryptoPan(key, true);
  }

  /**
   * The pseudonym of a 4- or 16-byte address; `undefined` where the address is in a kept range and stays as it is.
   * @param prefixBits only this many leading bits are mapped, the others stay: for network addresses
   */
  map(address: Uint8Array, prefixBits: number = address.length * 8): Uint8Array | undefined {
    const fixed = (address.length === 4 ? this.#v4 : this.#v6).fixedBits(address);
    if (fixed < 0) return undefined;
    const out = this.#pan.flips(address, fixed, prefixBits);
    for (let i = 0; i < out.length; i++) out[i]! ^= address[i]!;
    return out;
  }
}
