/** Check digits and checksums that numbers and tokens carry. All take the bare characters, without separators. */

/** ISO/IEC 7812-1 annex B (Luhn): cards, Canadian SIN, Swedish personnummer and many others. */
export function luhn(digits: string): boolean {
  if (!/^[0-9]+$/.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 0x30;
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

/** The sum of digits times weights; digits beyond the weights do not count. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * Number(digits[i] ?? 0), 0);
}

/** Remainder of a decimal number of any length. */
export function remainder(digits: string, modulus: number): number {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % modulus;
  return rest;
}

/** ISO/IEC 7064 MOD 97-10 as IBANs use it: letters count from A = 10. */
export function mod97(text: string): boolean {
  if (!/^[A-Z0-9]+$/.test(text)) return false;
  const digits = text.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return remainder(digits, 97) === 1;
}

/** ISO/IEC 7064 MOD 11,10 (hybrid): German tax ids, Croatian OIB. */
export function mod1110(digits: string): boolean {
  if (!/^[0-9]{2,}$/.test(digits)) return false;
  let product = 10;
  for (const digit of digits.slice(0, -1)) product = (((product + Number(digit)) % 10 || 10) * 2) % 11;
  return (11 - product) % 10 === Number(digits.at(-1));
}

/** ISO/IEC 7064 MOD 11-2: the last character is a digit or X. Chinese resident ids, ORCID. */
export function mod112(text: string): boolean {
  if (!/^[0-9]+[0-9Xx]$/.test(text)) return false;
  let rest = 0;
  for (const digit of text.slice(0, -1)) rest = ((rest + Number(digit)) * 2) % 11;
  const check = (12 - rest) % 11;
  return text.at(-1)?.toUpperCase() === (check === 10 ? 'X' : String(check));
}

const dihedral = [
  ...['0123456789', '1234067895', '2340178956', '3401289567', '4012395678'],
  ...['5987604321', '6598710432', '7659821043', '8765932104', '9876543210'],
];
const permutation = [
  ...['0123456789', '1576283094', '5803796142', '8916043527'],
  ...['9453126870', '4286573901', '2793806415', '7046913258'],
];

/** Verhoeff's check digit over the dihedral group D5 (J. Verhoeff, 1969): Aadhaar. */
export function verhoeff(digits: string): boolean {
  if (!/^[0-9]+$/.test(digits)) return false;
  let check = 0;
  for (let i = 0; i < digits.length; i++) {
    const permuted = Number(permutation[i % 8]?.[Number(digits[digits.length - 1 - i])]);
    check = Number(dihedral[check]?.[permuted]);
  }
  return check === 0;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

/** CRC-32 (IEEE 802.3) of a text's Latin-1 bytes. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) crc = (crcTable[(crc ^ text.charCodeAt(i)) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The CRC-32 in six base-62 digits, as GitHub's and npm's tokens end with it. */
export function crc32Base62(text: string): string {
  let [rest, digits] = [crc32(text), ''];
  for (let i = 0; i < 6; i++) {
    digits = (base62[rest % 62] ?? '') + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** CRC-16/XMODEM (polynomial 0x1021, start 0) of bytes, as NATS nkeys end with it, low byte first. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}
