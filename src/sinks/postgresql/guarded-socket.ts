import { Socket } from 'node:net';
import { guardedLookup } from '../http/guarded-lookup.ts';

/** A socket for a client that connects it itself and knows nothing of name resolution: names are resolved as for all sinks. */
export class GuardedSocket extends Socket {
  override connect(...all: unknown[]): this {
    const [port, host] = all;
    if (typeof port === 'number' && typeof host === 'string')
      return super.connect({ port, host, lookup: guardedLookup(false), autoSelectFamily: true });
    return super.connect(String(port));
  }
}
