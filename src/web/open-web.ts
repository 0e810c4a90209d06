import { fileURLToPath } from 'node:url';
import { Fault } from '../core/faults.ts';
import { readTlsFiles } from '../crypto/tls-files.ts';
import { isLoopback } from './host-check.ts';
import { readStaticFiles } from './static-files.ts';
import type { WebOptions } from './web-config.ts';
import type { WebPorts } from './web-ports.ts';
import { WebServer } from './web-server.ts';

/** The page as it is built beside this file. */
const pageFolder = fileURLToPath(new URL('../../web/', import.meta.url));

export interface OpenWeb {
  readonly server: WebServer;
  readonly url: string;
}

/** Opens the API and the page. @throws Fault E_WEB_UNPROTECTED, E_WEB_LISTEN, E_WEB_TLS, E_FILE_READ */
export async function openWeb(config: WebOptions, ports: WebPorts): Promise<OpenWeb> {
  checkProtection(config);
  const tls = config.tls && (await readTlsFiles(config.tls, 'E_WEB_TLS'));
  const server = new WebServer({ config, ports, tls, files: await readStaticFiles(pageFolder) });
  return { server, url: await server.start() };
}

/** Beyond loopback it takes TLS and somebody who may come in. @throws Fault E_WEB_UNPROTECTED */
export function checkProtection({ listen, tls, tokens }: WebOptions): void {
  if (isLoopback(listen) || (tls && tokens.length > 0)) return;
  const missing = [...(tls ? [] : ['`web.tls`']), ...(tokens.length > 0 ? [] : ['`web.tokens`'])].join(' and ');
  throw new Fault(`the page would be open to the network: ${listen} needs ${missing}`, {
    code: 'E_WEB_UNPROTECTED',
    remedy:
      'Listen on 127.0.0.1 and reach it through `kubectl port-forward` or SSH; or set TLS and tokens in the configuration (`auditveil web token` makes one).',
  });
}
