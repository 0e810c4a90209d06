import { formatIpv4, formatIpv6, isMapped, parseFour, parseIpv6 } from '../core/ip-address.ts';
import { RangeTrie, specialV4, specialV6 } from '../crypto/address-ranges.ts';

export interface WrittenAddress {
  /** 4 or 16 bytes. */
  readonly bytes: Uint8Array;
  readonly dashed: boolean;
  /** Prefix length in bits, as written; `undefined` for a single address. */
  readonly prefixBits: number | undefined;
  /** What stands before and after the address in the text: bracket, zone, prefix length, port. */
  readonly before: string;
  readonly after: string;
}

/** Gives another address of the same length; undefined where an address stays. Only `prefixBits` leading bits may change. */
export interface AddressMap {
  map(address: Uint8Array, prefixBits: number): Uint8Array | undefined;
}

/** Bits that stay of a single address where only its network is kept. */
const networkBits = { v4: 24, v6: 48 } as const;

/** The address of the network: 203.0.113.7 becomes 203.0.113.0. Special ranges that stay in pseudonyms stay here too. */
export class NetworkAddress implements AddressMap {
  readonly #v4 = new RangeTrie(specialV4);
  readonly #v6 = new RangeTrie(specialV6);

  map(address: Uint8Array): Uint8Array | undefined {
    const [trie, bits] = address.length === 4 ? [this.#v4, networkBits.v4] : [this.#v6, networkBits.v6];
    if (trie.fixedBits(address) < 0) return undefined;
    return address.map((byte, i) => (i < bits / 8 ? byte : 0));
  }
}

const shapeV4 = /^([0-9]{1,3}(?:[.-][0-9]{1,3}){3})(?:\/([0-9]{1,3})|:([0-9]{1,5}))?$/;

/**
 * Reads an address as it stands in text: `a.b.c.d`, `a-b-c-d`, IPv6 with zone, in brackets, each with `/n` or `:port`
 * (IPv6 with a port only in brackets). `undefined` where the text is not exactly that.
 */
export function parseAddress(text: string): WrittenAddress | undefined {
  if (text.length > 90) return undefined;
  const [, address, bits, port] = shapeV4.exec(text) ?? [];
  if (address === undefined) return readIpv6(text);
  if (Number(bits ?? 0) > 32 || Number(port ?? 0) > 65_535) return undefined;
  const dashed = address.includes('-');
  const bytes = parseFour(address, dashed ? 0x2d : 0x2e);
  if (!bytes) return undefined;
  const prefixBits = bits === undefined ? undefined : Number(bits);
  return { bytes, dashed, prefixBits, before: '', after: text.slice(address.length) };
}

const shapeV6 = /^(\[?)([0-9a-fA-F:.]{2,45}?)(%[0-9A-Za-z._-]{1,32})?(?:\/([0-9]{1,3})|(\])(?::([0-9]{1,5}))?)?$/;

function readIpv6(text: string): WrittenAddress | undefined {
  const [, open = '', address = '', , bits, close = '', port] = shapeV6.exec(text) ?? [];
  if (!address.includes(':') || (open === '[') !== (close === ']')) return undefined;
  if (Number(bits ?? 0) > 128 || Number(port ?? 0) > 65_535) return undefined;
  const bytes = parseIpv6(address);
  if (!bytes) return undefined;
  const prefixBits = bits === undefined ? undefined : Number(bits);
  return { bytes, dashed: false, prefixBits, before: open, after: text.slice(open.length + address.length) };
}

/**
 * The text with its address replaced by the pseudonym, everything around it kept. `undefined`: not an address, or one
 * that stays. The key sees the address's bytes, so every spelling of one address gets one pseudonym. The zero host
 * bits of a network address stay zero; IPv4-mapped IPv6 goes through the IPv4 pseudonym and stays mapped.
 */
export function pseudonymiseAddress(text: string, pan: AddressMap): string | undefined {
  const written = parseAddress(text);
  if (!written) return undefined;
  const { bytes, prefixBits, before, after } = written;
  const mapped = bytes.length === 16 && isMapped(bytes);
  const inner = mapped ? bytes.subarray(12) : bytes;
  const bits = prefixBits === undefined ? inner.length * 8 : Math.max(0, prefixBits - (mapped ? 96 : 0));
  const out = pan.map(inner, hostBitsAreZero(inner, bits) ? bits : inner.length * 8);
  if (!out) return undefined;
  if (inner.length === 16) return before + formatIpv6(out) + after;
  const four = written.dashed ? formatIpv4(out).replaceAll('.', '-') : formatIpv4(out);
  return before + (mapped ? `::ffff:${four}` : four) + after;
}

function hostBitsAreZero(address: Uint8Array, prefixBits: number): boolean {
  for (let i = prefixBits; i < address.length * 8; i++) {
    if (address[i >> 3]! & (0x80 >> (i & 7))) return false;
  }
  return true;
}
