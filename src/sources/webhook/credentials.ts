import { basename } from 'node:path';
import type { SecureContextOptions } from 'node:tls';
import { Fault } from '../../core/faults.ts';
import { fileState, readTlsFiles, readUserFile } from '../../crypto/tls-files.ts';
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
export function credentialState({ tls, tokenFiles }: CredentialFiles): Promise<string> {
  return fileState([tls?.certFile, tls?.keyFile, tls?.clientCaFile, ...tokenFiles]);
}

function loadTls({ certFile, keyFile, clientCaFile }: NonNullable<CredentialFiles['tls']>): Promise<SecureContextOptions> {
  return readTlsFiles({ certFile, keyFile, caFile: clientCaFile }, 'E_WEBHOOK_TLS');
}

async function loadTokens(paths: readonly string[]): Promise<TokenSet | undefined> {
  if (paths.length === 0) return undefined;
  const tokens: { name: string; token: string }[] = [];
  for (const path of paths) {
    const lines = (await readUserFile(path))
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
