import type { Config } from '../config/schema.ts';
import { Fault } from '../core/faults.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { loadKeyRing } from '../crypto/key-ring-file.ts';
import type { KeyFile } from '../pipeline/key-watch.ts';

/**
 * The key file that a configuration names, which `run` requires, and the keys in it.
 * @throws Fault E_KEY_MISSING where it names none, and what `loadKeyRing` throws
 */
export async function configKeyRing(
  { masking }: Config,
  file: string,
): Promise<{ readonly keyRing: KeyRing; readonly keyFile: KeyFile }> {
  const { keyFile: path, keyFileGroupReadable: groupReadable } = masking;
  if (path === undefined) {
    throw new Fault(`${file} names no key for pseudonyms`, {
      code: 'E_KEY_MISSING',
      remedy:
        'Make one with `auditveil keys init --key /var/lib/auditveil/keys.json` and set `masking.keyFile` to it; every agent of a cluster group uses the same file.',
    });
  }
  const keyFile = { path, groupReadable };
  return { keyRing: await loadKeyRing(path, keyFile), keyFile };
}
