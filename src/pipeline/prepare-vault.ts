import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config } from '../config/schema.ts';
import { readPublicKeys } from '../crypto/trusted-keys.ts';
import { approversFile, vaultDirectory, vaultTarget } from '../vault/open-vault.ts';
import type { VaultTarget } from '../vault/vault-writer.ts';

/**
 * The vault that a configuration asks for. Who may approve is written beside it, so that `unmask` knows without the configuration.
 * @throws Fault E_VAULT_RECIPIENTS, E_VAULT_IDENTITY, E_KEY_PUBLIC
 */
export async function prepareVault({ vault, log, masking }: Config, configFile?: string): Promise<VaultTarget | undefined> {
  if (!vault) return undefined;
  const folders = [masking.keyFile, vault.approversFile, configFile].flatMap((file) =>
    file === undefined ? [] : [dirname(file)],
  );
  const target = await vaultTarget(vault, log.directory, folders);
  const approvers = await readPublicKeys(vault.approversFile);
  await mkdir(vaultDirectory(log.directory), { recursive: true, mode: 0o700 });
  const file = approversFile(log.directory);
  await writeFile(`${file}.tmp`, approvers.join(''), { mode: 0o644 });
  await rename(`${file}.tmp`, file);
  return target;
}
