import { limits } from '../core/limits.ts';
import { AddressPseudonym } from '../crypto/address-pseudonym.ts';
import { KeyedHmac } from '../crypto/hmac.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { ValueCache } from '../scan/reference/value-cache.ts';
import { pseudonymiseAddress } from './address.ts';
import { pseudonymiseReverse } from './reverse-address.ts';

/** `[MASKED:<kind>]`: nothing of the value is left, not even whether two values were equal. */
export function redaction(kind: string): string {
  return `[MASKED:${kind}]`;
}

/** Told of an original and its pseudonym. */
export type SeenValue = (value: string, pseudonym: string) => void;

/** Gives a value's pseudonym; `undefined` where the value stays as it is. */
export interface Pseudonymiser {
  pseudonym(value: string): string | undefined;
}

/**
 * `[MASKED:<kind>:<keyId>:<16 hex>]`, the first 64 bits of HMAC-SHA-256 over the value's UTF-8 under a key of the kind's
 * own: one value, one pseudonym, on every node with the key; the same value under another kind does not join.
 */
export class TokenPseudonymiser implements Pseudonymiser {
  readonly #seen: SeenValue | undefined;
  readonly #hmac: KeyedHmac;
  readonly #head: string;
  readonly #cache = new ValueCache<string>(limits.cacheEntries);

  /** @param seen told of values that were not seen lately; it costs nothing where there is none */
  constructor(ring: KeyRing, kind: string, seen?: SeenValue) {
    this.#seen = seen;
    this.#hmac = new KeyedHmac(ring.derive(`mask:${kind}`));
    this.#head = `[MASKED:${kind}:${ring.keyId}:`;
  }

  pseudonym(value: string): string {
    const known = this.#cache.get(value);
    if (known !== undefined) return known;
    const text = `${this.#head}${this.#hmac.hex(value).slice(0, 16)}]`;
    if (value.length <= limits.cachedValueBytes) this.#cache.set(value, text);
    this.#seen?.(value, text);
    return text;
  }
}

/** An address of the same family in the same surroundings (address.ts). All kinds share one key: addresses join. */
export class AddressPseudonymiser implements Pseudonymiser {
  readonly #seen: SeenValue | undefined;
  readonly #pan: AddressPseudonym;
  readonly #cache = new ValueCache<string | null>(limits.cacheEntries);

  constructor(ring: KeyRing, seen?: SeenValue) {
    this.#seen = seen;
    this.#pan = new AddressPseudonym(ring.derive('address'));
  }

  pseudonym(value: string): string | undefined {
    const known = this.#cache.get(value);
    if (known !== undefined) return known ?? undefined;
    const text = pseudonymiseAddress(value, this.#pan) ?? pseudonymiseReverse(value, this.#pan);
    if (value.length <= limits.cachedValueBytes) this.#cache.set(value, text ?? null);
    if (text !== undefined && text !== value) this.#seen?.(value, text);
    return text;
  }
}
