/**
 * Bytes that never print: every way JavaScript turns a value into text gives `[secret]`.
 * The only way to the bytes is `reveal()`, which is easy to search for.
 */
export class Secret {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  reveal(): Uint8Array {
    return this.#bytes;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }

  get [Symbol.toStringTag](): string {
    return 'secret';
  }
}
