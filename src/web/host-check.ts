import { hostOf, isLoopbackHost } from '../config/loopback.ts';
import { ApiFault } from './api-fault.ts';

/**
 * Whether a request asked for this server by a name of its own. A page elsewhere can point its own name at our address (DNS
 * rebinding) and be of one origin with us; but the name it asks for stays its own. Ports do not matter: a forwarded one differs.
 * @throws ApiFault 421
 */
export function checkHost(host: string | undefined, listen: string, hosts: readonly string[]): void {
  const name = (host ?? '').replace(/:\d{1,5}$/, '').toLowerCase();
  if (name !== '' && (isLoopbackHost(name) || name === hostOf(listen).toLowerCase() || hosts.includes(name))) return;
  throw new ApiFault(
    421,
    'E_WEB_HOST',
    'this server is not known under the name it was asked for',
    'Ask for it by the address it listens on, or name the host in `web.hosts` of the configuration.',
  );
}
