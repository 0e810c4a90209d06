import { parseAddress } from './address.ts';

/** Says whether a candidate that an expression found is really of the kind. */
export type Validator = (text: string) => boolean;

/** The validators that packs may name. Each is pure, linear and never throws. */
export const validators: Readonly<Record<string, Validator>> = {
  /** A dotted IPv4 address, with `/n` or `:port` or without. */
  ipv4: (text) => parseAddress(text)?.bytes.length === 4,
  /** An IPv6 address in any form. Without a digit it must be long: `a::b` is more often code. */
  ipv6: (text) => parseAddress(text)?.bytes.length === 16 && (/[0-9]/.test(text) || (text.match(/[a-f]+/gi)?.length ?? 0) > 3),
  /** JSON Web Token (RFC 7519): header and payload decode to JSON objects, the header names an algorithm. */
  jwt: (text) => {
    const [header, payload] = text.split('.');
    return typeof jsonObject(header)?.['alg'] === 'string' && jsonObject(payload) !== undefined;
  },
  /** Base64 of a JSON Web Token or of its beginning. */
  jwtBase64: (text) => /^eyJ[A-Za-z0-9_-]+\.eyJ/.test(decoded(text)),
  /** Base64 of a PEM private key or of its beginning. */
  privateKeyBase64: (text) => /^-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/.test(decoded(text)),
  /** The last digit checks the others (ISO/IEC 7812-1 annex B); spaces and hyphens between groups are allowed. */
  luhn: (text) => luhn(text.replace(/[ -]/g, '')),
  /** Standard or URL-safe base64 (RFC 4648) of a plausible length. */
  base64: (text) => /^(?:[A-Za-z0-9+/]{4,}|[A-Za-z0-9_-]{4,})={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1,
  /** `user:password` in base64, as in `Authorization: Basic` (RFC 7617). */
  basicAuth: (text) => /^[\x20-\x7e\u00a0-\u00ff]*:[\x20-\x7e\u00a0-\u00ff]*$/.test(decoded(text)),
  /** A whole or cut PEM block of a private key. */
  pem: (text) => /^-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/.test(text),
  email: (text) => isEmail(text.replace('%40', '@')),
  /** At least 3 bits per character (Shannon), as random tokens of 10 characters and more have. */
  entropy3: (text) => entropyBits(text) >= 3,
  /** At least 4 bits per character, as 40 random base64 characters have and words and paths have not. */
  entropy4: (text) => entropyBits(text) >= 4,
  /** Not only hexadecimal digits: digests and ids are. */
  notHex: (text) => !/^[0-9a-fA-F]+$/.test(text),
  /** Does not just name where the value comes from, and is not a plain setting. */
  notPlaceholder: (text) => !placeholder.test(text),
  /** Looks generated: a digit among letters, or long and of mixed case. */
  tokenLike: (text) =>
    (/[0-9]/.test(text) && /[A-Za-z]/.test(text)) || (text.length >= 20 && /[a-z]/.test(text) && /[A-Z]/.test(text)),
  /** Lower case, upper case and a digit: a chosen or generated password rather than an option's name. */
  mixed: (text) => /[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text),
};

const placeholder =
  /^(?:|true|false|null|none|yes|no|-?[0-9]+(?:\.[0-9]+)?(?:ns|us|ms|s|m|h|d|Ki|Mi|Gi)?|\$\([\w.-]+\)|\$\{[^}]*\}|\$[A-Z_][A-Z0-9_]*|\{\{.*\}\}|<[\w .-]+>|\.{0,2}\/[\w.@/-]+|[a-z][a-z0-9+.-]*:\/\/[^\s@]*)$/s;

function decoded(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1');
}

function jsonObject(part: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function luhn(digits: string): boolean {
  if (!/^[0-9]{12,19}$/.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 0x30;
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

/** Endings that look like top-level domains in names of systemd units and cluster services. */
const notDomains = new Set(['service', 'socket', 'timer', 'mount', 'target', 'slice', 'scope', 'device', 'svc', 'cluster']);

function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const labels = text.slice(at + 1).split('.');
  const last = labels.at(-1) ?? '';
  if (at < 1 || local.length > 64 || labels.length < 2 || !/^[A-Za-z]{2,24}$/.test(last)) return false;
  if (local === 'git' || notDomains.has(last.toLowerCase())) return false;
  return (
    !local.endsWith('.') &&
    !local.includes('..') &&
    labels.every((label) => /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(label))
  );
}

function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
