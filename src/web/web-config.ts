import type { TokenGrant } from './access.ts';

/** Options of the server; `web` of the configuration. */
export interface WebOptions {
  /** `address:port`; port 0 takes a free one. An IPv6 address stands in brackets. */
  readonly listen: string;
  readonly tls?: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly tokens: readonly TokenGrant[];
  /** Further names this server is asked for by. */
  readonly hosts: readonly string[];
  /** Findings that are known at once. */
  readonly findings: number;
}
