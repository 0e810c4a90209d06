import { createHmac } from 'node:crypto';
import type { Secret } from '../core/secret.ts';

/** HMAC-SHA-256 (RFC 2104) of a text (as UTF-8) or bytes; 32 bytes. About 2.5 µs: cache by value on hot paths. */
export function hmacSha256(key: Secret, data: Uint8Array | string): Uint8Array {
  return createHmac('sha256', key.reveal()).update(data).digest();
}
