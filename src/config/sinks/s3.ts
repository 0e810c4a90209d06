import { z } from 'zod';
import { findingFormats } from '../../core/finding.ts';
import { pathOption } from '../names.ts';
import { commonOptions } from './common-options.ts';
import { secretOption, secretOptions } from './secret-option.ts';
import type { SinkDefinition } from './sink-definition.ts';
import { tlsOptions } from './tls-options.ts';

const mebibyte = 1024 * 1024;
const prefixWord = /^(?:cluster|content|sink|date|year|month|day|hour)$/;

/** Literal parts that need no escaping anywhere, words in braces, no empty part and none that means a folder. */
function isPrefix(prefix: string): boolean {
  const words = [...prefix.matchAll(/\{(\w*)\}/g)].map(([, word]) => word ?? '');
  const literal = prefix.replace(/\{\w*\}/g, 'x');
  const isPlain = /^(?:[A-Za-z0-9._=-]+(?:\/[A-Za-z0-9._=-]+)*)?$/.test(literal);
  return isPlain && words.every((word) => prefixWord.test(word)) && !literal.split('/').some((part) => /^\.+$/.test(part));
}

const encryption = z
  .strictObject({
    type: z
      .enum(['AES256', 'aws:kms', 'aws:kms:dsse'])
      .describe('Keys of the store (`AES256`), or of the key management service, once or twice.'),
    kmsKeyId: z
      .string()
      .min(1)
      .max(2048)
      .optional()
      .describe('Id, ARN or alias of the key; absent: the default key of the account.'),
  })
  .refine(({ type, kmsKeyId }) => kmsKeyId === undefined || type !== 'AES256', {
    path: ['kmsKeyId'],
    message: 'kmsKeyId goes with type aws:kms or aws:kms:dsse',
  });

const credentialOptions = {
  accessKeyId: secretOption
    .optional()
    .describe(
      'Access key. Where neither a key nor a file is given: the variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`; else the role of the service account (`AWS_ROLE_ARN` and `AWS_WEB_IDENTITY_TOKEN_FILE`, as EKS sets them).',
    ),
  accessKeyIdFile: pathOption.optional().describe('File that holds it; read again where the server refuses it.'),
  ...secretOptions('secretAccessKey', 'Secret key'),
  ...secretOptions('sessionToken', 'Token of temporary credentials'),
};

export const s3Sink = {
  type: 's3',
  title: 'Amazon S3 and what speaks its protocol',
  summary:
    'Objects of masked audit events or findings: JSON lines with gzip, or Parquet with typed columns and the whole event as JSON text in `body`. An object is written when a batch is full by records, bytes or time.',
  caveats: [
    'The position in the log moves only once the object is stored. Until then up to `batch.bytes` of records are in memory, and what they hold cannot be seen in the bucket.',
    'The name of an object follows from its first record. What comes again after a crash finds the object that is there and writes only what it does not hold. That needs the right to read (`s3:GetObject`); without it nothing is lost, but one batch may be there twice.',
    'Servers that do not know `If-None-Match` are asked before the first object of a run whether it is there.',
    'Date and hour in names are those at which an event was received, in UTC: late events do not make objects of the past.',
    'Parquet is made in the main thread: a batch of 16 MiB takes it about 0.2 seconds.',
    'A bucket with Object Lock takes the objects as they are: none is written twice. It needs `checksum`.',
    'The smallest set of rights is `s3:PutObject` and `s3:AbortMultipartUpload` on the prefix.',
  ],
  example: `- type: s3
  bucket: audit-example
  region: eu-central-1
  content: events
  objects: parquet
  prefix: auditveil/{cluster}/date={date}/hour={hour}
`,
  options: z
    .strictObject({
      ...commonOptions({
        type: 's3',
        about: 'Objects in Amazon S3, or in a store with its protocol.',
        purpose: 'storage',
        contents: ['events', 'findings'],
        batch: { records: 100_000, bytes: 16 * mebibyte, waitMs: 60_000 },
      }),
      bucket: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/, 'must be the name of a bucket')
        .describe('Bucket; it must exist.'),
      region: z
        .string()
        .regex(/^[a-z0-9-]{1,32}$/, 'must be a region, such as eu-central-1')
        .default('us-east-1')
        .describe('Region that requests are signed for. Most servers of other makers take any.'),
      endpoint: z
        .string()
        .regex(/^https?:\/\/[^/?#@\s]+(?:\/[^?#@\s]*)?$/, 'must be https://host or https://host:port')
        .optional()
        .describe(
          'Address of a store of another maker, for example `https://minio.example.com:9000`. Absent: Amazon, by region.',
        ),
      addressing: z
        .enum(['path', 'virtualHosted'])
        .optional()
        .describe('Bucket as part of the path or of the host name. Absent: the host name at Amazon, the path elsewhere.'),
      prefix: z
        .string()
        .max(512)
        .refine(
          isPrefix,
          'must be letters, digits, `.`, `_`, `-`, `=`, `/` and {cluster}, {content}, {sink}, {date}, {year}, {month}, {day}, {hour}',
        )
        .default('auditveil/{cluster}/{content}/date={date}/hour={hour}')
        .describe('What names of objects begin with; a batch is one object for each.'),
      objects: z.enum(['jsonl', 'parquet']).default('jsonl').describe('JSON lines with gzip, or Parquet.'),
      format: z
        .enum(findingFormats)
        .default('native')
        .describe('Shape of findings (docs/findings.md); in Parquet that of `body`. Events stay as they are.'),
      ...credentialOptions,
      encryption: encryption.optional().describe('Encryption at the server; absent: as the bucket says.'),
      storageClass: z
        .string()
        .regex(/^[A-Z][A-Z0-9_]{1,31}$/, 'must be a storage class, such as STANDARD_IA')
        .optional()
        .describe('Storage class; absent: that of the bucket.'),
      checksum: z
        .enum(['md5', 'sha256', 'none'])
        .default('md5')
        .describe(
          'Checksum that goes with an object besides the signed SHA-256: `Content-MD5`, or `x-amz-checksum-sha256` where MD5 is not allowed (FIPS).',
        ),
      partBytes: z
        .int()
        .min(5 * mebibyte)
        .max(512 * mebibyte)
        .default(16 * mebibyte)
        .describe('Larger objects are sent in parts of this size.'),
      tls: tlsOptions.optional().describe('Certificates of the connection.'),
      allowUnprotected: z
        .boolean()
        .default(false)
        .describe('Plain HTTP also beyond this machine: everybody on the way can read what is sent.'),
      answerTimeoutMs: z.int().min(100).max(600_000).default(60_000).describe('Longest wait for one request, with its body.'),
    })
    .refine(
      ({ accessKeyId, accessKeyIdFile, secretAccessKey, secretAccessKeyFile }) =>
        ((accessKeyId ?? accessKeyIdFile) === undefined) === ((secretAccessKey ?? secretAccessKeyFile) === undefined),
      {
        path: ['accessKeyId'],
        message: 'accessKeyId and secretAccessKey belong together: set both or none',
      },
    )
    .describe('Writes objects into a bucket. At least once; a repeat after a crash finds what is there.'),
} as const satisfies SinkDefinition;

export type S3SinkConfig = z.output<typeof s3Sink.options>;
