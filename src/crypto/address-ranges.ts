/** What happens to addresses inside a special range: they stay as they are, or their host bits are permuted inside it. */
export type RangeRule = 'keep' | 'permute';

export interface AddressRange {
  /** Network address, 4 or 16 bytes. */
  readonly network: Uint8Array;
  readonly prefixBits: number;
  readonly rule: RangeRule;
}

const v4 = (a: number, b: number, c: number, d: number, prefixBits: number, rule: RangeRule): AddressRange => ({
  network: Uint8Array.of(a, b, c, d),
  prefixBits,
  rule,
});

const v6 = (head: readonly number[], prefixBits: number, rule: RangeRule): AddressRange => {
  const network = new Uint8Array(16);
  network.set(head);
  return { network, prefixBits, rule };
};

/** IPv4 special ranges (RFC 6890, RFC 1918, RFC 6598, RFC 3927, RFC 5771). */
export const specialV4: readonly AddressRange[] = [
  v4(0, 0, 0, 0, 8, 'keep'),
  v4(127, 0, 0, 0, 8, 'keep'),
  v4(169, 254, 0, 0, 16, 'keep'),
  v4(224, 0, 0, 0, 4, 'keep'),
  v4(240, 0, 0, 0, 4, 'keep'),
  v4(10, 0, 0, 0, 8, 'permute'),
  v4(172, 16, 0, 0, 12, 'permute'),
  v4(192, 168, 0, 0, 16, 'permute'),
  v4(100, 64, 0, 0, 10, 'permute'),
];

/**
 * IPv6 special ranges (RFC 6890, RFC 4193, RFC 4291). Link-local addresses are permuted, not kept: their host bits are
 * often a MAC address. fe80::/64 is listed inside fe80::/10 so that they keep their usual shape.
 */
export const specialV6: readonly AddressRange[] = [
  v6([], 128, 'keep'),
  v6([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 128, 'keep'),
  v6([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], 96, 'keep'),
  v6([0xff], 8, 'keep'),
  v6([0xfc], 7, 'permute'),
  v6([0xfe, 0x80], 10, 'permute'),
  v6([0xfe, 0x80], 64, 'permute'),
];

interface Node {
  zero: Node | undefined;
  one: Node | undefined;
  rule: RangeRule | undefined;
}

const bitOf = (bytes: Uint8Array, bit: number): boolean => ((bytes[bit >> 3]! >> (7 - (bit & 7))) & 1) === 1;

/**
 * A binary trie of ranges. Above a range no bit may be flipped, or an address would leave or enter it; the first bit
 * that may be flipped is where the address leaves the trie.
 */
export class RangeTrie {
  readonly #root: Node = { zero: undefined, one: undefined, rule: undefined };

  constructor(ranges: readonly AddressRange[]) {
    for (const range of ranges) this.#add(range);
  }

  /** Number of leading bits that must not be flipped; -1: the whole address stays. */
  fixedBits(address: Uint8Array): number {
    let node: Node = this.#root;
    const bits = address.length * 8;
    for (let i = 0; i < bits; i++) {
      if (node.rule === 'keep') return -1;
      if (!node.zero && !node.one) return i;
      const next = bitOf(address, i) ? node.one : node.zero;
      if (!next) return i + 1;
      node = next;
    }
    return -1;
  }

  #add(range: AddressRange): void {
    let node = this.#root;
    for (let i = 0; i < range.prefixBits; i++) {
      const side = bitOf(range.network, i) ? 'one' : 'zero';
      node[side] ??= { zero: undefined, one: undefined, rule: undefined };
      node = node[side];
    }
    node.rule = range.rule;
  }
}
