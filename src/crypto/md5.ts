import { createHash } from 'node:crypto';

/**
 * MD5 (RFC 1321) in base64, for the header `Content-MD5` that object stores ask for as a checksum against damage on the way. It protects
 * against nobody; what has to be proof against people is signed with SHA-256.
 */
export function md5Base64(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}
