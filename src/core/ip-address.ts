/**
 * The four bytes of a dotted IPv4 address. Strict (RFC 6943 §3.1.1): four decimal parts, no leading zeros, since
 * `010.0.0.1` means different addresses to different readers.
 */
export function parseIpv4(text: string): Uint8Array | undefined {
  return parseFour(text, 0x2e);
}

/** Four decimal parts between separators, which are given as a character code. */
export function parseFour(text: string, separator: number): Uint8Array | undefined {
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
export function isMapped(address: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (address[i] !== 0) return false;
  return address[10] === 0xff && address[11] === 0xff;
}
