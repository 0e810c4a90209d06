import type { Clock } from '../../core/clock.ts';
import type { Fault } from '../../core/faults.ts';
import { md5Base64 } from '../../crypto/md5.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import type { ObjectContent } from './object-name.ts';
import { answerFault, errorCode, isThere, isTooLarge } from './s3-answer.ts';
import {
  checksumSha256,
  type S3Answer,
  type S3Call,
  type S3Credentials,
  type S3Place,
  type SendRequest,
  signedRequest,
} from './s3-requests.ts';

export interface BucketOptions extends S3Place {
  readonly send: SendRequest;
  readonly clock: Clock;
  readonly storageClass?: string | undefined;
  readonly encryption?:
    | { readonly type: 'AES256' | 'aws:kms' | 'aws:kms:dsse'; readonly kmsKeyId?: string | undefined }
    | undefined;
  readonly checksum: 'md5' | 'sha256' | 'none';
  /** Objects larger than this are sent in parts of this size. */
  readonly partBytes: number;
}

/** What became of an object. `there`: there is one of this name. `tooLarge`: smaller ones may pass. */
export type Stored =
  | { readonly kind: 'stored' | 'there' }
  | { readonly kind: 'tooLarge'; readonly fault: Fault }
  | { readonly kind: 'errored'; readonly fault: Fault; readonly isAuth: boolean; readonly retryAfterMs?: number };

/** What is known of an object by its name. `unknown`: it cannot be asked for (no right to read). */
export type Found = ObjectContent | 'missing' | 'unknown';

/** Retried no sooner where a server says that it is overloaded and not how long: SlowDown is about the minute, not the second. */
const busyMs = 5_000;

/** Requests about the objects of one bucket. None of them is tried twice. */
export class S3Bucket {
  readonly #options: BucketOptions;
  readonly #host: string;
  readonly #credentials: () => S3Credentials;

  constructor(options: BucketOptions, credentials: () => S3Credentials) {
    this.#options = options;
    this.#host = new URL(options.endpoint).host;
    this.#credentials = credentials;
  }

