import { readFile, stat } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { Fault, unreadableFile } from '../core/faults.ts';

/** PEM files of one end of a TLS connection. */
export interface TlsFiles {
  /** Certificate chain of this end, and its private key: both or none. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Certificates of the authority that signs the other end. */
  readonly caFile?: string | undefined;
}

/** Options of `tls.createSecureContext`, and of what hands its own on to it. */
export interface TlsPems {
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly ca?: Buffer;
  readonly minVersion: 'TLSv1.2';
}

/**
 * Reads and checks certificates and keys, for TLS 1.2 and later.
 * @param code of the fault where a file is there and no use, for example `E_WEBHOOK_TLS`
 * @throws Fault E_FILE_READ or `code`
 */
export async function readTlsFiles({ certFile, keyFile, caFile }: TlsFiles, code: string): Promise<TlsPems> {
  const [cert, key, ca] = await Promise.all([certFile, keyFile, caFile].map(readIfNamed));
  if (cert || key)
    check(
      `${certFile} and ${keyFile}`,
      cert && key ? { cert, key } : undefined,
      code,
      'Both must be PEM, and the key must belong to the certificate.',
    );
  if (ca) {
    const hasCertificate = ca.includes('-----BEGIN CERTIFICATE-----');
    check(`${caFile}`, hasCertificate ? { ca } : undefined, code, 'It must hold the PEM certificate of an authority.');
  }
  return { ...(cert && { cert }), ...(key && { key }), ...(ca && { ca }), minVersion: 'TLSv1.2' };
}

/** Tells two states of files apart; changes when one is written, replaced or gone. */
export async function fileState(paths: readonly (string | undefined)[]): Promise<string> {
  const states = paths
    .filter((path) => path !== undefined)
    .map(async (path) => {
      const found = await stat(path).catch(() => undefined);
      return found ? `${found.ino} ${found.size} ${found.mtimeMs}` : 'missing';
    });
  return (await Promise.all(states)).join('\n');
}

/** A file of the user's, whole. @throws Fault E_FILE_READ */
export async function readUserFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw unreadableFile(path, cause);
  }
}

async function readIfNamed(path: string | undefined): Promise<Buffer | undefined> {
  return path === undefined ? undefined : readUserFile(path);
}

function check(files: string, options: SecureContextOptions | undefined, code: string, remedy: string): void {
  try {
    if (!options) throw new Error('no certificate');
    createSecureContext(options);
  } catch (cause) {
    const { code: reason } = cause as { readonly code?: string };
    throw new Fault(`${files}: not usable for TLS${reason === undefined ? '' : ` (${reason})`}`, {
      code,
      remedy,
      retryable: true,
    });
  }
}
