import { sha256 } from '../crypto/sha256.ts';
import { luhn, mod97 } from './checksums.ts';

/** Numbers of cards, accounts and wallets. */

const stripped = (text: string): string => text.replace(/[\s.-]/g, '');

/** First digits and lengths of the card networks (ISO/IEC 7812; the networks' published ranges). */
const networks: readonly RegExp[] = [
  /^4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})$/,
  /^(?:5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12})$/,
  /^3[47][0-9]{13}$/,
  /^(?:6011|65[0-9]{2}|64[4-9][0-9]|6[27][0-9]{2}|60[0-9]{2}|81[0-9]{2})[0-9]{12,15}$/,
  /^3(?:0[0-59]|[689][0-9])[0-9]{11,13}$/,
  /^35(?:2[89]|[3-8][0-9])[0-9]{12}$/,
  /^(?:5018|5020|5038|5[6-8][0-9]{2}|6304|633[14]|6759|676[1-3])[0-9]{8,15}$/,
];

/** A payment card: digits of a known network in groups or not, with a right last digit. */
export function isCard(text: string): boolean {
  const digits = stripped(text);
  return !/^(.)\1*$/.test(digits) && networks.some((one) => one.test(digits)) && luhn(digits);
}

/** Lengths of account numbers by country (SWIFT IBAN registry). */
const ibanLengths = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 ' +
    'GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 ' +
    'MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 ' +
    'TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((one) => [one.slice(0, 2), Number(one.slice(2))]),
);

/** ISO 13616: the country's length and MOD 97-10 over the number with its first four characters moved to the end. */
export function isIban(text: string): boolean {
  const iban = stripped(text).toUpperCase();
  return ibanLengths.get(iban.slice(0, 2)) === iban.length && mod97(iban.slice(4) + iban.slice(0, 4));
}

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function fromBase58(text: string): Uint8Array | undefined {
  let value = 0n;
  for (const char of text) {
    const digit = base58.indexOf(char);
    if (digit < 0) return undefined;
    value = value * 58n + BigInt(digit);
  }
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const zeros = /^1*/.exec(text)?.[0].length ?? 0;
  return Buffer.concat([Buffer.alloc(zeros), bytes]);
}

/** Base58Check: the last four bytes are the first of a double SHA-256. Bitcoin addresses and exported keys (WIF). */
export function isBase58Check(text: string): boolean {
  if (text.length > 120) return false;
  const bytes = fromBase58(text);
  if (!bytes || bytes.length < 21) return false;
  return Buffer.from(sha256(sha256(bytes.subarray(0, -4))).subarray(0, 4)).equals(bytes.subarray(-4));
}

const bech32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** The checksum of bech32 and bech32m (BIP 173, BIP 350): SegWit addresses, age keys. */
export function isBech32(text: string): boolean {
  const lower = text.toLowerCase();
  const mark = lower.lastIndexOf('1');
  if (mark < 1 || lower.length > 120 || (text !== lower && text !== text.toUpperCase())) return false;
  const prefix = [...lower.slice(0, mark)].map((char) => char.charCodeAt(0));
  const data = [...lower.slice(mark + 1)].map((char) => bech32.indexOf(char));
  if (data.length < 6 || data.includes(-1)) return false;
  const check = polymod([...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...data]);
  return check === 1 || check === 0x2bc830a3;
}

function polymod(values: readonly number[]): number {
  const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    generator.forEach((term, i) => {
      if ((top >> i) & 1) check ^= term;
    });
  }
  return check >>> 0;
}

/** A Bitcoin address in either form, an Ethereum address, a Monero address. */
export function isWallet(text: string): boolean {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return !/^0x0+$/.test(text);
  if (/^[48][1-9A-HJ-NP-Za-km-z]{94}(?:[1-9A-HJ-NP-Za-km-z]{11})?$/.test(text)) return true;
  return /^(?:bc|tb|ltc)1/i.test(text) ? isBech32(text) : isBase58Check(text);
}
