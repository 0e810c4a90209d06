import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../core/faults.ts';
import { formerPublicKeys } from '../crypto/next-signing-key.ts';
import { readSigningKey, type SigningKey } from '../crypto/signing-key.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import { type CheckedChain, checkChain } from '../proof/check-chain.ts';
import { merkleRoot } from '../proof/merkle.ts';
import type { Checkpoint } from '../proof/signed-note.ts';

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

/** The agent's own key, and the public keys of those it signed with before. */
export async function agentKeys(
  store: string,
  file = join(store, 'signing.pem'),
): Promise<{ readonly key: SigningKey; readonly trusted: readonly string[] }> {
  const key = await agentSigningKey(store, file);
  return { key, trusted: [key.publicPem, ...(await formerPublicKeys(file))] };
}

/** The digests of a log. A chain that does not hold is not confirmed. @throws Fault E_VERIFY_CHAIN */
export async function holdingChain({ log, directory }: StoredLog, trusted: readonly string[]): Promise<CheckedChain> {
  const chain = await checkChain(nodeFileSystem, directory, log, trusted);
  const wrong = chain.problems.find(({ kind }) => kind !== 'no-digests' && kind !== 'torn-chain');
  if (!wrong) return chain;
  throw new Fault(`the digests of the ${log} log do not hold: ${wrong.place}: ${wrong.what}`, {
    code: 'E_VERIFY_CHAIN',
    remedy: 'Look with `auditveil verify`; give the key that the agent signs with.',
  });
}

/** How far a log has come; undefined where there are no digests. */
export function reachedBy(log: StoredLog['log'], { digests: [first], leaves }: CheckedChain): Checkpoint | undefined {
  return first && { origin: `auditveil/${first.cluster}/${log}`, size: leaves.length, root: merkleRoot(leaves) };
}

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

/** Whether it is a file: then it can only be a proof. */
export const isProof = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
