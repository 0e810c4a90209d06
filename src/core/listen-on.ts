import type { Server } from 'node:net';
import { Fault } from './faults.ts';

export interface ListenHow {
  /** Code of the fault. */
  readonly code: string;
  /** Where a person says where to listen, for the remedy. */
  readonly option: string;
  /** Connections that may wait to be accepted; absent: as many as the platform lets. */
  readonly backlog?: number;
  /** Told of what goes wrong later: that no connection could be accepted for want of a file descriptor ends nothing. */
  readonly failed?: () => void;
}

/**
 * Makes a server listen.
 * @param listen `address:port`; port 0 takes a free one. An IPv6 address stands in brackets.
 * @returns where it listens, in the same form
 * @throws Fault of `how.code`
 */
export async function listenOn(server: Server, listen: string, how: ListenHow): Promise<string> {
  const at = listen.lastIndexOf(':');
  const host = listen.slice(0, at).replace(/^\[|\]$/g, '');
  const { backlog, failed = () => undefined } = how;
  const place = { port: Number(listen.slice(at + 1)), ...(host !== '' && { host }), ...(backlog !== undefined && { backlog }) };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(place, () => {
      server.off('error', reject);
      server.on('error', failed);
      resolve();
    });
  }).catch((cause: unknown) => {
    throw listenFault(listen, cause, how);
  });
  return addressOf(server) ?? listen;
}

/** Where a server listens, `address:port`; undefined where it does not. */
export function addressOf(server: Server): string | undefined {
  const address = server.address();
  if (address === null || typeof address === 'string') return undefined;
  return address.family === 'IPv6' ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`;
}

const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Something listens there already: choose another port in',
  EACCES: 'Ports below 1024 need a privilege: choose a higher one in',
};

function listenFault(listen: string, cause: unknown, { code, option }: ListenHow): Fault {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  const remedy = `${remedies[reason] ?? 'Check the address in'} ${option}.`;
  return new Fault(`cannot listen on ${listen} (${reason})`, { code, remedy, cause });
}
