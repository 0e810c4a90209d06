import type { KeyRing } from '../crypto/key-ring.ts';
import { defaultKeyFile, loadKeyRing, loadOrCreateKeyRing } from '../crypto/key-ring-file.ts';
import type { CliContext } from './output.ts';

/** The key file named, else the one in the user's state folder. */
export function userKeyFile(context: CliContext, keyFile: string | undefined): string {
  return keyFile ?? defaultKeyFile(context.env);
}

/**
 * The key of a command without configuration: the file named, else the one in the user's state folder, which is made
 * the first time and said on standard error, so that two runs agree.
 */
export async function userKeyRing(
  context: CliContext,
  keyFile: string | undefined,
  options: { readonly groupReadable?: boolean } = {},
): Promise<KeyRing> {
  if (keyFile !== undefined) return loadKeyRing(keyFile, options);
  const file = userKeyFile(context, undefined);
  const { ring, created } = await loadOrCreateKeyRing(file, { created: new Date().toISOString(), clusterGroup: 'local' });
  if (created)
    context.output.note(`auditveil: made a key for pseudonyms in ${file} (mode 0600); keep it to get the same ones again`);
  return ring;
}
