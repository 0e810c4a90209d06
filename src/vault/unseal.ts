import { readFile } from 'node:fs/promises';
import { Fault } from '../core/faults.ts';
import { pseudonymsIn, sealedFiles, sealedSuffix } from './vault-files.ts';

export interface Unsealed {
  readonly pseudonym: string;
  readonly kind: string;
  readonly value: string;
  readonly epoch: string;
}

/**
 * Originals of pseudonyms, newest first for each; those that no file holds are missing. Only files that hold one of them are opened.
 * @param identity text of an identity file of age @throws Fault E_UNMASK_IDENTITY where it opens none of them
 */
export async function unseal(directory: string, pseudonyms: readonly string[], identity: string): Promise<readonly Unsealed[]> {
  const { Decrypter } = await import('age-encryption');
  const keys = identity.split('\n').filter((line) => line.startsWith('AGE-SECRET-KEY-'));
  const decrypter = new Decrypter();
  for (const key of keys) decrypter.addIdentity(key.trim());
  const wanted = new Set(pseudonyms);
  const found = new Map<string, Unsealed>();
  for (const file of (await sealedFiles(directory)).toReversed()) {
    const held = (await pseudonymsIn(file)).filter((one) => wanted.has(one) && !found.has(`${file.epoch} ${one}`));
    if (held.length === 0) continue;
    const lines = await opened(() => readFile(file.path + sealedSuffix).then((bytes) => decrypter.decrypt(bytes, 'text')));
    for (const line of lines.split('\n')) {
      if (line === '') continue;
      const value = JSON.parse(line) as Omit<Unsealed, 'epoch'>;
      if (held.includes(value.pseudonym)) found.set(`${file.epoch} ${value.pseudonym}`, { ...value, epoch: file.epoch });
    }
  }
  return [...found.values()];
}

async function opened(decrypt: () => Promise<string>): Promise<string> {
  try {
    return await decrypt();
  } catch (cause) {
    throw new Fault('this identity opens no such file', {
      code: 'E_UNMASK_IDENTITY',
      remedy: 'Give the identity file whose public half stands in `vault.recipientsFile` of the agent.',
      cause,
    });
  }
}
