import { parseAddress } from './address.ts';
import { luhn } from './checksums.ts';
import { idChecks } from './national-ids.ts';
import { isBase58Check, isBech32, isCard, isIban, isWallet } from './payment-numbers.ts';
import { entropyBits, isBase64Line, isChosen, isJumbled, isKeyLike, isLabelled, isRandomToken } from './randomness.ts';
import { parseReverse } from './reverse-address.ts';
import {
  hasAtlassianChecksum,
  hasBase62Checksum,
  isBasicAuth,
  isEncodedPhrase,
  isJsonBase64,
  isJwt,
  isJwtBase64,
  isNkey,
  isNumberedSecret,
  isPemBase64,
  isPrivateDer,
} from './token-checks.ts';

/** Says whether a candidate that an expression found is really of the kind. */
export type Validator = (text: string) => boolean;

/** The validators that packs may name. Each is pure, linear and never throws. */
export const validators: Readonly<Record<string, Validator>> = {
  /** A dotted IPv4 address, with `/n` or `:port` or without. */
  ipv4: (text) => parseAddress(text)?.bytes.length === 4,
  /** An IPv6 address in any form. Without a digit it must be long: `a::b` is more often code. */
  ipv6: (text) => parseAddress(text)?.bytes.length === 16 && (/[0-9]/.test(text) || (text.match(/[a-f]+/gi)?.length ?? 0) > 3),
  /** An address in a name under in-addr.arpa or ip6.arpa. */
  reverseAddress: (text) => parseReverse(text) !== undefined,
  jwt: isJwt,
  jwtBase64: isJwtBase64,
  jsonBase64: isJsonBase64,
  privateKeyBase64: isPemBase64,
  privateDer: isPrivateDer,
  basicAuth: isBasicAuth,
  encodedPhrase: isEncodedPhrase,
  numberedSecret: isNumberedSecret,
  base62Checksum: hasBase62Checksum,
  atlassianChecksum: hasAtlassianChecksum,
  nkey: isNkey,
  /** The last digit checks the others (ISO/IEC 7812-1 annex B); spaces and hyphens between groups are allowed. */
  luhn: (text) => /^[0-9 -]{12,23}$/.test(text) && luhn(text.replace(/[ -]/g, '')),
  card: isCard,
  iban: isIban,
  wallet: isWallet,
  base58Check: isBase58Check,
  bech32: isBech32,
  /** Standard or URL-safe base64 (RFC 4648) of a plausible length. */
  base64: (text) => /^(?:[A-Za-z0-9+/]{4,}|[A-Za-z0-9_-]{4,})={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1,
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
  keyLike: isKeyLike,
  labelled: isLabelled,
  chosen: isChosen,
  jumbled: isJumbled,
  randomToken: isRandomToken,
  base64Line: isBase64Line,
  phoneNumber: isPhoneNumber,
  ...idChecks,
};

const placeholder =
  /^(?:|true|false|null|none|yes|no|-?[0-9]+(?:\.[0-9]+)?(?:ns|us|ms|s|m|h|d|Ki|Mi|Gi)?|\$\([\w.-]+\)|\$\{[^}]*\}|\$[A-Z_][A-Z0-9_]*|\{\{.*\}\}|<[\w .-]+>|\.{0,2}\/[\w.@/-]+|[a-z][a-z0-9+.-]*:\/\/[^\s@]*)$/s;

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

/** A telephone number (ITU-T E.164): 7 to 15 digits, not all the same, no date, time or address. Dots only as in North America. */
function isPhoneNumber(text: string): boolean {
  const digits = text.replace(/[^0-9]/g, '');
  if (digits.length < 7 || digits.length > 15 || /^(.)\1*$/.test(digits)) return false;
  return (
    !/[0-9]{4}-[0-9]{2}-[0-9]{2}|^[0-9]{1,3}(?:\.[0-9]{1,3}){2,3}$|^[0-9]+$|\.[0-9]+\./.test(text) ||
    /^(?:0|\+)?[0-9]{9,13}$|^[2-9][0-9]{2}\.[0-9]{3}\.[0-9]{4}$/.test(text)
  );
}
