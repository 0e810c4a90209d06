import type { HttpConfig } from '../../config/sinks/http-options.ts';
import { Secret } from '../../core/secret.ts';
import type { TlsFiles } from '../shared/read-tls.ts';

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
  readonly tls?: TlsFiles | undefined;
  /** Plain HTTP also beyond this machine. */
  readonly allowUnprotected: boolean;
  /** Longest wait for a connection, TLS included. */
  readonly connectTimeoutMs: number;
  /** Longest wait for the answer, from the first byte sent to its end. */
  readonly answerTimeoutMs: number;
  /** Bodies beyond a kilobyte are compressed. */
  readonly gzip: boolean;
}

/** The options of a sink as its client takes them. */
export function httpOptionsOf(
  { auth, tls, allowUnprotected, connectTimeoutMs, answerTimeoutMs }: Omit<HttpConfig, 'auth'> & Partial<HttpConfig>,
  url: string | SecretSource,
  gzip = false,
): HttpOptions {
  const source = typeof url === 'string' ? new Secret(Buffer.from(url)) : url;
  return { url: source, auth: auth && authOf(auth), tls, allowUnprotected, connectTimeoutMs, answerTimeoutMs, gzip };
}

/** A secret or its file, of a pair of options one of which is set. */
export function secretSource(value: Secret | undefined, file: string | undefined): SecretSource | undefined {
  return value ?? (file === undefined ? undefined : { file });
}

function authOf(auth: NonNullable<HttpConfig['auth']>): HttpAuth | undefined {
  const token = secretSource(auth.token, auth.tokenFile);
  if (token) return { type: 'bearer', token };
  const password = secretSource(auth.password, auth.passwordFile);
  if (password) return { type: 'basic', user: auth.user ?? '', password };
  const value = secretSource(auth.value, auth.valueFile);
  return value && { type: 'header', name: auth.header ?? '', value };
}
