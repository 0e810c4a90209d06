import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../core/faults.ts';

export interface StoredLog {
  readonly log: 'events' | 'findings';
  readonly directory: string;
}

/** The logs in the data folder of an agent. @throws Fault E_LOG_MISSING where there is none */
export async function logsOf(store: string): Promise<readonly StoredLog[]> {
  const found: StoredLog[] = [];
  for (const log of ['events', 'findings'] as const) {
    const directory = join(store, log);
    if (await isFolder(directory)) found.push({ log, directory });
  }
  if (found.length > 0) return found;
  throw new Fault(`there is no log in ${store}`, {
    code: 'E_LOG_MISSING',
    remedy: 'Name the data folder of an agent: the one with the folders `events` and `findings` in it.',
  });
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
