import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { md5 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { Aes128 } from './aes-128.ts';
import { BrowserBuffer } from './browser-buffer.ts';
import type { Encoding } from './byte-text.ts';

/** What src/crypto uses of node:crypto on the way of an event, for browsers. Only SHA-256, MD5 and AES-128 are asked for. */

type Data = Uint8Array | string;
const bytesOf = (data: Data): Uint8Array => (typeof data === 'string' ? BrowserBuffer.from(data) : data);

interface Running {
  update(data: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** A hash in the shape of Node.js. */
class BrowserHash {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
  }

  update(data: Data): this {
    this.#running.update(bytesOf(data));
    return this;
  }

  digest(encoding?: Encoding): BrowserBuffer | string {
    const bytes = BrowserBuffer.from(this.#running.digest());
    return encoding === undefined ? bytes : bytes.toString(encoding);
  }
}

const hashes = { sha256, md5 } as const;
type HashName = keyof typeof hashes;

export const createHash = (name: HashName): BrowserHash => new BrowserHash(hashes[name].create());
export const createHmac = (name: HashName, key: Data): BrowserHash => new BrowserHash(hmac.create(hashes[name], bytesOf(key)));
export const hash = (name: HashName, data: Data, encoding: Encoding): string =>
  BrowserBuffer.from(hashes[name](bytesOf(data))).toString(encoding);

export function hkdfSync(name: HashName, key: Data, salt: Data, info: Data, length: number): ArrayBuffer {
  return Uint8Array.from(hkdf(hashes[name], bytesOf(key), bytesOf(salt), bytesOf(info), length)).buffer;
}

export const randomBytes = (length: number): BrowserBuffer => crypto.getRandomValues(BrowserBuffer.alloc(length));

/** Only AES-128 without chaining or padding, which is all that Crypto-PAn needs. */
export function createCipheriv(
  _name: 'aes-128-ecb',
  key: Uint8Array,
): { setAutoPadding(): unknown; update(data: Uint8Array): Uint8Array } {
  const aes = new Aes128(key);
  const cipher = { setAutoPadding: () => cipher, update: (data: Uint8Array) => aes.encrypt(data) };
  return cipher;
}

/** Nothing secret is compared where this runs. */
export const timingSafeEqual = (a: Uint8Array, b: Uint8Array): boolean => BrowserBuffer.from(a).equals(b);
