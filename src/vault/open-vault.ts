import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault, unreadableFile } from '../core/faults.ts';
import { newVaultCounts, type VaultTarget } from './vault-writer.ts';

export interface VaultConfig {
  readonly recipientsFile: string;
  readonly approversFile: string;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** Folder of the vault in an agent's data folder. */
export const vaultDirectory = (dataDirectory: string): string => join(dataDirectory, 'vault');
/** Public keys of those who may approve, as the agent was configured with. */
export const approversFile = (dataDirectory: string): string => join(vaultDirectory(dataDirectory), 'approvers.pem');

const identity = 'AGE-SECRET-KEY-';
/** Larger files are no identities. */
const identityBytes = 64 * 1024;
const recipient = /^age1[02-9ac-hj-np-z]{58}$/;

/**
 * What originals are sealed to. The private half must not be on this machine: the folders where an operator would leave it are looked
 * through.
 * @param beside folders of the configuration's own files
 * @throws Fault E_VAULT_RECIPIENTS, E_VAULT_IDENTITY
 */
export async function vaultTarget(config: VaultConfig, dataDirectory: string, beside: readonly string[]): Promise<VaultTarget> {
  const { recipientsFile, maxBytes, maxAgeMs } = config;
  const text = await readText(recipientsFile);
  await refuseIdentities([dirname(recipientsFile), dataDirectory, vaultDirectory(dataDirectory), ...beside]);
  const recipients = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (recipients.length === 0 || !recipients.every((one) => recipient.test(one)))
    throw new Fault(`${recipientsFile} holds something else than public keys of age`, {
      code: 'E_VAULT_RECIPIENTS',
      remedy: 'One `age1…` a line, as `age-keygen` prints it on the machine of the incident team.',
    });
  return { directory: vaultDirectory(dataDirectory), recipients, maxBytes, maxAgeMs, counts: newVaultCounts() };
}

async function refuseIdentities(folders: readonly string[]): Promise<void> {
  for (const folder of new Set(folders)) {
    for (const name of await readdir(folder).catch((): string[] => [])) {
      const path = join(folder, name);
      const found = await stat(path).catch(() => undefined);
      if (!found?.isFile() || found.size > identityBytes) continue;
      if (!(await readFile(path, 'latin1').catch(() => '')).includes(identity)) continue;
      throw new Fault(`${path} holds a private key of age, on the machine that seals`, {
        code: 'E_VAULT_IDENTITY',
        remedy: 'Move it to the incident team and off this machine: what is sealed here must not be opened here.',
      });
    }
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw unreadableFile(file, cause);
  }
}
