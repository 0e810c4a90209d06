import type { AddressPseudonym } from '../crypto/address-pseudonym.ts';

/**
 * The four bytes of a dotted IPv4 address. Strict (RFC 6943 §3.1.1): four decimal parts, no leading zeros, since
 * `010.0.0.1` means different addresses to different readers.
 */
export function parseIpv4(text: string): Uint8Array | undefined {
  return parseFour(text, 0x2e);
}

function parseFour(text: string, separator: number): Uint8Array | undefined {
  const out = new Uint8Array(4);
  let part = 0;
  let value = -1;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : separator;
    if (code === separator) {
      if (value < 0 || part > 3) return undefined;
      out[part++] = value;
      value = -1;
    } else {
      if (code < 0x30 || code > 0x39 || value === 0) return undefined;
      value = Math.max(value, 0) * 10 + code - 0x30;
      if (value > 255) return undefined;
    }
  }
  return part === 4 ? out : undefined;
}

/** The sixteen bytes of an IPv6 address in any form of RFC 4291 §2.2, without zone, brackets or prefix length. */
export function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1]!, true) : [];
  if (!head || !tail) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  const out = new Uint8Array(16);
  out.set(head);
  out.set(tail, 16 - tail.length);
  return out;
}

/** Bytes of groups joined by colons; the last may be an IPv4 address where `last` says that the address ends there. */
function groupsOf(text: string, last: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const out: number[] = [];
  const groups = text.split(':');
  for (const [i, group] of groups.entries()) {
    const embedded = last && i === groups.length - 1 && group.includes('.') ? parseIpv4(group) : undefined;
    if (embedded) out.push(...embedded);
    else if (/^[0-9a-fA-F]{1,4}$/.test(group)) out.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff);
    else return undefined;
    if (out.length > 16) return undefined;
  }
  return out;
}

export function formatIpv4(address: Uint8Array): string {
  return `${address[0]}.${address[1]}.${address[2]}.${address[3]}`;
}

/** RFC 5952: lower case, the longest run of zero groups shortened, an IPv4-mapped address with its dotted end. */
export function formatIpv6(address: Uint8Array): string {
  if (isMapped(address)) return `::ffff:${formatIpv4(address.subarray(12))}`;
  const groups = Array.from({ length: 8 }, (_, i) => (address[i * 2]! << 8) | address[i * 2 + 1]!);
  let best = 0;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (i + n < 8 && groups[i + n] === 0) n++;
    if (n > bestLength) [best, bestLength] = [i, n];
  }
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (bestLength < 2) return hex(groups);
  return `${hex(groups.slice(0, best))}::${hex(groups.slice(best + bestLength))}`;
}

/** ::ffff:a.b.c.d (RFC 4291 §2.5.5.2). */
function isMapped(address: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (address[i] !== 0) return false;
  return address[10] === 0xff && address[11] === 0xff;
}

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
export function pseudonymiseAddress(text: string, pan: AddressPseudonym): string | undefined {
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
