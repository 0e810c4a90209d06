import { isIP } from 'node:net';
import { forbiddenHost, guardedLookup } from '../http/guarded-lookup.ts';

/** The address of a host that a sink may connect to, for a client that would resolve the name by itself. @throws Fault, or the error of the resolver */
export async function resolvedAddress(host: string): Promise<string> {
  const refused = forbiddenHost(host);
  if (refused) throw refused;
  if (isIP(host) !== 0) return host;
  return new Promise((resolve, reject) =>
    guardedLookup(false)(host, { all: false }, (error, address) => (error ? reject(error) : resolve(String(address)))),
  );
}
