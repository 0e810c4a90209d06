import { crc16, crc32, crc32Base62 } from './checksums.ts';

/** Checks of tokens and keys by what is inside them. */

/** Base64 in either alphabet, padded or not, as Latin-1 text. */
const decoded = (text: string): string => Buffer.from(text, 'base64').toString('latin1');

function jsonObject(part: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** JSON Web Token (RFC 7519): header and payload decode to JSON objects, the header names an algorithm. */
export function isJwt(text: string): boolean {
  const [header, payload] = text.split('.');
  return typeof jsonObject(header)?.['alg'] === 'string' && jsonObject(payload) !== undefined;
}

/** Base64 of a JSON Web Token or of its beginning. */
export const isJwtBase64 = (text: string): boolean => /^eyJ[A-Za-z0-9_-]+\.eyJ/.test(decoded(text));

/** Base64 of a JSON object or of its beginning. */
export const isJsonBase64 = (text: string): boolean => /^\{\s*"[^"]*"\s*:/.test(decoded(text));

/** Base64 of a PEM private key or of its beginning. */
export const isPemBase64 = (text: string): boolean => /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/.test(decoded(text));

/** Two to five words in base64, one of which is a secret or a password: no name, no path, no setting, no message about an object. */
export const isEncodedPhrase = (text: string): boolean => {
  const words = decoded(text);
  return words.length <= 40 && /^[A-Za-z]+(?: [A-Za-z]+){1,4}[.!]?\n?$/.test(words) && /\b(?:secret|password)\b/i.test(words);
};

/** `user:password` in base64, as in `Authorization: Basic` (RFC 7617). */
export const isBasicAuth = (text: string): boolean => /^[\x20-\x7e\u00a0-\u00ff]*:[\x20-\x7e\u00a0-\u00ff]*$/.test(decoded(text));

/** A number, a colon and random bytes in base64: personal tokens of Jira and Confluence. */
export const isNumberedSecret = (text: string): boolean => /^[0-9]{10,14}:/.test(decoded(text));

/**
 * DER of a private key or a key store: a SEQUENCE that starts with version 0, 1 or 3 and goes on with a SEQUENCE, an INTEGER or an
 * OCTET STRING (RFC 8017 A.1.2, RFC 5958, RFC 5915, RFC 7292). Certificates and public keys start otherwise.
 */
export function isPrivateDer(text: string): boolean {
  const bytes = Buffer.from(text.slice(0, 60).replace(/[\s\\nr"]/g, ''), 'base64');
  if (bytes[0] !== 0x30) return false;
  const length = bytes[1] ?? 0;
  const at = length < 0x80 ? 2 : length === 0x81 ? 3 : length === 0x82 ? 4 : 0;
  const version = bytes[at + 2] ?? -1;
  return (
    at > 0 && bytes[at] === 2 && bytes[at + 1] === 1 && [0, 1, 3].includes(version) && [0x30, 2, 4].includes(bytes[at + 3] ?? 0)
  );
}

/** GitHub and npm tokens: the last six characters are the CRC-32 of those before them, in base 62. */
export function hasBase62Checksum(text: string): boolean {
  const secret = text.slice(text.indexOf('_') + 1);
  return secret.length > 12 && crc32Base62(secret.slice(0, -6)) === secret.slice(-6);
}

/** Atlassian tokens: eight hexadecimal digits behind the equals sign are the CRC-32 of what stands before it. */
export function hasAtlassianChecksum(text: string): boolean {
  const [secret = '', check = ''] = text.split('=');
  return crc32(secret).toString(16).toUpperCase().padStart(8, '0') === check;
}

/** NATS nkey seeds: base32 whose last two bytes are the CRC-16 of the others. */
export function isNkey(text: string): boolean {
  const bits = [...text].map((char) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char));
  if (bits.includes(-1)) return false;
  const bytes: number[] = [];
  let [value, count] = [0, 0];
  for (const five of bits) {
    value = ((value << 5) | five) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes.push((value >> count) & 0xff);
  }
  const [low = 0, high = 0] = bytes.slice(-2);
  return bytes.length > 4 && crc16(Uint8Array.from(bytes.slice(0, -2))) === ((high << 8) | low);
}
