import { Fault } from '../../core/faults.ts';

interface Words {
  readonly what: string;
  readonly remedy?: string;
}

const own = 'The sink goes on by itself; if this stays, look at the state of the server.';
const wait: Words = { what: 'it asks to come later', remedy: own };

/** Error codes of the S3 protocol that somebody can act on, in our words. Source: Amazon S3 API reference, "Error responses". */
const known: Readonly<Record<string, Words>> = {
  AccessDenied: {
    what: 'these credentials may not do this',
    remedy: 'Allow s3:PutObject on the prefix (and s3:GetObject, so that what comes again is recognised).',
  },
  InvalidAccessKeyId: { what: 'the access key is not known', remedy: 'See to `accessKeyId`.' },
  // Versity S3 Gateway's word for the same.
  XAdminUserNotFound: { what: 'the access key is not known', remedy: 'See to `accessKeyId`.' },
  SignatureDoesNotMatch: { what: 'the secret key does not fit the access key', remedy: 'See to `secretAccessKey`.' },
  ExpiredToken: { what: 'the session token has expired', remedy: 'Renew the credentials.' },
  InvalidToken: { what: 'the session token is not valid', remedy: 'See to `sessionToken`.' },
  RequestTimeTooSkewed: { what: 'the clocks differ by too much', remedy: 'Set the clock of this machine.' },
  NoSuchBucket: { what: 'there is no such bucket', remedy: 'Create it, or see to `bucket` and `endpoint`.' },
  PermanentRedirect: { what: 'the bucket is in another region', remedy: 'See to `region` and `endpoint`.' },
  AuthorizationHeaderMalformed: { what: 'the bucket is in another region', remedy: 'See to `region` and `endpoint`.' },
  InvalidStorageClass: { what: 'it does not know this storage class', remedy: 'See to `storageClass`.' },
  'KMS.NotFoundException': { what: 'there is no such KMS key', remedy: 'See to `encryption.kmsKeyId`.' },
  'KMS.DisabledException': { what: 'the KMS key is disabled', remedy: 'See to `encryption.kmsKeyId`.' },
  SlowDown: wait,
  ServiceUnavailable: wait,
  RequestTimeout: wait,
};

/** The `<Code>` of an answer, where it is one of a table of ours: nothing else of an answer is used or shown. */
export function errorCode(body: string): string {
  return /<Code>\s*([A-Za-z.]{1,64})\s*<\/Code>/.exec(body.slice(0, 8192))?.[1] ?? '';
}

const byStatus = (status: number): Words => {
  if (status === 301 || status === 307) return known['PermanentRedirect']!;
  if (status === 401 || status === 403) return known['AccessDenied']!;
  if (status === 404) return known['NoSuchBucket']!;
  if (status === 429 || status === 503) return wait;
  if (status >= 500) return { what: 'it is in trouble itself', remedy: own };
  return {
    what: 'it does not take this',
    remedy: 'See whether this server knows the options `storageClass`, `encryption` and `checksum`.',
  };
};

/** The fault of an answer that is no success. All of them may pass once somebody has repaired what the remedy names. */
export function answerFault(host: string, status: number, body: string): Fault {
  const code = errorCode(body);
  const isKnown = Object.hasOwn(known, code);
  const { what, remedy } = isKnown ? known[code]! : byStatus(status);
  return new Fault(`${host} answered ${status}${isKnown ? ` ${code}` : ''}: ${what}`, {
    code: `E_S3_${status >= 500 || status === 429 ? 'BUSY' : 'REFUSED'}`,
    retryable: true,
    ...(remedy !== undefined && { remedy }),
  });
}

/** Codes of answers to an object that is too large: smaller ones may pass. */
export const isTooLarge = (status: number, body: string): boolean => status === 413 || errorCode(body) === 'EntityTooLarge';

/** There is an object of this name: what `If-None-Match` asked about. (409: one is being written right now; the next attempt will tell.) */
export const isThere = (status: number): boolean => status === 412;
