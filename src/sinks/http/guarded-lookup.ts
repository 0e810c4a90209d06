import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Fault } from '../../core/faults.ts';
import { isForbiddenAddress, isLoopbackAddress, isMetadataName } from './forbidden-address.ts';

/** Asks for all addresses of a name. The system's, or a test's. */
export type Resolve = (
  name: string,
  done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

const system: Resolve = (name, done) => systemLookup(name, { all: true }, done);

/**
 * Name resolution for connections of sinks. The addresses are looked at where they are used, so a name that changes between a check
 * and the connection (DNS rebinding) gains nothing. One address that is not allowed refuses the name as a whole.
 * @param loopbackOnly for plain HTTP to `localhost`: the name must then mean this machine
 */
export function guardedLookup(loopbackOnly: boolean, resolve: Resolve = system): LookupFunction {
  return (name, options, done) => {
    resolve(name, (error, addresses) => {
      const first = addresses?.[0];
      if (error || !first) return done(error ?? noAddress(), '', 0);
      const refused = refusalOf(name, addresses, loopbackOnly);
      if (refused) return done(refused, '', 0);
      if (options.all) return done(null, [...addresses]);
      return done(null, first.address, first.family);
    });
  };
}

/** Why no sink may connect to this host, as it stands in a URL; undefined where nothing speaks against it before it is resolved. */
export function forbiddenHost(host: string): Fault | undefined {
  return isMetadataName(host) || isForbiddenAddress(host) ? forbidden() : undefined;
}

function refusalOf(name: string, addresses: readonly LookupAddress[], loopbackOnly: boolean): Fault | undefined {
  if (isMetadataName(name) || addresses.some(({ address }) => isForbiddenAddress(address))) return forbidden();
  if (!loopbackOnly || addresses.every(({ address }) => isLoopbackAddress(address))) return undefined;
  return new Fault('the name is not of this machine, and the connection would be plain HTTP', {
    code: 'E_SINK_ADDRESS',
    remedy: 'Use https, or say `allowUnprotected: true`.',
    retryable: true,
  });
}

function forbidden(): Fault {
  return new Fault('the address is link-local or serves the metadata of a cloud: no sink connects to it', {
    code: 'E_SINK_ADDRESS',
    remedy: 'Name the address of the server in `url`; if it is the right name, look at what it resolves to.',
    retryable: true,
  });
}

function noAddress(): NodeJS.ErrnoException {
  return Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
}
