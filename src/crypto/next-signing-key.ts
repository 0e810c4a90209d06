import { chown, open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from './key-ring-file.ts';
import { createSigningKey, publicKeyId, readSigningKey, type SigningKey, writeOnce } from './signing-key.ts';

/** Where a key waits that is to take over; it is moved to the place of the key before once both logs introduce it. */
export const nextKeyFile = (file: string): string => `${file}.next`;

const baseOf = (file: string): string => (file.endsWith('.pem') ? file.slice(0, -'.pem'.length) : file);

/** `signing.pem` → `signing.pub.pem`. */
export const publicFileOf = (file: string): string => `${baseOf(file)}.pub.pem`;

/** Public half of a key that signed before: `signing.pub.<id>.pem`. */
const formerFileOf = (file: string, id: string): string => `${baseOf(file)}.pub.${id}.pem`;

/** The key that waits; undefined where none does. @throws Fault E_KEY_SIGNING */
export const readNextKey = (file: string): Promise<SigningKey | undefined> => readSigningKey(nextKeyFile(file));

/** Makes a key that is to take over, owned as the key before is. One that waits already stays. @throws Fault E_KEY_SIGNING */
export async function makeNextKey(file: string): Promise<SigningKey> {
  const next = await createSigningKey(nextKeyFile(file));
  const [owner, made] = await Promise.all([stat(file), stat(nextKeyFile(file))]);
  if (owner.uid !== made.uid) await chown(nextKeyFile(file), owner.uid, owner.gid);
  return next;
}

/** Puts the key that waits in the place of the one before, of which the public half alone is kept. Errors are those of the system. */
export async function adoptNextKey(file: string): Promise<void> {
  const [before, next] = await Promise.all([readSigningKey(file), readNextKey(file)]);
  if (!next) return;
  if (before) await writeOnce(formerFileOf(file, publicKeyId(before.publicPem) ?? ''), before.publicPem, 0o644);
  const own = `${publicFileOf(file)}.tmp`;
  const handle = await open(own, 'w', 0o644);
  try {
    await handle.writeFile(next.publicPem);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(own, publicFileOf(file));
  await rename(nextKeyFile(file), file);
  await syncFolder(dirname(file));
}

/** Public keys of those that signed before, PEM, as they stand beside the key. For an overview: whoever verifies brings his own. */
export async function formerPublicKeys(file: string): Promise<readonly string[]> {
  const prefix = `${basename(baseOf(file))}.pub.`;
  const names = (await readdir(dirname(file)).catch(() => [])).filter(
    (name) => name.startsWith(prefix) && /^[0-9a-f]{32}\.pem$/.test(name.slice(prefix.length)),
  );
  return Promise.all(names.sort().map((name) => readFile(join(dirname(file), name), 'utf8')));
}
