/** Encodings of texts that the scanner asks a Buffer for. */
export type Encoding = 'utf8' | 'utf-8' | 'latin1' | 'binary' | 'hex' | 'base64' | 'base64url' | 'utf16le';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** Characters handed to one call: more would not fit on its stack. */
const atOnce = 8192;

/** As Node.js encodes a text: what is no digit ends hexadecimal, is passed over in base64, in which both alphabets are read. */
export function encodeText(text: string, encoding: Encoding = 'utf8'): Uint8Array {
  switch (encoding) {
    case 'latin1':
    case 'binary':
      return Uint8Array.from({ length: text.length }, (_, i) => text.charCodeAt(i) & 0xff);
    case 'hex':
      return fromHex(text);
    case 'base64':
    case 'base64url':
      return fromBase64(text);
    case 'utf16le':
      return Uint8Array.from({ length: text.length * 2 }, (_, i) => (text.charCodeAt(i >> 1) >> (i % 2 === 0 ? 0 : 8)) & 0xff);
    default:
      return encoder.encode(text);
  }
}

export function decodeText(bytes: Uint8Array, encoding: Encoding = 'utf8'): string {
  switch (encoding) {
    case 'latin1':
    case 'binary':
      return characters(bytes);
    case 'hex':
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    case 'base64':
      return btoa(characters(bytes));
    case 'base64url':
      return btoa(characters(bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    case 'utf16le':
      return characters(
        Uint16Array.from({ length: bytes.length >> 1 }, (_, i) => (bytes[i * 2] as number) | ((bytes[i * 2 + 1] as number) << 8)),
      );
    default:
      return decoder.decode(bytes);
  }
}

function characters(units: Uint8Array | Uint16Array): string {
  const parts: string[] = [];
  for (let at = 0; at < units.length; at += atOnce) parts.push(String.fromCharCode(...units.subarray(at, at + atOnce)));
  return parts.join('');
}

function fromHex(text: string): Uint8Array {
  const digits = /^(?:[0-9a-f]{2})*/i.exec(text)?.[0] ?? '';
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16));
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const sextets = new Map([...alphabet].map((letter, i) => [letter, i]));
sextets.set('-', 62).set('_', 63);

function fromBase64(text: string): Uint8Array {
  const out: number[] = [];
  let [bits, held] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    // Node.js looks at the lower half of each unit.
    const letter = String.fromCharCode(text.charCodeAt(i) & 0xff);
    if (letter === '=') break;
    const sextet = sextets.get(letter);
    if (sextet === undefined) continue;
    bits = (bits << 6) | sextet;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out.push((bits >> held) & 0xff);
    bits &= (1 << held) - 1;
  }
  return Uint8Array.from(out);
}
