/**
 * The beginning of a body while it is too short to tell what it is. It is looked at again only when it has grown by half: so all
 * looks together cost a few times its length, however small the parts are.
 */
export class BodyOpening {
  #bytes: Buffer = Buffer.alloc(0);
  #filled = 0;
  #lookAt = 0;

  get length(): number {
    return this.#filled;
  }

  get text(): Buffer {
    return this.#bytes.subarray(0, this.#filled);
  }

  /** The beginning with this chunk, to look at now; undefined where it is not yet worth another look. */
  add(chunk: Uint8Array): Buffer | undefined {
    if (this.#filled === 0) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.#append(chunk);
    return this.#filled < this.#lookAt ? undefined : this.text;
  }

  /** Nothing can be told from this text yet: more is needed. */
  keep(text: Buffer): void {
    if (this.#filled === 0) this.#append(text);
    this.#lookAt = Math.ceil(1.5 * this.#filled);
  }

  clear(): void {
    this.#bytes = Buffer.alloc(0);
    this.#filled = 0;
    this.#lookAt = 0;
  }

  #append(chunk: Uint8Array): void {
    const length = this.#filled + chunk.length;
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(2 * length);
      this.#bytes.copy(larger, 0, 0, this.#filled);
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#filled);
    this.#filled = length;
  }
}
