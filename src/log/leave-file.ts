import { constants } from 'node:fs';
import { chown, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeFileSystem } from './file-system.ts';

const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;

/** A folder in a data folder, made if need be, and its owner's. Errors are those of the system. @returns its path */
export async function folderIn(dataDirectory: string, name: string): Promise<string> {
  const folder = join(dataDirectory, name);
  const owner = await stat(dataDirectory);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await stat(folder)).uid !== owner.uid) await chown(folder, owner.uid, owner.gid);
  return folder;
}

/**
 * Leaves a file for the agent, who may run as another user than the person who leaves it: it is its folder's owner's. It is there whole
 * or not at all, and on stable storage when this resolves. Errors are those of the system.
 */
export async function leaveFile(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  const owner = await stat(folder);
  const partial = join(folder, `${name}.${process.pid}.tmp`);
  try {
    const handle = await open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
      if ((await handle.stat()).uid !== owner.uid) await handle.chown(owner.uid, owner.gid);
    } finally {
      await handle.close();
    }
    await rename(partial, join(folder, name));
  } catch (error) {
    await unlink(partial).catch(() => undefined);
    throw error;
  }
  await nodeFileSystem.syncDirectory(folder);
}
