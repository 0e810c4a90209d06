import { decompressSync, Gunzip, gzipSync as zip } from 'fflate';

/** What the scanner uses of node:zlib, for browsers. */
export function gunzipSync(bytes: Uint8Array, { maxOutputLength }: { readonly maxOutputLength: number }): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Gunzip((part) => {
    length += part.length;
    if (length > maxOutputLength) throw Object.assign(new Error('too large'), { code: 'ERR_BUFFER_TOO_LARGE' });
    parts.push(part);
  });
  stream.push(bytes, true);
  if (length === 0 && decompressSync(bytes).length > 0) throw new Error('not gzip');
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export const gzipSync = (bytes: Uint8Array): Uint8Array => zip(bytes, { mtime: 0 });
