/** A network as 16 bytes and the number of leading bits that count. IPv4 stands in its IPv6-mapped form (RFC 4291 section 2.5.5.2). */
export interface Network {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

function ipv4Into(text: string, out: Uint8Array, at: number): boolean {
  const parts = text.split('.');
  if (parts.length !== 4) return false;
  for (const [i, part] of parts.entries()) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return false;
    out[at + i] = Number(part);
  }
  return true;
}

/** Puts the groups of one side of `::` into `out` from byte `at`; returns the bytes written, or -1. */
function groupsInto(text: string, out: Uint8Array): number {
  if (text === '') return 0;
  const groups = text.split(':');
  let at = 0;
  for (const [i, group] of groups.entries()) {
    if (group.includes('.')) {
      if (i !== groups.length - 1 || at > 12 || !ipv4Into(group, out, at)) return -1;
      return at + 4;
    }
    if (at > 14 || !/^[0-9a-fA-F]{1,4}$/.test(group)) return -1;
    const value = Number.parseInt(group, 16);
    out[at] = value >> 8;
    out[at + 1] = value & 255;
    at += 2;
  }
  return at;
}

/** An address as 16 bytes, or undefined where the text is none. A zone (`%eth0`) is left out. */
export function parseAddress(text: string): Uint8Array | undefined {
  const out = new Uint8Array(16);
  if (!text.includes(':')) {
    out[10] = 255;
    out[11] = 255;
    return ipv4Into(text, out, 12) ? out : undefined;
  }
  const [plain = ''] = text.split('%');
  const sides = plain.split('::');
  if (sides.length > 2) return undefined;
  const head = groupsInto(sides[0] ?? '', out);
  if (sides.length === 1) return head === 16 ? out : undefined;
  const tail = new Uint8Array(16);
  const length = groupsInto(sides[1] ?? '', tail);
  if (head < 0 || length < 0 || head + length > 14) return undefined;
  out.set(tail.subarray(0, length), 16 - length);
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
