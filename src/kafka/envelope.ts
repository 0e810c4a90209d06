import type { Secret } from '../core/secret.ts';
import { hmacSha256, isHmacSha256 } from '../crypto/hmac.ts';

/**
 * What travels from an agent to a worker: four bytes of head (version, kind, channel, zero), the body, and an HMAC-SHA-256 over
 * both. The key is derived from the lasting secret of the cluster group, so only holders of its key file can make one.
 */
export const envelopeVersion = 1;
export const envelopeKinds = { records: 1, chunk: 2 } as const;
/** Which topic it belongs to: what was made for one is not taken from the other. */
export const channels = { events: 1, matches: 2 } as const;
export type Channel = keyof typeof channels;

export const envelopeHeadBytes = 4;
export const macBytes = 32;
/** Bytes an envelope has besides its body. */
export const envelopeExtraBytes = envelopeHeadBytes + macBytes;

/** Purpose of the key (`KeyRing.deriveLasting`). */
export const envelopeKeyPurpose = 'kafka transport';

/** Why an envelope was not opened. */
export const refusals = ['empty', 'too-short', 'version', 'mac', 'channel', 'kind', 'malformed'] as const;
export type Refusal = (typeof refusals)[number];

export type Opened =
  | { readonly kind: keyof typeof envelopeKinds; readonly body: Uint8Array; readonly mac: Uint8Array }
  | { readonly refused: Refusal };

/** An envelope around the parts, one after another. */
export function sealEnvelope(
  kind: keyof typeof envelopeKinds,
  channel: Channel,
  parts: readonly Uint8Array[],
  key: Secret,
): Uint8Array {
  const bytes = new Uint8Array(envelopeExtraBytes + parts.reduce((sum, part) => sum + part.length, 0));
  bytes.set([envelopeVersion, envelopeKinds[kind], channels[channel]]);
  let at = envelopeHeadBytes;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  bytes.set(hmacSha256(key, bytes.subarray(0, at)), at);
  return bytes;
}

/** Looks at nothing but the version before the MAC was found right. The body is a view, not a copy. */
export function openEnvelope(bytes: Uint8Array | null, channel: Channel, key: Secret): Opened {
  if (bytes === null) return { refused: 'empty' };
  if (bytes.length < envelopeExtraBytes) return { refused: 'too-short' };
  if (bytes[0] !== envelopeVersion) return { refused: 'version' };
  const end = bytes.length - macBytes;
  const mac = bytes.subarray(end);
  if (!isHmacSha256(key, bytes.subarray(0, end), mac)) return { refused: 'mac' };
  if (bytes[2] !== channels[channel]) return { refused: 'channel' };
  const body = bytes.subarray(envelopeHeadBytes, end);
  if (bytes[1] === envelopeKinds.records) return { kind: 'records', body, mac };
  if (bytes[1] === envelopeKinds.chunk) return { kind: 'chunk', body, mac };
  return { refused: 'kind' };
}
