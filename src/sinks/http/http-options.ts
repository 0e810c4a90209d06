import type { Secret } from '../../core/secret.ts';

/** A secret of the configuration, or the file it stands in: read again when the file changes, blanks around it left out. */
export type SecretSource = Secret | { readonly file: string };

/** How a client says who it is, in every request. */
export type HttpAuth =
  | { readonly type: 'bearer'; readonly token: SecretSource }
  | { readonly type: 'basic'; readonly user: string; readonly password: SecretSource }
  | { readonly type: 'header'; readonly name: string; readonly value: SecretSource };

/** What every sink over HTTP can be told. */
export interface HttpOptions {
  /** `https:` or `http:`; its path is the beginning of the path of every request. No user, no password, no fragment. */
  readonly url: SecretSource;
  readonly auth?: HttpAuth | undefined;
  readonly tls?:
    | {
        readonly caFile?: string | undefined;
        readonly certFile?: string | undefined;
        readonly keyFile?: string | undefined;
        /** Name that the certificate of the server must have, where that is not the host of the URL. */
        readonly serverName?: string | undefined;
        /** Any certificate will do. */
        readonly allowUnverified?: boolean | undefined;
      }
    | undefined;
  /** Plain HTTP also beyond this machine. */
  readonly allowUnprotected: boolean;
  /** Longest wait for a connection, TLS included. */
  readonly connectTimeoutMs: number;
  /** Longest wait for the answer, from the first byte sent to its end. */
  readonly answerTimeoutMs: number;
  /** Bodies beyond a kilobyte are compressed. */
  readonly gzip: boolean;
  /** Connections at once. */
  readonly connections?: number;
}
