import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { Fault, unreadableFile } from '../../core/faults.ts';

/** As in src/config/sinks/tls-options.ts. */
export interface TlsFiles {
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly serverName?: string | undefined;
  readonly allowUnverified?: boolean;
}

/** Options of `tls.connect`, and of every library that hands its own on to it. */
export interface TlsSettings {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
  readonly minVersion: 'TLSv1.2';
}

/** Reads and checks the certificates and keys of a sink. @throws Fault E_FILE_READ, E_SINK_TLS */
export async function readTls(files: TlsFiles = {}): Promise<TlsSettings> {
  const read = async (file: string | undefined) => {
    if (file === undefined) return undefined;
    return readFile(file).catch((cause: unknown) => Promise.reject(unreadableFile(file, cause)));
  };
  const [ca, cert, key] = await Promise.all([read(files.caFile), read(files.certFile), read(files.keyFile)]);
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----')) throw unusable(String(files.caFile), undefined);
  const pems = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  try {
    createSecureContext(pems);
  } catch (cause) {
    throw unusable([files.caFile, files.certFile, files.keyFile].filter((file) => file !== undefined).join(', '), cause);
  }
  return {
    ...pems,
    ...(files.serverName !== undefined && { servername: files.serverName }),
    rejectUnauthorized: !(files.allowUnverified ?? false),
    minVersion: 'TLSv1.2',
  };
}

function unusable(files: string, cause: unknown): Fault {
  const { code } = (cause ?? {}) as { readonly code?: string };
  return new Fault(`${files}: not usable for TLS${code === undefined ? '' : ` (${code})`}`, {
    code: 'E_SINK_TLS',
    remedy: 'All must be PEM, and the key must belong to the certificate.',
  });
}
