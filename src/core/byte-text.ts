type Slice = (this: Uint8Array, start: number, end: number) => string;

/** Of a Buffer, and work on any bytes: a third of what making a Buffer of them first costs. */
const { utf8Slice, latin1Slice } = Buffer.prototype as unknown as { readonly utf8Slice?: Slice; readonly latin1Slice?: Slice };

/** UTF-8 bytes as a string; a byte order mark stays. */
export function utf8Text(bytes: Uint8Array, start = 0, end = bytes.length): string {
  if (utf8Slice) return utf8Slice.call(bytes, start, end);
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
}

/** Bytes as a string of one character a byte: of ASCII, or a key and not a text. */
export function latin1Text(bytes: Uint8Array, start = 0, end = bytes.length): string {
  if (latin1Slice) return latin1Slice.call(bytes, start, end);
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
