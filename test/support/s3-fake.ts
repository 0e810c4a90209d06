import { createHash } from 'node:crypto';
import type { S3Answer, S3Request, SendRequest } from '../../src/sinks/s3/s3-requests.ts';

export interface StoredObject {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** A strict S3 server in memory, for answers that servers at hand do not give. Signatures are checked by real ones. */
export class S3Fake {
  readonly objects = new Map<string, StoredObject>();
  readonly uploads = new Map<string, { key: string; headers: S3Request['headers']; parts: Map<number, Uint8Array> }>();
  readonly requests: string[] = [];
  /** Answers instead of this server: asked before each request. */
  answer: (request: S3Request, call: string) => Partial<S3Answer> | undefined = () => undefined;
  /** Called once an object is stored, before the answer: may throw, as a connection that is cut. */
  stored: () => void = () => undefined;
  honoursIfNoneMatch = true;
  mayRead = true;

  readonly send: SendRequest = (request) => Promise.resolve(this.#serve(request));

  #serve(request: S3Request): S3Answer {
    const url = new URL(request.url);
    const key = decodeURIComponent(url.pathname.replace(/^\/[^/]+\//, ''));
    const call = [request.method, ...url.searchParams.keys()].join(' ');
    this.requests.push(`${call} ${key}`);
    this.#verify(request);
    const own = this.answer(request, call);
    if (own) return answer(own.status ?? 200, own.body, own.header);
    switch (call) {
      case 'HEAD':
        return this.#head(key);
      case 'PUT':
        return this.#store(key, request, request.body ?? new Uint8Array());
      case 'POST uploads':
        this.uploads.set(`u${this.uploads.size}`, { key, headers: request.headers, parts: new Map() });
        return answer(
          200,
          `<InitiateMultipartUploadResult><UploadId>u${this.uploads.size - 1}</UploadId></InitiateMultipartUploadResult>`,
        );
      case 'PUT partNumber uploadId':
        this.#upload(url).parts.set(Number(url.searchParams.get('partNumber')), request.body!);
        return answer(200, '', () => '"etag"');
      case 'POST uploadId':
        return this.#complete(url, request);
      case 'DELETE uploadId':
        this.uploads.delete(url.searchParams.get('uploadId') ?? '');
        return answer(204);
      default:
        throw new Error(`no such request: ${call}`);
    }
  }

  #complete(url: URL, request: S3Request): S3Answer {
    const upload = this.#upload(url);
    const body = Buffer.concat([...upload.parts].sort(([a], [b]) => a - b).map(([, part]) => part));
    const stored = this.#store(upload.key, { ...request, headers: { ...upload.headers, ...ifNoneMatch(request) } }, body);
    if (stored.status === 200) this.uploads.delete(url.searchParams.get('uploadId') ?? '');
    return stored;
  }

  #head(key: string): S3Answer {
    if (!this.mayRead) return answer(403);
    const found = this.objects.get(key);
    return found ? answer(200, '', (name) => found.headers[name]) : answer(404);
  }

  #store(key: string, request: S3Request, body: Uint8Array): S3Answer {
    if (this.honoursIfNoneMatch && request.headers['if-none-match'] === '*' && this.objects.has(key))
      return answer(412, '<Error><Code>PreconditionFailed</Code></Error>');
    this.objects.set(key, { body, headers: request.headers });
    this.stored();
    return answer(200);
  }

  #upload(url: URL) {
    const upload = this.uploads.get(url.searchParams.get('uploadId') ?? '');
    if (!upload) throw new Error('NoSuchUpload');
    return upload;
  }

  #verify({ headers, body }: S3Request): void {
    const bytes = body ?? new Uint8Array();
    const hash = createHash('sha256').update(bytes).digest();
    if (headers['x-amz-content-sha256'] !== hash.toString('hex')) throw new Error('XAmzContentSHA256Mismatch');
    const md5 = headers['content-md5'];
    if (md5 !== undefined && md5 !== createHash('md5').update(bytes).digest('base64')) throw new Error('BadDigest');
    const sha = headers['x-amz-checksum-sha256'];
    if (sha !== undefined && sha !== hash.toString('base64')) throw new Error('BadDigest');
    if (
      !/^AWS4-HMAC-SHA256 Credential=\S+, SignedHeaders=\S*host\S*, Signature=[0-9a-f]{64}$/.test(headers['authorization'] ?? '')
    )
      throw new Error('AuthorizationHeaderMalformed');
  }
}

const ifNoneMatch = ({ headers }: S3Request): Record<string, string> =>
  headers['if-none-match'] === undefined ? {} : { 'if-none-match': headers['if-none-match'] };

function answer(status: number, body = '', header: S3Answer['header'] = () => undefined): S3Answer {
  return { status, body, header };
}
