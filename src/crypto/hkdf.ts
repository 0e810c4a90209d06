import { hkdfSync } from 'node:crypto';
import { Secret } from '../core/secret.ts';

/** HKDF-SHA-256 (RFC 5869): a key of `bytes` bytes for one purpose, from a key, a salt and the purpose's name. */
export function hkdfSha256(key: Secret, salt: Uint8Array | string, info: Uint8Array | string, bytes: number): Secret {
  return new Secret(new Uint8Array(hkdfSync('sha256', key.reveal(), salt, info, bytes)));
}
