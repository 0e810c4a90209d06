import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { Fault, unreadableFile } from '../../core/faults.ts';
import { TokenSet } from '../../crypto/token-set.ts';

/** Shorter tokens can be guessed. */
const tokenCharacters = 16;

export interface CredentialFiles {
  readonly tls:
    | {
        readonly certFile: string;
        readonly keyFile: string;
        readonly clientCaFile?: string | undefined;
      }
    | undefined;
  readonly tokenFiles: readonly string[];
}

export interface Credentials {
  readonly tls: SecureContextOptions | undefined;
  readonly tokens: TokenSet | undefined;
}

/** Reads and checks certificates, keys and tokens. @throws Fault E_FILE_READ, E_WEBHOOK_TLS, E_WEBHOOK_TOKEN */
export async function loadCredentials(files: CredentialFiles): Promise<Credentials> {
  return { tls: files.tls && (await loadTls(files.tls)), tokens: await loadTokens(files.tokenFiles) };
}

/** Tells two states of the files apart; changes when one is written, replaced or gone. */
export async function credentialState(files: CredentialFiles): Promise<string> {
  const { tls, tokenFiles } = files;
  const paths = [tls?.certFile, tls?.keyFile, tls?.clientCaFile, ...tokenFiles].filter((path) => path !== undefined);
  const states = paths.map(async (path) => {
    const found = await stat(path).catch(() => undefined);
    return found ? `${found.ino} ${found.size} ${found.mtimeMs}` : 'missing';
  });
  return (await Promise.all(states)).join('\n');
}

async function loadTls(files: NonNullable<CredentialFiles['tls']>): Promise<SecureContextOptions> {
  const cert = await read(files.certFile);
  const key = await read(files.keyFile);
  const ca = files.clientCaFile === undefined ? undefined : await read(files.clientCaFile);
  const options = { cert, key, ...(ca === undefined ? {} : { ca }), minVersion: 'TLSv1.2' as const };
  check(`${files.certFile} and ${files.keyFile}`, { cert, key }, 'Both must be PEM, and the key must belong to the certificate.');
  if (ca !== undefined && files.clientCaFile !== undefined) {
    const hasCertificate = ca.includes('-----BEGIN CERTIFICATE-----');
    check(files.clientCaFile, hasCertificate ? { ca } : undefined, 'It must hold the PEM certificate of the client authority.');
  }
  return options;
}

function check(files: string, options: SecureContextOptions | undefined, remedy: string): void {
  try {
    if (!options) throw new Error('no certificate');
    createSecureContext(options);
  } catch (cause) {
    const { code } = cause as { readonly code?: string };
    throw new Fault(`${files}: not usable for TLS${code === undefined ? '' : ` (${code})`}`, {
      code: 'E_WEBHOOK_TLS',
      remedy,
      retryable: true,
    });
  }
}

async function loadTokens(paths: readonly string[]): Promise<TokenSet | undefined> {
  if (paths.length === 0) return undefined;
  const tokens: { name: string; token: string }[] = [];
  for (const path of paths) {
    const lines = (await read(path))
      .toString('utf8')
      .split('\n')
      .map((line) => line.trim());
    const found = lines.filter((line) => line !== '' && !line.startsWith('#'));
    const isBad = found.length === 0 || found.some((token) => token.length < tokenCharacters || !/^[!-~]+$/.test(token));
    if (isBad) {
      throw new Fault(`${path}: needs one token a line, of ${tokenCharacters} printable characters or more`, {
        code: 'E_WEBHOOK_TOKEN',
        remedy: 'Make one with `openssl rand -hex 32`.',
        retryable: true,
      });
    }
    for (const token of found) tokens.push({ name: `token:${basename(path)}`, token });
  }
  return new TokenSet(tokens);
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw unreadableFile(path, cause);
  }
}
