import { fileURLToPath } from 'node:url';
import { unprotectedWeb, type WebConfig } from '../config/web-schema.ts';
import { Fault } from '../core/faults.ts';
import { readTlsFiles } from '../crypto/tls-files.ts';
import { readStaticFiles } from './static-files.ts';
import type { WebPorts } from './web-ports.ts';
import { WebServer } from './web-server.ts';

/** The page as it is built beside this file. */
const pageFolder = fileURLToPath(new URL('../../web/', import.meta.url));

export interface OpenWeb {
  readonly server: WebServer;
  readonly url: string;
}

/** Opens the API and the page. @throws Fault E_WEB_UNPROTECTED, E_WEB_LISTEN, E_WEB_TLS, E_FILE_READ */
export async function openWeb(config: WebConfig, ports: WebPorts, stalledMs?: number): Promise<OpenWeb> {
  checkProtection(config);
  const tls = config.tls && (await readTlsFiles(config.tls, 'E_WEB_TLS'));
  const server = new WebServer({ config, ports, tls, files: await readStaticFiles(pageFolder), stalledMs });
  return { server, url: await server.start() };
}

/** Beyond loopback it takes TLS and somebody who may come in. @throws Fault E_WEB_UNPROTECTED */
export function checkProtection(config: WebConfig): void {
  const message = unprotectedWeb(config);
  if (message === undefined) return;
  throw new Fault(message, {
    code: 'E_WEB_UNPROTECTED',
    remedy: 'Set both under `web` in the configuration (`auditveil web token` makes a token), or listen on 127.0.0.1.',
  });
}
