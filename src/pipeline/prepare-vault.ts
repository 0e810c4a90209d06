import { basename, dirname } from 'node:path';
import type { Config } from '../config/schema.ts';
import { readPublicKeys } from '../crypto/trusted-keys.ts';
import { nodeFileSystem, replaceFile } from '../log/file-system.ts';
import { approversFile, vaultTarget } from '../vault/open-vault.ts';
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
  await nodeFileSystem.makeDirectory(target.directory);
  const file = basename(approversFile(log.directory));
  await replaceFile(nodeFileSystem, target.directory, file, Buffer.from(approvers.join('')));
  return target;
}