  /** Writes an object, in parts where it is large. Never in place of another one where the server knows `If-None-Match`. */
  async put(key: string, body: Uint8Array, type: string, content: ObjectContent, signal: AbortSignal): Promise<Stored> {
    const headers = this.#objectHeaders(type, content);
    if (body.length > this.#options.partBytes) return this.#putParts(key, body, headers, signal);
    const answer = await this.#call(
      { method: 'PUT', key, headers: { ...headers, ...absent, ...this.#checksum(body) }, body },
      signal,
    );
    return this.#stored(answer);
  }

  /** What an object of this name holds, as its metadata say. @throws Fault where there is no answer */
  async find(key: string, signal: AbortSignal): Promise<Found> {
    const answer = await this.#call({ method: 'HEAD', key }, signal);
    if (answer.status === 404) return 'missing';
    if (answer.status !== 200) return 'unknown';
    return { records: Number(answer.header(metadata.records) ?? 0), digest: answer.header(metadata.digest) ?? '' };
  }

  /** Proves that objects may be written, and writes none: begins one in parts and gives it up. @throws Fault */
  async check(key: string, signal: AbortSignal): Promise<void> {
    const begun = await this.#call({ method: 'POST', key, query: { uploads: '' }, headers: this.#createHeaders() }, signal);
    const uploadId = uploadIdIn(begun);
    if (uploadId === undefined) throw answerFault(this.#host, begun.status, begun.body);
    await this.#abort(key, uploadId, signal);
  }

  async #putParts(key: string, body: Uint8Array, headers: S3Call['headers'], signal: AbortSignal): Promise<Stored> {
    const begun = await this.#call({ method: 'POST', key, query: { uploads: '' }, headers: { ...headers } }, signal);
    const uploadId = uploadIdIn(begun);
    if (uploadId === undefined) return this.#stored(begun);
    try {
      const last = await this.#sendParts(key, uploadId, body, signal);
      const stored = this.#stored(last);
      if (stored.kind !== 'stored') await this.#abort(key, uploadId, signal);
      return stored;
    } catch (error) {
      await this.#abort(key, uploadId, signal);
      throw error;
    }
  }

  /** The answer to the last request: that of the completion, or that of a part that was refused. */
  async #sendParts(key: string, uploadId: string, body: Uint8Array, signal: AbortSignal): Promise<S3Answer> {
    const { partBytes } = this.#options;
    const parts: string[] = [];
    for (let at = 0, number = 1; at < body.length; at += partBytes, number++) {
      const part = body.subarray(at, at + partBytes);
      const query = { partNumber: String(number), uploadId };
      const answer = await this.#call({ method: 'PUT', key, query, headers: this.#checksum(part), body: part }, signal);
      if (answer.status !== 200) return answer;
      parts.push(`<Part><PartNumber>${number}</PartNumber><ETag>${xmlText(answer.header('etag') ?? '')}</ETag></Part>`);
    }
    const list = Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`);
    const answer = await this.#call({ method: 'POST', key, query: { uploadId }, headers: { ...absent }, body: list }, signal);
    // The completion may fail after its status was sent (Amazon S3 API reference, CompleteMultipartUpload).
    return answer.status === 200 && /<Error>/.test(answer.body) ? { ...answer, status: 500 } : answer;
  }

  async #abort(key: string, uploadId: string, signal: AbortSignal): Promise<void> {
    await this.#call({ method: 'DELETE', key, query: { uploadId } }, signal).catch(() => undefined);
  }

  async #call(call: S3Call, signal: AbortSignal): Promise<S3Answer> {
    const { send, clock } = this.#options;
    return send(await signedRequest(call, this.#options, this.#credentials(), clock), signal);
  }

  #stored({ status, body, header }: S3Answer): Stored {
    if (status >= 200 && status < 300) return { kind: 'stored' };
    if (isThere(status)) return { kind: 'there' };
    const fault = answerFault(this.#host, status, body);
    if (isTooLarge(status, body)) return { kind: 'tooLarge', fault };
    const isBusy = status === 429 || status === 503;
    const waitMs = retryAfterMs(header('retry-after'), this.#options.clock.nowMs());
    return {
      kind: 'errored',
      fault,
      isAuth: status === 401 || status === 403 || errorCode(body) === 'ExpiredToken',
      ...(isBusy && { retryAfterMs: waitMs ?? busyMs }),
    };
  }

  #objectHeaders(type: string, { records, digest }: ObjectContent): Readonly<Record<string, string>> {
    return {
      ...this.#createHeaders(),
      'content-type': type,
      [metadata.records]: String(records),
      [metadata.digest]: digest,
    };
  }

  #createHeaders(): Readonly<Record<string, string>> {
    const { storageClass, encryption } = this.#options;
    return {
      ...(storageClass !== undefined && { 'x-amz-storage-class': storageClass }),
      ...(encryption && { 'x-amz-server-side-encryption': encryption.type }),
      ...(encryption?.kmsKeyId !== undefined && { 'x-amz-server-side-encryption-aws-kms-key-id': encryption.kmsKeyId }),
    };
  }

  #checksum(body: Uint8Array): Readonly<Record<string, string>> {
    switch (this.#options.checksum) {
      case 'md5':
        return { 'content-md5': md5Base64(body) };
      case 'sha256':
        return { 'x-amz-checksum-sha256': checksumSha256(body) };
      case 'none':
        return {};
    }
  }
}

const absent = { 'if-none-match': '*' } as const;
const metadata = { records: 'x-amz-meta-auditveil-records', digest: 'x-amz-meta-auditveil-digest' } as const;

function uploadIdIn({ status, body }: S3Answer): string | undefined {
  return status === 200 ? /<UploadId>([^<]{1,1024})<\/UploadId>/.exec(body)?.[1] : undefined;
}

/** As text of an element. An ETag stands in quotes, some servers write them escaped. */
function xmlText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
