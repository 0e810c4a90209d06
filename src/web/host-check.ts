import { ApiFault } from './api-fault.ts';

const loopbackNames = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** The host of `address:port`; an IPv6 address stands in brackets. */
export const hostOf = (listen: string): string => listen.slice(0, listen.lastIndexOf(':'));

export function isLoopback(listen: string): boolean {
  return loopbackNames.test(hostOf(listen));
}

/**
 * Whether a request asked for this server by a name of its own. A page elsewhere can point its own name at our address (DNS
 * rebinding) and be of one origin with us; but the name it asks for stays its own. Ports do not matter: a forwarded one differs.
 * @throws ApiFault 421
 */
export function checkHost(host: string | undefined, listen: string, hosts: readonly string[]): void {
  const name = (host ?? '').replace(/:\d{1,5}$/, '').toLowerCase();
  if (name !== '' && (loopbackNames.test(name) || name === hostOf(listen).toLowerCase() || hosts.includes(name))) return;
  throw new ApiFault(
    421,
    'E_WEB_HOST',
    'this server is not known under the name it was asked for',
    'Ask for it by the address it listens on, or name the host in `web.hosts` of the configuration.',
  );
}
