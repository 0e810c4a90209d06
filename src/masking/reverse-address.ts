import type { AddressMap } from './address.ts';

/** An address in the tree for reverse look-ups, or a network on a label's border. */
export interface ReverseAddress {
  /** 4 or 16 bytes; zero behind the labels that are there. */
  readonly bytes: Uint8Array;
  readonly labels: number;
  readonly suffix: string;
}

const shapeV4 = /^([0-9]{1,3}(?:\.[0-9]{1,3}){0,3})(\.in-addr\.arpa\.?)$/i;
const shapeV6 = /^([0-9a-f](?:\.[0-9a-f]){0,31})(\.ip6\.arpa\.?)$/i;

/** Reads `7.113.0.203.in-addr.arpa` (RFC 1035, 3.5) and `7.0.….2.ip6.arpa` (RFC 3596, 2.5), also with fewer labels. */
export function parseReverse(text: string): ReverseAddress | undefined {
  if (text.length > 80) return undefined;
  const four = shapeV4.exec(text);
  if (four) {
    const octets = (four[1] as string).split('.').reverse();
    if (octets.some((octet) => Number(octet) > 255 || (octet.length > 1 && octet.startsWith('0')))) return undefined;
    const bytes = Uint8Array.from({ length: 4 }, (_, i) => Number(octets[i] ?? 0));
    return { bytes, labels: octets.length, suffix: four[2] as string };
  }
  const six = shapeV6.exec(text);
  if (!six) return undefined;
  const digits = (six[1] as string).split('.').reverse();
  const bytes = Uint8Array.from(Buffer.from(digits.join('').padEnd(32, '0'), 'hex'));
  return { bytes, labels: digits.length, suffix: six[2] as string };
}

/** The same with the address's pseudonym, which joins its other spellings; undefined where it is none or stays. */
export function pseudonymiseReverse(text: string, pan: AddressMap): string | undefined {
  const reverse = parseReverse(text);
  if (!reverse) return undefined;
  const { bytes, labels, suffix } = reverse;
  const isFour = bytes.length === 4;
  const out = pan.map(bytes, labels * (isFour ? 8 : 4));
  if (!out) return undefined;
  const all = isFour ? [...out].map(String) : [...Buffer.from(out).toString('hex')];
  return all.slice(0, labels).reverse().join('.') + suffix;
}
