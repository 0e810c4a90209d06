import { type FileHandle, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '../core/faults.ts';
import { formatKeyRing, type KeyRing } from './key-ring.ts';
import { type LoadOptions, loadKeyRing, syncFolder } from './key-ring-file.ts';
import { systemRandom } from './random.ts';

/** A change takes a moment; a new file older than this was left behind by one that was interrupted. */
const interruptedMs = 60_000;

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';

/**
 * Changes a key file so that after a crash it holds either the old or the new keys: a new file beside it is written and
 * synced, takes its name, and the folder is synced. One change at a time: the new file's name is the lock. The old file's
 * bytes are overwritten last, as well as the file system lets us.
 * @throws Fault E_KEY_BUSY, E_KEY_WRITE, what `loadKeyRing` and `change` throw; nothing has changed then
 */
export async function changeKeyFile(
  file: string,
  options: LoadOptions,
  change: (ring: KeyRing) => KeyRing | Promise<KeyRing>,
): Promise<KeyRing> {
  // A key file may be a link: the file it leads to is replaced, not the link.
  const target = await realpath(file).catch(() => file);
  const next = `${target}.new`;
  const handle = await takeNew(next, file);
  let isWritten = false;
  try {
    const ring = await change(await loadKeyRing(target, options));
    const old = await open(target, 'r+');
    try {
      await likeOld(handle, old);
      await handle.writeFile(formatKeyRing(ring));
      await handle.sync();
      await rename(next, target);
      isWritten = true;
      await syncFolder(dirname(target));
      await overwrite(old);
    } finally {
      await old.close();
    }
    return ring;
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw writeFault(file, error);
  } finally {
    await handle.close();
    if (!isWritten) await unlink(next).catch(() => undefined);
  }
}

async function takeNew(next: string, file: string): Promise<FileHandle> {
  const create = (): Promise<FileHandle> => open(next, 'wx', 0o600);
  try {
    return await create();
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw writeFault(file, error);
  }
  const found = await stat(next).catch(() => undefined);
  if (found && Date.now() - found.mtimeMs > interruptedMs) {
    await unlink(next).catch(() => undefined);
    try {
      return await create();
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw writeFault(file, error);
    }
  }
  throw new Fault(`the key file ${file} is being changed by another process`, {
    code: 'E_KEY_BUSY',
    remedy: 'Try again in a minute; what an interrupted change left behind is removed then.',
    retryable: true,
  });
}

/** Whoever could read the old file can read the new one, and nobody else. */
async function likeOld(fresh: FileHandle, old: FileHandle): Promise<void> {
  const [{ mode, uid, gid }, mine] = [await old.stat(), await fresh.stat()];
  if (uid !== mine.uid || gid !== mine.gid) await fresh.chown(uid, gid);
  await fresh.chmod(mode & 0o7777);
}

/** What the name no longer leads to. Copies, snapshots and journals of the file system are out of reach. */
async function overwrite(old: FileHandle): Promise<void> {
  const { size } = await old.stat();
  await old.write(systemRandom(size), 0, size, 0);
  await old.sync();
}

function writeFault(file: string, cause: unknown): Fault {
  return new Fault(`the key file ${file} cannot be changed (${codeOf(cause)})`, {
    code: 'E_KEY_WRITE',
    remedy: 'Let this user write the file and its folder; where it is mounted read-only, change the original.',
    cause,
  });
}
