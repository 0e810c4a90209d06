import { isIP } from 'node:net';
import { Agent } from 'undici';
import { Fault } from '../../core/faults.ts';
import { Secret } from '../../core/secret.ts';
import { fileState } from '../../crypto/tls-files.ts';
import { readSecretText } from '../shared/read-secret.ts';
import { readTls, type TlsSettings } from '../shared/read-tls.ts';
import { isLoopbackAddress } from './forbidden-address.ts';
import { forbiddenHost, guardedLookup, type Resolve } from './guarded-lookup.ts';
import type { HttpAuth, HttpOptions, SecretSource } from './http-options.ts';

/** An idle connection is kept this long; less than the minute after which most servers and balancers cut it. */
const keepAliveMs = 30_000;

/** Where requests go, with what is sent along: everything that comes out of files. */
export interface HttpEndpoint {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;
}

/** Reads the files of the options and makes connections possible. @throws Fault E_FILE_READ, E_SINK_TLS, E_SINK_URL, E_SINK_ADDRESS, E_SINK_SECRET */
export async function openEndpoint(options: HttpOptions, resolve?: Resolve): Promise<HttpEndpoint> {
  const url = checkedUrl(await textOf(options.url), options.allowUnprotected);
  const tls = await readTls(options.tls);
  return { url, headers: options.auth ? await authHeaders(options.auth) : {}, agent: agentFor(options, url, tls, resolve) };
}

/** Changes when a file of the options does. */
export function endpointState({ url, auth, tls }: HttpOptions): Promise<string> {
  return fileState([fileOf(url), fileOf(secretOf(auth)), tls?.caFile, tls?.certFile, tls?.keyFile]);
}

function agentFor(options: HttpOptions, url: URL, tls: TlsSettings, resolve: Resolve | undefined): Agent {
  const { connectTimeoutMs, answerTimeoutMs, allowUnprotected } = options;
  return new Agent({
    connections: 1,
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
    connect: {
      ...tls,
      timeout: connectTimeoutMs,
      lookup: guardedLookup(url.protocol === 'http:' && !allowUnprotected, resolve),
      autoSelectFamily: true,
    },
  });
}

/** @throws Fault E_SINK_URL, E_SINK_ADDRESS; the URL may be a secret, so that only its scheme is quoted */
function checkedUrl(text: string, allowUnprotected: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '')
    throw urlFault('`url` is no https or http address', 'Write it as `https://host:port/path`.');
  if (url.username !== '' || url.password !== '') throw urlFault('`url` holds a user or a password', 'Put them in `auth`.');
  const forbidden = forbiddenHost(url.hostname);
  if (forbidden) throw forbidden;
  const isLocal = url.hostname === 'localhost' || isLoopbackAddress(url.hostname);
  if (url.protocol === 'http:' && !isLocal && !allowUnprotected)
    throw urlFault('plain HTTP shows what is sent to whoever is on the way', 'Use https, or say `allowUnprotected: true`.');
  return url;
}

function urlFault(message: string, remedy: string): Fault {
  return new Fault(message, { code: 'E_SINK_URL', remedy });
}

async function authHeaders(auth: HttpAuth): Promise<Readonly<Record<string, string>>> {
  const secret = await textOf(secretOf(auth));
  switch (auth.type) {
    case 'bearer':
      return { authorization: `Bearer ${secret}` };
    case 'basic':
      return { authorization: `Basic ${Buffer.from(`${auth.user}:${secret}`).toString('base64')}` };
    case 'header':
      return { [auth.name.toLowerCase()]: secret };
  }
}

function secretOf(auth: HttpAuth): SecretSource;
function secretOf(auth: HttpAuth | undefined): SecretSource | undefined;
function secretOf(auth: HttpAuth | undefined): SecretSource | undefined {
  if (auth === undefined) return undefined;
  return auth.type === 'bearer' ? auth.token : auth.type === 'basic' ? auth.password : auth.value;
}

function fileOf(source: SecretSource | undefined): string | undefined {
  return source === undefined || source instanceof Secret ? undefined : source.file;
}

/** The text of a secret. @throws Fault E_FILE_READ, E_SINK_SECRET where it cannot stand in a header */
export async function textOf(source: SecretSource): Promise<string> {
  const isSecret = source instanceof Secret;
  const text = (await readSecretText(isSecret ? source : undefined, isSecret ? undefined : source.file))?.trim() ?? '';
  if (/^[!-~]+(?: [!-~]+)*$/.test(text)) return text;
  const place = isSecret ? 'a secret of this sink' : source.file;
  throw new Fault(`${place}: must be one line of printable ASCII`, {
    code: 'E_SINK_SECRET',
    remedy: 'Write the secret and nothing else.',
    retryable: true,
  });
}

/** Host and port as messages may show them: the path can be a secret. */
export function shownHost(url: URL): string {
  return isIP(url.hostname) === 0 && url.port === '' ? url.hostname : url.host;
}
