import { gunzipSync, gzipSync } from 'node:zlib';
import type { Codecs } from '../scan/ports.ts';

/** gzip (RFC 1952) for text that is compressed inside events, such as Helm releases. */
export const gzip: Codecs = {
  unzip(bytes, most) {
    try {
      return gunzipSync(bytes, { maxOutputLength: Math.max(1, most) });
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : undefined;
    }
  },
  zip: (bytes) => gzipSync(bytes),
};
