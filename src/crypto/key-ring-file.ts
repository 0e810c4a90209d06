import { constants, type FileHandle, link, mkdir, open, unlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Fault } from '../core/faults.ts';
import { formatKeyFile, type KeyRing, parseKeyFile } from './key-ring.ts';
import { weaknessOf } from './key-strength.ts';
import { systemRandom } from './random.ts';

/** Room for all epochs a key file may hold; anything larger is not one. */
const keyFileBytes = 1024 * 1024;

export interface NewKey {
  /** RFC 3339, when the key is made now. */
  readonly created: string;
  readonly clusterGroup: string;
}

export interface LoadOptions {
  /** Accept a file its group may read: Kubernetes mounts secrets that way where `fsGroup` is set. */
  readonly groupReadable?: boolean;
}

/** `$XDG_STATE_HOME/auditveil/keys.json`, else `~/.local/state/auditveil/keys.json` (XDG Base Directory 0.8). */
export function defaultKeyFile(env: Readonly<Record<string, string | undefined>>, home: string = homedir()): string {
  const state = env['XDG_STATE_HOME'];
  return join(state?.startsWith('/') ? state : join(home, '.local', 'state'), 'auditveil', 'keys.json');
}

/**
 * The keys of a file, with the epoch in force now.
 * @throws Fault E_KEY_MISSING, E_KEY_MODE, E_KEY_WEAK, and what `parseKeyFile` throws
 */
export async function loadKeyRing(file: string, options: LoadOptions = {}): Promise<KeyRing> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Fault(missing ? `there is no key file ${file}` : `cannot read the key file ${file}`, {
      code: missing ? 'E_KEY_MISSING' : 'E_KEY_READ',
      remedy: missing ? `Create it with \`auditveil keys init --key ${file}\`.` : 'Let the user this process runs as read it.',
      cause,
    });
  }
  try {
    // The same handle is checked and read, so nobody can swap the file in between.
    const { mode, size } = await handle.stat();
    const forbidden = options.groupReadable ? 0o037 : 0o077;
    if (process.platform !== 'win32' && (mode & forbidden) !== 0) {
      throw new Fault(`others than its owner can read or write the key file ${file}`, {
        code: 'E_KEY_MODE',
        remedy: `Run \`chmod 600 ${file}\`; if others could have read it, make a new key.`,
      });
    }
    if (size > keyFileBytes) throw new Fault(`${file} is too large to be a key file`, { code: 'E_KEY_FILE' });
    const ring = parseKeyFile(await handle.readFile('utf8'), file);
    refuseWeak(ring, file);
    return ring.at(Date.now());
  } finally {
    await handle.close();
  }
}

function refuseWeak(ring: KeyRing, file: string): void {
  for (const { id, key } of ring.epochs) {
    const weakness = key && weaknessOf(key.reveal());
    if (weakness === undefined) continue;
    throw new Fault(`${file}: the key of epoch ${id} is weak: ${weakness}`, {
      code: 'E_KEY_WEAK',
      remedy: 'Let `auditveil keys init` or `auditveil keys rotate` make keys: who can guess one can undo every pseudonym.',
    });
  }
}

/**
 * Loads the key file, or makes it. Processes that start at the same time agree on one key: each writes a file of its
 * own and links it to the final name, which works for exactly one of them; all then read what stands there.
 */
export async function loadOrCreateKeyRing(
  file: string,
  key: NewKey,
  options: LoadOptions = {},
): Promise<{ readonly ring: KeyRing; readonly created: boolean }> {
  try {
    return { ring: await loadKeyRing(file, options), created: false };
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'E_KEY_MISSING') throw error;
  }
  const created = await createKeyFile(file, key);
  return { ring: await loadKeyRing(file, options), created };
}

/** Makes a new key file with mode 0600; false where one stands there already, which is left alone. */
export async function createKeyFile(file: string, key: NewKey): Promise<boolean> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const own = `${file}.${Buffer.from(systemRandom(8)).toString('hex')}.tmp`;
  const handle = await open(own, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await handle.writeFile(formatKeyFile(systemRandom(32), key.created, key.clusterGroup));
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(own, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new Fault(`cannot create the key file ${file}`, {
      code: 'E_KEY_CREATE',
      remedy: 'Let this user write to that folder, or name another file.',
      cause,
    });
  } finally {
    await unlink(own);
  }
  await syncFolder(folder);
  return true;
}

/** A new name survives a power cut only once its folder is written too. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
