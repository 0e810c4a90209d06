import { decodeText, type Encoding, encodeText } from './byte-text.ts';

type Source = string | ArrayBufferLike | ArrayLike<number>;

/** Without the static functions of typed arrays, which those of Buffer do not extend. */
type BytesConstructor = new (from: number | ArrayBuffer, at?: number, length?: number) => Uint8Array<ArrayBuffer>;

/** What the scanner uses of Node.js' Buffer, for browsers. */
export class BrowserBuffer extends (Uint8Array as unknown as BytesConstructor) {
  /** A text in an encoding, a view of a buffer, or a copy of bytes. */
  static from(source: Source, encodingOrAt?: unknown, length?: unknown): BrowserBuffer {
    if (typeof source === 'string') return viewOf(encodeText(source, encodingOrAt as Encoding | undefined));
    if ('byteLength' in source && !ArrayBuffer.isView(source))
      return new BrowserBuffer(source as ArrayBuffer, (encodingOrAt as number | undefined) ?? 0, length as number | undefined);
    const copy = new BrowserBuffer((source as ArrayLike<number>).length);
    copy.set(source as ArrayLike<number>);
    return copy;
  }

  static alloc(length: number): BrowserBuffer {
    return new BrowserBuffer(length);
  }

  static allocUnsafe(length: number): BrowserBuffer {
    return new BrowserBuffer(length);
  }

  static isBuffer(value: unknown): boolean {
    return value instanceof BrowserBuffer;
  }

  static byteLength(text: string): number {
    return encodeText(text).length;
  }

  static concat(parts: readonly Uint8Array[]): BrowserBuffer {
    const whole = new BrowserBuffer(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  override toString(encoding?: Encoding): string {
    return decodeText(this, encoding);
  }

  /** @returns how many bytes were written */
  write(text: string, at: number, encoding?: Encoding): number {
    const bytes = encodeText(text, encoding);
    this.set(bytes, at);
    return bytes.length;
  }

  equals(other: Uint8Array): boolean {
    return this.length === other.length && this.every((byte, i) => byte === other[i]);
  }

  override indexOf(wanted: unknown, from = 0, encoding?: Encoding): number {
    if (typeof wanted === 'number') return super.indexOf(wanted, from);
    const bytes = typeof wanted === 'string' ? encodeText(wanted, encoding) : (wanted as Uint8Array);
    const first = bytes[0];
    if (first === undefined) return Math.min(from, this.length);
    for (let at = super.indexOf(first, from); at >= 0; at = super.indexOf(first, at + 1))
      if (bytes.every((byte, i) => this[at + i] === byte)) return at;
    return -1;
  }

  /** Swaps the bytes of each pair, in place. */
  swap16(): this {
    for (let i = 0; i + 1 < this.length; i += 2) [this[i], this[i + 1]] = [this[i + 1] as number, this[i] as number];
    return this;
  }
}

const viewOf = (bytes: Uint8Array): BrowserBuffer =>
  new BrowserBuffer(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);
