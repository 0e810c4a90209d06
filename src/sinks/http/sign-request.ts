import type { Secret } from '../../core/secret.ts';
import { hmacSha256 } from '../../crypto/hmac.ts';

export const timestampHeader = 'x-auditveil-timestamp';
export const signatureHeader = 'x-auditveil-signature';

/**
 * Headers that prove who sent a body and when: HMAC-SHA-256 over the seconds since 1970, a dot and the body, in hexadecimal digits after
 * `v1=`. The receiver computes the same, compares in constant time, and refuses times more than five minutes from its own.
 * With several secrets there is a signature for each, separated by commas: so a receiver can change to a new one.
 */
export function signRequest(secrets: readonly Secret[], body: Uint8Array, nowMs: number): Readonly<Record<string, string>> {
  const seconds = String(Math.floor(nowMs / 1000));
  const signed = Buffer.concat([Buffer.from(`${seconds}.`), body]);
  const signatures = secrets.map((secret) => `v1=${Buffer.from(hmacSha256(secret, signed)).toString('hex')}`);
  return { [timestampHeader]: seconds, [signatureHeader]: signatures.join(',') };
}
