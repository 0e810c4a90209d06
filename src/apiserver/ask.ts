import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';

/** What a client shows to a server, and whom it trusts. PEM. */
export interface ClientAccess {
  readonly authority?: string | Buffer | undefined;
  readonly certificate?: string | Buffer | undefined;
  readonly privateKey?: string | Buffer | undefined;
  /** Shown over https only: over http anybody could read it. */
  readonly token?: string | undefined;
  /** Name to expect in the server's certificate instead of the host. */
  readonly serverName?: string | undefined;
  /** Take any certificate. */
  readonly insecure?: boolean | undefined;
}

export interface Question {
  /** Posted as JSON; absent: a GET. */
  readonly body?: string;
  /** For all of it, to the last byte: who sends a byte now and then would keep it for ever. */
  readonly timeoutMs: number;
  /** A longer answer is broken off. */
  readonly bytesAtMost: number;
}

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** The `Date` header. */
  readonly date: string | undefined;
}

/** The code of an error for an answer that began and did not come to its end. */
export const brokeOff = 'E_BROKE_OFF';

/** One request on a connection of its own. Rejects with an error that has a `code` where there is no whole answer. */
export function ask(url: URL, access: ClientAccess, { body, timeoutMs, bytesAtMost }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const isSecure = url.protocol === 'https:';
    const headers = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(access.token === undefined || !isSecure ? {} : { authorization: `Bearer ${access.token}` }),
    };
    const method = body === undefined ? 'GET' : 'POST';
    const options = { method, headers, agent: false, ...(isSecure ? tlsOptions(access) : {}) };
    const sent = (isSecure ? requestSecure : requestPlain)(url, options, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes <= bytesAtMost) return;
        reject(withCode(brokeOff));
        response.destroy();
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks), date: response.headers.date }),
      );
      response.on('error', () => reject(withCode(brokeOff)));
    });
    const late = setTimeout(() => {
      reject(withCode('ETIMEDOUT'));
      sent.destroy();
    }, timeoutMs);
    sent.on('close', () => clearTimeout(late));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A URL as it may be shown: without what often holds a secret. */
export function shownUrl({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

function tlsOptions({ authority, certificate, privateKey, serverName, insecure }: ClientAccess) {
  return {
    ...(authority === undefined ? {} : { ca: authority }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(privateKey === undefined ? {} : { key: privateKey }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(insecure ? { rejectUnauthorized: false } : {}),
  };
}

function withCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}
