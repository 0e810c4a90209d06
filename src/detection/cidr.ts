import { parseIpv4, parseIpv6 } from '../core/ip-address.ts';

/** A network as 16 bytes and the number of leading bits that count. IPv4 stands in its IPv6-mapped form (RFC 4291 section 2.5.5.2). */
export interface Network {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

/** An address as 16 bytes, or undefined where the text is none. A zone (`%eth0`) is left out. */
export function parseAddress(text: string): Uint8Array | undefined {
  if (text.includes(':')) return parseIpv6(text.split('%')[0] ?? '');
  const four = parseIpv4(text);
  if (!four) return undefined;
  const out = new Uint8Array(16).fill(0xff, 10, 12);
  out.set(four, 12);
  return out;
}

/** `192.0.2.0/24`, `2001:db8::/32` or a single address; undefined where the text is no network. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const bytes = parseAddress(address);
  if (!bytes) return undefined;
  const width = address.includes(':') ? 128 : 32;
  const length = slash < 0 ? String(width) : text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(length) || Number(length) > width) return undefined;
  return { bytes, bits: Number(length) + (128 - width) };
}

export function inNetwork(address: Uint8Array, network: Network): boolean {
  const whole = network.bits >> 3;
  for (let i = 0; i < whole; i++) if (address[i] !== network.bytes[i]) return false;
  const rest = network.bits & 7;
  if (rest === 0) return true;
  const mask = 0xff00 >> rest;
  return ((address[whole] ?? 0) & mask & 255) === ((network.bytes[whole] ?? 0) & mask & 255);
}
