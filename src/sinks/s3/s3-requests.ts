import { AwsV4Signer } from 'aws4fetch';
import type { Clock } from '../../core/clock.ts';
import { sha256, sha256Hex } from '../../crypto/sha256.ts';
import { compactTime } from './object-name.ts';

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** Milliseconds since the epoch; absent: they do not end. */
  readonly expiresAtMs?: number;
}

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export interface S3Answer {
  readonly status: number;
  /** A header of the answer by its lower-case name. */
  readonly header: (name: string) => string | undefined;
  /** The beginning of the answer. */
  readonly body: string;
}

/** Sends a signed request as it is. @throws Fault, retryable, where there is no whole answer */
export type SendRequest = (request: S3Request, signal: AbortSignal) => Promise<S3Answer>;

export interface S3Place {
  /** For example `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly addressing: 'path' | 'virtualHosted';
}

export interface S3Call {
  readonly method: S3Request['method'];
  /** Object; empty for the bucket. Holds no character that a URL would escape, `=` and the like excepted. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** The URL of an object, without its query. */
export function objectUrl({ endpoint, bucket, addressing }: S3Place, key: string): URL {
  const url = new URL(endpoint);
  const base = url.pathname.replace(/\/+$/, '');
  if (addressing === 'virtualHosted') url.hostname = `${bucket}.${url.hostname}`;
  url.pathname = `${base}/${addressing === 'path' ? `${bucket}/` : ''}${key}`;
  return url;
}

/**
 * A request with the signature of AWS (Signature Version 4) over the address, all headers and the digest of the body: what is changed
 * on the way is refused by the server.
 */
export async function signedRequest(call: S3Call, place: S3Place, credentials: S3Credentials, clock: Clock): Promise<S3Request> {
  const url = objectUrl(place, call.key);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  const { sessionToken } = credentials;
  const signer = new AwsV4Signer({
    method: call.method,
    url: url.href,
    headers: { ...call.headers, 'x-amz-content-sha256': sha256Hex(call.body ?? '') },
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    service: 's3',
    region: place.region,
    datetime: `${compactTime(clock.nowMs() * 1000).slice(0, 15)}Z`,
  });
  const signed = await signer.sign();
  return {
    method: call.method,
    url: signed.url.href,
    headers: Object.fromEntries(signed.headers),
    ...(call.body !== undefined && { body: call.body }),
  };
}

/** Base64 of SHA-256, as `x-amz-checksum-sha256` carries it. */
export const checksumSha256 = (body: Uint8Array): string => Buffer.from(sha256(body)).toString('base64');
