import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../core/faults.ts';
import { readSigningKey, type SigningKey } from '../crypto/signing-key.ts';

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

/** The key that an agent signs with. @param file where it is not in the data folder @throws Fault E_KEY_SIGNING */
export async function agentSigningKey(store: string, file = join(store, 'signing.pem')): Promise<SigningKey> {
  const key = await readSigningKey(file);
  if (key) return key;
  throw new Fault(`there is no signing key ${file}`, {
    code: 'E_KEY_SIGNING',
    remedy: 'An agent makes it when it runs; name the one of its configuration (log.signingKeyFile) with --signing-key.',
  });
}

/** Whether a folder is an export and no data folder of an agent. */
export async function isExport(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.includes('manifest.json') || names.includes('manifest.sig') || names.includes('events.jsonl');
}
