import { readTlsFiles, type TlsPems } from '../../crypto/tls-files.ts';

/** As in src/config/sinks/tls-options.ts. */
export interface TlsFiles {
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly serverName?: string | undefined;
  readonly allowUnverified?: boolean;
}

/** Options of `tls.connect`, and of every library that hands its own on to it. */
export interface TlsSettings extends TlsPems {
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

/** Reads and checks the certificates and keys of a sink. @throws Fault E_FILE_READ, E_SINK_TLS */
export async function readTls(files: TlsFiles = {}): Promise<TlsSettings> {
  return {
    ...(await readTlsFiles(files, 'E_SINK_TLS')),
    ...(files.serverName !== undefined && { servername: files.serverName }),
    rejectUnauthorized: !(files.allowUnverified ?? false),
  };
}
