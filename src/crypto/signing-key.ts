import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '../core/faults.ts';
import { syncFolder } from './key-ring-file.ts';
import { systemRandom } from './random.ts';
import { sha256Hex } from './sha256.ts';

/** Signs with Ed25519 (RFC 8032). Verified by anyone who has the public key, also with OpenSSL. */
export class SigningKey {
  readonly #key: KeyObject;

  constructor(key: KeyObject) {
    this.#key = key;
  }

  /** 64 bytes. */
  sign(data: Uint8Array | string): Uint8Array {
    return sign(null, Buffer.from(data), this.#key);
  }

  /** SubjectPublicKeyInfo (RFC 8410) as PEM. */
  get publicPem(): string {
    return createPublicKey(this.#key).export({ type: 'spki', format: 'pem' }) as string;
  }
}

/** Whether a signature is that of the key. False, too, where the key is none. */
export function isSignedBy(publicPem: string, data: Uint8Array | string, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey(publicPem);
    return key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(data), key, signature);
  } catch {
    return false;
  }
}

/** SubjectPublicKeyInfo as DER. @throws where it is no key */
export function spkiOf(publicPem: string): Uint8Array {
  return createPublicKey(publicPem).export({ type: 'spki', format: 'der' });
}

/** SHA-256 over the public key's DER, the first 32 hex digits: short enough to compare by eye. Undefined where it is no key. */
export function publicKeyId(publicPem: string): string | undefined {
  try {
    return sha256Hex(spkiOf(publicPem)).slice(0, 32);
  } catch {
    return undefined;
  }
}

/** The signing key of a file (PKCS #8, PEM, mode 0600), which is made with its public half beside it where it is missing. */
export async function loadOrCreateSigningKey(file: string, publicFile: string): Promise<SigningKey> {
  const found = await readSigningKey(file);
  const key = found ?? (await createSigningKey(file));
  await writeOnce(publicFile, key.publicPem, 0o644);
  return key;
}

/** Undefined where there is no such file. @throws Fault E_KEY_SIGNING where it is no key, or others can read it */
export async function readSigningKey(file: string): Promise<SigningKey | undefined> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(file, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw signingFault(`cannot read the signing key ${file}`, 'Let the user this process runs as read it.', cause);
  }
  try {
    if (process.platform !== 'win32' && ((await handle.stat()).mode & 0o077) !== 0)
      throw signingFault(`others than its owner can read or write the signing key ${file}`, `Run \`chmod 600 ${file}\`.`);
    const key = createPrivateKey(await handle.readFile());
    if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('another kind of key');
    return new SigningKey(key);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw signingFault(`${file} is no Ed25519 key`, 'Move it away; a new one is made then.');
  } finally {
    await handle.close();
  }
}

/** Makes the file, where there is none yet. @throws Fault E_KEY_SIGNING */
export async function createSigningKey(file: string): Promise<SigningKey> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeOnce(file, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, 0o600);
  // Another process may have been first: what stands there counts.
  return (await readSigningKey(file)) ?? new SigningKey(privateKey);
}

/** Writes a file that does not exist yet, whole or not at all. */
export async function writeOnce(file: string, text: string, mode: number): Promise<void> {
  if (await readFile(file).then(Boolean, () => false)) return;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const own = `${file}.${Buffer.from(systemRandom(8)).toString('hex')}.tmp`;
    const handle = await open(own, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    try {
      await link(own, file);
    } finally {
      await unlink(own);
    }
    await syncFolder(dirname(file));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw signingFault(`cannot write ${file}`, 'Let this user write to that folder.', cause);
  }
}

function signingFault(message: string, remedy: string, cause?: unknown): Fault {
  return new Fault(message, { code: 'E_KEY_SIGNING', remedy, ...(cause === undefined ? {} : { cause }) });
}
