import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Fault, unreadableFile } from '../core/faults.ts';
import { publicKeyId } from './signing-key.ts';

/** Where keys are pinned that a person trusts, unless another file is named. */
export function defaultTrustFile(env: Readonly<Record<string, string | undefined>>, home: string = homedir()): string {
  const state = env['XDG_STATE_HOME'];
  return join(state?.startsWith('/') ? state : join(home, '.local', 'state'), 'auditveil', 'trusted-keys.pem');
}

const pemBlock = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

/** The public keys of a file: one, or several after another with any text between them. */
export const publicKeysIn = (text: string): readonly string[] => (text.match(pemBlock) ?? []).map((pem) => `${pem}\n`);

/** @throws Fault E_KEY_PUBLIC where there is no public key in it, and where it cannot be read */
export async function readPublicKeys(file: string): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw unreadableFile(file, cause);
  }
  const found = publicKeysIn(text);
  if (found.length > 0 && found.every((pem) => publicKeyId(pem) !== undefined)) return found;
  const isPrivate = text.includes('PRIVATE KEY');
  throw new Fault(isPrivate ? `${file} holds a private key` : `${file} holds no public key`, {
    code: 'E_KEY_PUBLIC',
    remedy: isPrivate
      ? 'Give the public half, signing.pub.pem; the private one stays with the agent alone.'
      : 'Give the file signing.pub.pem of an agent, or one that `auditveil keys signing pin` wrote.',
  });
}

/** Adds a key to a file of trusted ones, made if need be. @returns false where it is there already */
export async function pinKey(file: string, publicPem: string, comment: string): Promise<boolean> {
  const before = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return '';
    throw unreadableFile(file, cause);
  });
  const id = publicKeyId(publicPem);
  if (publicKeysIn(before).some((pem) => publicKeyId(pem) === id)) return false;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.tmp`, `${before}# ${id ?? ''} ${comment}\n${publicPem}`, { mode: 0o644 });
  await rename(`${file}.tmp`, file);
  return true;
}
