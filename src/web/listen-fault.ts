import { Fault } from '../core/faults.ts';

/** Why nothing can listen there. */
export function listenFault(listen: string, cause: unknown): Fault {
  const { code } = cause as NodeJS.ErrnoException;
  return new Fault(`cannot listen on ${listen} (${code ?? 'unknown'})`, {
    code: 'E_WEB_LISTEN',
    remedy:
      code === 'EADDRINUSE'
        ? 'Something listens there already: choose another port, `--web 127.0.0.1:8091` or `web.listen`.'
        : code === 'EACCES'
          ? 'Ports below 1024 need a privilege: choose a higher one.'
          : 'Check the address.',
    cause,
  });
}
